"""The Complete Journey as published, read without Pitch: the folder is the first argument."""
import bisect, collections, csv, datetime as dt, gzip, sys
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
