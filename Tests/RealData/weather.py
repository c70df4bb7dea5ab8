"""The days of a year on which the strategies of weather.pitch fire, read without Pitch.

usage: weather.py FILE YEAR
Prints JSON: {strategy: {"issued": [days], "condition not met": [days]}}
"""
import csv, gzip, json, sys
from decimal import Decimal

file, year = sys.argv[1:]
days = {"cold_rain": {"issued": []}, "downpour": {"issued": [], "condition not met": []}}
with gzip.open(file, "rt", encoding="utf-8", newline="") as rows:
    for row in csv.DictReader(rows):
        if not row["date"].startswith(year):
            continue
        high, inches = Decimal(row["temp_max_f"]), Decimal(row["precipitation_in"])
        if inches > 0 and (high - 32) * 5 / 9 < 10:
            days["cold_rain"]["issued"].append(row["date"])
        if inches * Decimal("25.4") >= Decimal("12.7"):
            days["downpour"]["issued" if high > 41 else "condition not met"].append(row["date"])
print(json.dumps(days))
