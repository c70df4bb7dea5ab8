"""Answers to the questions of JourneyTests, read from the published files without Pitch.

usage: answers.py DATA_FOLDER
Prints JSON: {"households": n, "instants": [...], "counts": {question: [count an instant]},
"replay": {"days": [{"at": wall clock, "outcomes": {reason: n}, "issued": coupons, "reserved": cents}],
"strategies": {name: {reason: n}}}}
"""
import collections, datetime as dt, json
from decimal import Decimal, ROUND_HALF_EVEN

import replay
from journey import (DAY, between, brand, days_ago, department, households, instant, lines, local,
                     midnight, people, used)


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


INSTANTS = ["2017-03-12 12:00", "2017-06-30 23:59", "2017-11-05 01:30", "2017-12-31 20:00"]
counts = collections.defaultdict(list)
for text in INSTANTS:
    for name, holds in asked(instant(text)).items():
        counts[name].append(sum(1 for key in households if holds(key)))
print(json.dumps({"households": len(households), "instants": INSTANTS, "counts": counts, "replay": replay.run()}))
