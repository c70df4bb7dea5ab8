"""The plan `winter` of journey.pitch, day by day, as its sentences say: no code of Pitch is used."""
import collections, datetime as dt, hashlib

from journey import between, days_ago, households, instant, lines, local, people, used

BUDGET = 1_200_00
FACE = {"five_off": 5_00, "two_off": 2_00, "thanks": 1_00}
VALID = {"five_off": 14, "two_off": 10, "thanks": 7}
STOCK = {"five_off": 10_000, "two_off": 10_000, "thanks": 40}
DAYS = [dt.date(2017, 1, 1) + dt.timedelta(days=n) for n in range(90)]


def draw(salt, key):
    return int.from_bytes(hashlib.sha256(f"{salt}\x1f{key}".encode()).digest()[:8], "big")


def is_regular(key, now):
    return len(between(key, days_ago(now, 14), now)) >= 20


def answer(key, field, holds):
    """True, false, or None for a household that did not say."""
    value = people.get(key, {}).get(field)
    return holds(value) if value else None


class Strategy:
    """What every strategy does with the households to whom something happened."""
    coupon, most, period, hold_out = "", 0, 0, 0

    def __init__(self):
        self.decisions = collections.defaultdict(list)
        self.salt = f"winter.{type(self).__name__}"

    def happened(self, before, now):
        """(household, whether it is too late) of each occurrence; `before` is the run before."""
        raise NotImplementedError

    def segment(self, key, now):
        return is_regular(key, now)

    def condition(self, key, now):
        return True

    def standing(self, key, late, now):
        """Why it ends here; None for those who may get the coupon."""
        if late:
            return "too late"
        if not self.segment(key, now):
            return "not in segment"
        return {True: None, False: "condition not met", None: "unknown"}[self.condition(key, now)]

    def judge(self, before, now, till):
        standings = [(key, self.standing(key, late, now)) for key, late in self.happened(before, now)]
        outcomes = collections.Counter(reason for _, reason in standings if reason)
        candidates = [key for key, reason in standings if not reason]
        ends = self.share(candidates, now, till)
        if {"budget", "stock"} & {reason for _, reason in ends}:
            candidates.sort(key=lambda key: (draw(f"tie/{self.salt}/{now}", key), key))
            ends = self.share(candidates, now, till)
        for key, reason in ends:
            outcomes[reason] += 1
            if reason in ("issued", "held out"):
                self.decisions[key].append(now)
            if reason == "issued":
                till.issue(self.coupon)
        return outcomes

    def share(self, candidates, now, till):
        """How it ends for each candidate, in this order, before anything is written."""
        start = days_ago(now, self.period)
        decided = collections.Counter()
        ends, given = [], 0
        for key in candidates:
            if sum(when > start for when in self.decisions[key]) + decided[key] >= self.most:
                reason = "at most"
            elif draw(f"holdout/{self.salt}", key) % 1_000_000 < self.hold_out:
                reason = "held out"
            else:
                reason = till.lacks(self.coupon, given) or "issued"
            given += reason == "issued"
            decided[key] += reason in ("issued", "held out")
            ends.append((key, reason))
        return ends


class big_basket(Strategy):
    coupon, most, period, hold_out = "five_off", 1, 30, 100_000

    def __init__(self):
        super().__init__()
        totals = collections.Counter()
        for key in lines:
            for line in lines[key]:
                totals[line.at, key, line.basket] += line.amount
        self.baskets = sorted((at, key) for (at, key, _), total in totals.items() if total >= 80_00)

    def happened(self, before, now):
        return [(key, at < now - 20 * 3_600_000) for at, key in self.baskets if before < at <= now]

    def segment(self, key, now):
        return True

    def condition(self, key, now):
        return sum(line.amount for line in between(key, days_ago(now, 30), now)) >= 300_00


class fifth(Strategy):
    coupon, most, period = "two_off", 2, 21

    def __init__(self):
        super().__init__()
        self.dear = {key: [line.at for line in lines[key] if line.amount >= 10_00] for key in lines}

    def happened(self, before, now):
        return [(key, False) for key in self.dear for at in self.dear[key][4::5] if before < at <= now]

    def condition(self, key, now):
        return answer(key, "age", lambda age: age != "65+")


class redeemed(Strategy):
    coupon, most, period = "thanks", 1, 1

    def happened(self, before, now):
        first, last = local(before).date(), local(now).date()
        return [(key, False) for key in used for day in used[key] if first < day <= last]


class payday(Strategy):
    coupon, most, period, hold_out = "two_off", 2, 45, 200_000

    def happened(self, before, now):
        today = local(now).date()
        is_last = (today + dt.timedelta(days=1)).day == 1
        return [(key, False) for key in households] if today.day in (1, 15) or is_last else []

    def condition(self, key, now):
        return answer(key, "income", lambda income: income in ("35-49K", "50-74K"))


class Till:
    """What is left to give: a coupon reserves its face until the end of its last day."""

    def __init__(self):
        self.issued, self.open, self.today = collections.Counter(), [], None

    def begin(self, today):
        self.today = today
        self.open = [(last, coupon) for last, coupon in self.open if last >= today]

    @property
    def reserved(self):
        return sum(FACE[coupon] for _, coupon in self.open)

    def lacks(self, coupon, given):
        """What is lacking for one coupon more, after so many that are not written yet."""
        if self.reserved + FACE[coupon] * (given + 1) > BUDGET:
            return "budget"
        return "stock" if self.issued[coupon] + given + 1 > STOCK[coupon] else None

    def issue(self, coupon):
        self.issued[coupon] += 1
        self.open.append((self.today + dt.timedelta(days=VALID[coupon]), coupon))


def run():
    """One run a day at 10:00; the first sees no event: all of them came before it."""
    strategies = [big_basket(), fifth(), redeemed(), payday()]
    totals = {strategy.salt: collections.Counter() for strategy in strategies}
    till, days, before = Till(), [], None
    for day in DAYS:
        at = f"{day} 10:00"
        now = instant(at)
        till.begin(day)
        outcomes, issued = collections.Counter(), till.issued.total()
        for strategy in strategies:
            result = strategy.judge(now if before is None else before, now, till)
            totals[strategy.salt] += result
            outcomes += result
        days.append({
            "at": at, "outcomes": outcomes, "issued": till.issued.total() - issued,
            "reserved": till.reserved})
        before = now
    return {"days": days, "strategies": totals}
