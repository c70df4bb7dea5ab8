"""What the weather of a year comes to for the members of the coffee chain, found without Pitch.

usage: seattle.py WEATHER DATA YEAR
WEATHER is the file of Seattle, DATA the folder with members.csv and orders.csv. Who joins in a month
is known from its first day on; every day is judged at 18:00.
Prints JSON: {strategy: {member: {day: outcome}}}
"""
import csv, gzip, hashlib, json, sys
from datetime import date, datetime, timedelta
from decimal import Decimal

weather, data, year = sys.argv[1:]


def read(path):
    opened = gzip.open if path.endswith(".gz") else open
    with opened(path, "rt", encoding="utf-8", newline="") as rows:
        return list(csv.DictReader(rows))


def is_held_out(member):
    digest = hashlib.sha256(b"holdout/season.rainy\x1f" + member.encode()).digest()
    return int.from_bytes(digest[:8], "big") % 1_000_000 < 200_000


def rainy(member, orders, days):
    """Gold and silver members who have the app, every seven days, but for those held out."""
    outcomes, last = {}, None
    for day in days:
        now = datetime.combine(day, datetime.min.time()) + timedelta(hours=18)
        spent = sum(total for at, total in orders if now - timedelta(days=365) < at <= now)
        if spent < 1500:
            outcome = "condition not met"
        elif not member["app_id"]:
            outcome = "not reachable"
        elif last and day - last < timedelta(days=7):
            outcome = "at most"
        else:
            outcome, last = "held out" if is_held_out(member["member_id"]) else "issued", day
        outcomes[day.isoformat()] = outcome
    return outcomes


cold, wet = [], {}
for row in read(weather):
    if not row["date"].startswith(year):
        continue
    day = date.fromisoformat(row["date"])
    high, inches = Decimal(row["temp_max_f"]), Decimal(row["precipitation_in"])
    if inches > 0 and (high - 32) * 5 / 9 < 18:
        cold.append(day)
    if inches * Decimal("25.4") >= Decimal("12.7"):
        wet[day.isoformat()] = "issued" if high > 41 else "condition not met"

orders = {}
for row in read(data + "/orders.csv"):
    orders.setdefault(row["member_id"], []).append(
        (datetime.fromisoformat(row["at"]), Decimal(row["total"])))
answers = {"season.rainy": {}, "sky.downpour": {}, "sky.damp": {}}
for member in read(data + "/members.csv"):
    key, known = member["member_id"], date.fromisoformat(member["joined"]).replace(day=1)
    lives_there = member["city"] == "Seattle"
    days = [day for day in cold if lives_there and known <= day]
    answers["season.rainy"][key] = rainy(member, orders.get(key, []), days)
    answers["sky.downpour"][key] = {
        day: outcome for day, outcome in wet.items()
        if lives_there and known.isoformat() <= day}
    answers["sky.damp"][key] = {}
print(json.dumps(answers))
