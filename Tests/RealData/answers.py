"""Answers to the questions of JourneyTests, read from the published files without Pitch.

usage: answers.py DATA_FOLDER
Prints JSON: {"instants": [...], "counts": {question: [count an instant]}, "cycles": {day: {reason: n}}}
"""
import bisect, collections, csv, datetime as dt, gzip, json, sys
from decimal import Decimal, ROUND_HALF_EVEN
from zoneinfo import ZoneInfo

folder = sys.argv[1]
zone = ZoneInfo("America/New_York")
DAY = 86_400_000


def rows(name):
    with gzip.open(f"{folder}/{name}.csv.gz", "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def instant(text):
    return int(dt.datetime.fromisoformat(text).replace(tzinfo=zone).timestamp()) * 1000


def cents(text):
    return int(Decimal(text).quantize(Decimal("0.01"), ROUND_HALF_EVEN) * 100)


def local(now):
    return dt.datetime.fromtimestamp(now / 1000, zone)


def days_ago(now, days):
    """The same wall-clock time `days` earlier."""
    there = (local(now).replace(tzinfo=None) - dt.timedelta(days=days)).replace(tzinfo=zone)
    return int(there.timestamp() * 1000)


def midnight(day):
    return int(dt.datetime.combine(day, dt.time()).replace(tzinfo=zone).timestamp() * 1000)


class Line:
    __slots__ = ("at", "basket", "store", "amount", "discount", "quantity", "product")


products = {row["product_id"]: row for row in rows("products")}
people = {row["household_id"]: row for row in rows("demographics")}
lines = collections.defaultdict(list)
stamps = {}
for row in rows("transactions"):
    line = Line()
    text = row["transaction_timestamp"]
    line.at = stamps.get(text) or stamps.setdefault(text, instant(text))
    line.basket, line.store = row["basket_id"], row["store_id"]
    line.amount, line.discount = cents(row["sales_value"]), cents(row["retail_disc"])
    line.quantity, line.product = int(row["quantity"]), row["product_id"]
    lines[row["household_id"]].append(line)
used = collections.defaultdict(list)
for row in rows("coupon_redemptions"):
    used[row["household_id"]].append(dt.date.fromisoformat(row["redemption_date"]))
households = set(people) | set(lines) | set(used)
times = {}
for key in lines:
    lines[key].sort(key=lambda line: line.at)
    times[key] = [line.at for line in lines[key]]


def between(key, after, until):
    """Lines with after < at <= until."""
    at = times.get(key, [])
    return lines[key][bisect.bisect_right(at, after):bisect.bisect_right(at, until)] if at else []


def department(line):
    product = products.get(line.product)
    return product["department"] if product else None


def brand(line):
    product = products.get(line.product)
    return (product["brand"] or None) if product else None


def asked(now):
    today = local(now).date()
    last = lambda key, days: between(key, days_ago(now, days), now)
    since = lambda key, day: between(key, midnight(day) - 1, now)
    quarter = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)
    month = today.replace(day=1)
    previous = (month - dt.timedelta(days=1)).replace(day=1)
    monday = today - dt.timedelta(days=today.weekday())

    def weeks(key):
        seen = {local(line.at).date() for line in between(key, 0, now)}
        seen = {day - dt.timedelta(days=day.weekday()) for day in seen}
        week = monday if monday in seen else monday - dt.timedelta(days=7)
        count = 0
        while week in seen:
            count += 1
            week -= dt.timedelta(days=7)
        return count

    def average(key):
        found = last(key, 30)
        if not found:
            return None
        return int((Decimal(sum(l.amount for l in found)) / len(found)).quantize(Decimal(1), ROUND_HALF_EVEN))

    def income(key):
        return (people[key]["income"] or None) if key in people else None

    def age(key):
        return (people[key]["age"] or None) if key in people else None

    def lastly(key):
        found = between(key, 0, now)
        return found[-1] if found else None

    def nth(key, n):
        found = between(key, 0, now)
        return found[n - 1] if len(found) >= n else None

    return {
        "baskets": lambda k: len({l.basket for l in last(k, 30)}) >= 3,
        "pastry": lambda k: (lambda ds: "PASTRY" in ds and "MEAT" not in ds)({department(l) for l in since(k, quarter)}),
        "packaged": lambda k: "MEAT-PCKGD" in {department(l) for l in since(k, quarter)},
        "silent": lambda k: age(k) is None,
        "spent": lambda k: sum(l.amount for l in last(k, 90)) >= 50_000,
        "lapsed": lambda k: lastly(k) is not None and lastly(k).at < days_ago(now, 30),
        "average": lambda k: average(k) is not None and average(k) > 350,
        "dearest": lambda k: max((l.amount for l in since(k, dt.date(2017, 1, 1))), default=0) >= 5_000,
        "redeemed": lambda k: len([d for d in used[k] if today - dt.timedelta(days=28) < d <= today]) >= 1,
        "middle": lambda k: income(k) in ("35-49K", "50-74K") and sum(l.amount for l in since(k, month)) > 10_000,
        "hours": lambda k: len(between(k, now - DAY, now)) > 0,
        "unknown": lambda k: any(department(l) is None for l in between(k, 0, now)),
        "zero": lambda k: any(l.quantity == 0 for l in between(k, midnight(previous) - 1, midnight(month) - 1)),
        "streak": lambda k: weeks(k) >= 8,
        "second": lambda k: nth(k, 200) is not None and nth(k, 200).at < days_ago(now, 60),
        "saved": lambda k: sum(l.discount for l in since(k, today.replace(month=1, day=1))) >= 10_000,
        "younger": lambda k: age(k) is not None and age(k) != "65+",
        "own": lambda k: len([l for l in last(k, 7) if brand(l) == "Private" and l.amount > 100]) >= 5,
    }


def cycles():
    """Daily runs at 10:00 from 5 to 16 March 2017 of the strategy big_basket."""
    baskets = collections.defaultdict(list)
    for key in lines:
        for line in lines[key]:
            baskets[(line.at, key, line.basket)].append(line.amount)
    totals = sorted((at, key, basket, sum(amounts)) for (at, key, basket), amounts in baskets.items())
    issued, result, previous = collections.defaultdict(list), {}, None
    for number in range(12):
        now = midnight(dt.date(2017, 3, 5) + dt.timedelta(days=number)) + 10 * 3_600_000
        if local(now).hour != 10:
            now -= 3_600_000
        outcomes = collections.Counter()
        if previous is not None:
            for at, key, basket, total in totals:
                if not previous < at <= now or total < 8_000:
                    continue
                if at <= days_ago(now, 1):
                    outcomes["too late"] += 1
                elif sum(l.amount for l in between(key, days_ago(now, 30), now)) < 30_000:
                    outcomes["condition not met"] += 1
                elif any(days_ago(now, 30) < when <= now for when in issued[key]):
                    outcomes["at most"] += 1
                else:
                    issued[key].append(now)
                    outcomes["issued"] += 1
        previous = now
        result[local(now).date().isoformat()] = dict(outcomes)
    return result


INSTANTS = ["2017-03-12 12:00", "2017-06-30 23:59", "2017-11-05 01:30", "2017-12-31 20:00"]
counts = collections.defaultdict(list)
for text in INSTANTS:
    for name, holds in asked(instant(text)).items():
        counts[name].append(sum(1 for key in households if holds(key)))
print(json.dumps({"households": len(households), "instants": INSTANTS, "counts": counts, "cycles": cycles()}))
