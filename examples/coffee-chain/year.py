"""A year of a coffee chain, as its own systems would write it: python3 year.py "2026-04-02 13:00"

Writes data/*.csv with all that happened from 2025-04-01 up to that instant. The year is the same
whenever it is asked for, so a later instant only adds rows. Nothing here depends on the clock.
"""

import csv
import math
import os
import sys
from datetime import datetime, timedelta
from random import Random

FIRST = datetime(2025, 4, 1)
DAYS = 367  # 2 April 2026 is the last
MEMBERS = 300
CITIES = ["Shanghai", "Hangzhou", "Suzhou", "Nanjing"]
GIVEN = ["Min", "Jie", "Lan", "Tao", "Yan", "Bo", "Xin", "Hui", "Qing", "Rui", "Ning", "Fei"]
FAMILY = ["Chen", "Lin", "Wang", "Zhao", "Sun", "Gu", "Shen", "Tang", "Xu", "Fang", "He"]
PRODUCTS = [
    ("P01", "Espresso", "coffee", 18), ("P02", "Flat white", "coffee", 28),
    ("P03", "Oat latte", "coffee", 32), ("P04", "Cold brew", "coffee", 30),
    ("P05", "Jasmine tea", "tea", 22), ("P06", "Croissant", "food", 16),
    ("P07", "Cheesecake", "food", 34), ("P08", "House beans 250 g", "beans", 78),
    ("P09", "Yirgacheffe 250 g", "beans", 118),
]
FEASTS = [
    ("2025-10-01", "National Day"), ("2026-02-17", "Spring Festival"),
    ("2026-04-02", "Opening Day"), ("2026-04-05", "Qingming"), ("2026-05-01", "Labour Day"),
]


class Dice(Random):
    """Draws that are the same in every version of Python: all of them come from random()."""

    def pick(self, choices):
        return choices[int(self.random() * len(choices))]

    def below(self, share):
        return self.random() < share

    def wait(self, days):
        """Days until the next event of something that happens every so many days."""
        return -days * math.log(1 - self.random())

    def opening_hour(self, day):
        """An instant of that day, 07:00 to 22:00."""
        return FIRST + timedelta(days=int(day), seconds=25_200 + int(self.random() * 54_000))


class Year:
    """The rows of each file with their instants, in the order in which they were made."""

    def __init__(self):
        self.rows = {}

    def add(self, file, at, *values):
        rows = self.rows.setdefault(file, [])
        if at < FIRST + timedelta(days=DAYS):
            rows.append((at, values))

    def write(self, file, columns, until):
        happened = sorted(row for row in self.rows[file] if row[0] <= until)
        with open(os.path.join("data", file + ".csv"), "w", newline="", encoding="utf-8") as out:
            writer = csv.writer(out, lineterminator="\n")
            writer.writerow(columns)
            writer.writerows(values for _, values in happened)


def stamp(at):
    return at.strftime("%Y-%m-%dT%H:%M:%S")


def money(amount):
    return "%.2f" % amount


def member(year, number):
    """Who the member is, and its year. Each fifth joined within it, one on its last day."""
    dice = Dice("member %d" % number)
    key = "M%03d" % number
    joined = FIRST - timedelta(days=int(dice.random() * 900))
    if number % 5 == 0:
        joined = dice.opening_hour((DAYS - 1) * number // MEMBERS)
    born = datetime(1960, 1, 1) + timedelta(days=int(dice.random() * 17_500))
    phone = "1380000%04d" % number if dice.below(0.85) else ""
    app = "app-%03d" % number if dice.below(0.7) else ""
    year.add(
        "members", joined, key, dice.pick(FAMILY) + " " + dice.pick(GIVEN), dice.pick(CITIES),
        born.date() if dice.below(0.8) else "", joined.date(), phone, app,
        "yes" if dice.below(0.75) else "no")
    start = max(0, (joined - FIRST).days + 1)
    end = DAYS if dice.below(0.8) else start + dice.random() * 300
    baskets(year, key, start, end)
    stored_value(year, key, start, end)
    coupons(year, key, start, end)
    if app:
        browsing(year, key, start, end)


def basket(year, dice, name, key, at, channel, cart, products):
    for line, product in enumerate(products):
        quantity = 2 if dice.below(0.15) else 1
        year.add(
            "orders", at, "%s-%d" % (name, line + 1), name, key, stamp(at), product[0], quantity,
            money(product[3] * quantity), channel, cart)


def baskets(year, key, day, end):
    """Visits to the counter: some come every other day, some once in two months."""
    dice = Dice(key + " baskets")
    pace = dice.pick([2, 4, 8, 15, 30, 60])
    number = 0
    day += dice.wait(pace)
    while day < end:
        number += 1
        products = [dice.pick(PRODUCTS) for _ in range(dice.pick([1, 1, 1, 2, 2, 4]))]
        at = dice.opening_hour(day)
        basket(year, dice, "%s-S%d" % (key, number), key, at, "store", "", products)
        day += dice.wait(pace)


def stored_value(year, key, day, end):
    """Two of five keep money on their card: top-ups, and what they pay from it."""
    dice = Dice(key + " stored value")
    if not dice.below(0.4):
        return
    balance, number = 0, 0
    day += dice.wait(20)
    while day < end:
        amount = dice.pick([100, 200, 300, 500])
        if balance > 100 and dice.below(0.6):
            amount = -dice.pick([28, 46, 64, 92])
        balance, number = balance + amount, number + 1
        at = dice.opening_hour(day)
        year.add(
            "topups", at, "%s-T%d" % (key, number), key, stamp(at), money(amount), money(balance),
            dice.pick(["app", "till"]))
        day += dice.wait(20)


def coupons(year, key, day, end):
    """Coupons of the till: claimed in the app, used at the counter; and gift cards bought."""
    dice = Dice(key + " coupons")
    day += dice.wait(45)
    while day < end:
        claimed = dice.opening_hour(day)
        name = dice.pick(["weekday cup", "second cup", "beans week"])
        number = claimed.strftime("%y%m%d%H%M%S")
        year.add("claims", claimed, "C%s-%s" % (key, number), key, stamp(claimed), name)
        if dice.below(0.5):
            used = dice.opening_hour(day + 1 + dice.random() * 5)
            total = dice.pick([28, 60, 96, 150])
            year.add(
                "redemptions", used, "U%s-%s" % (key, number), key, stamp(used), name,
                money(10), money(total))
        if dice.below(0.3):
            bought = dice.opening_hour(day)
            year.add(
                "gift_cards", bought, "G%s-%s" % (key, number), key, stamp(bought), "gift card",
                money(dice.pick([50, 100, 200])), dice.pick([1, 1, 2]))
        day += dice.wait(45)


def browsing(year, key, day, end):
    """What the app saw. Of what is put in a cart, two thirds are ordered within the hour."""
    dice = Dice(key + " browsing")
    day += dice.wait(15)
    number = 0
    while day < end:
        number += 1
        at, product = dice.opening_hour(day), dice.pick(PRODUCTS)
        what = dice.pick(["searched", "viewed", "favourited", "carted", "carted", "price_changed"])
        cart = "%s-K%d" % (key, number) if what == "carted" else ""
        old = money(product[3] * 1.25) if what == "price_changed" else ""
        year.add(
            "browsing", at, "%s-B%d" % (key, number), key, stamp(at), what, product[0], cart,
            old, money(product[3]))
        if cart and dice.below(0.66):
            paid = at + timedelta(minutes=5 + int(dice.random() * 50))
            name = "%s-A%d" % (key, number)
            basket(year, dice, name, key, paid, "app", cart, [product])
        day += dice.wait(15)


def weather(year):
    """Four observations a day and city; the south in April is mild, and often wet."""
    for city in CITIES:
        dice = Dice(city + " weather")
        for day in range(DAYS):
            warmth = 17 - 12 * math.cos((day + 75) / 365 * 2 * math.pi)
            wet = dice.below(0.35)
            for hour in [7, 10, 13, 16]:
                at = FIRST + timedelta(days=day, hours=hour)
                sky = dice.pick(["rain", "rain", "storm"]) if wet else dice.pick(["sun", "cloud"])
                degrees = warmth + hour / 4 + 6 * dice.random() - (5 if wet else 0)
                year.add(
                    "weather", at, city, stamp(at), sky, "%.1f" % degrees,
                    "%d%%" % (85 if wet else 55), "%.1f" % (8 * dice.random()))


def main():
    until = datetime.strptime(sys.argv[1], "%Y-%m-%d %H:%M")
    year = Year()
    for number in range(1, MEMBERS + 1):
        member(year, number)
    weather(year)
    for product in PRODUCTS:
        year.add("products", FIRST, *product)
    for feast in FEASTS:
        year.add("feasts", FIRST, *feast)
    os.makedirs("data", exist_ok=True)
    for file, columns in {
        "members": "member_id name city born joined phone app_id sms_ok",
        "products": "product_id title family price",
        "feasts": "day name",
        "orders": "line_id basket_id member_id at product_id quantity total channel cart_id",
        "topups": "change_id member_id at amount balance method",
        "claims": "claim_id member_id at coupon",
        "redemptions": "use_id member_id at coupon discount order_amount",
        "gift_cards": "sale_id member_id at coupon price quantity",
        "browsing": "event_id member_id at what product_id cart_id old_price price",
        "weather": "city at sky temperature humidity wind",
    }.items():
        year.write(file, columns.split(), until)


main()
