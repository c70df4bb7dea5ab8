"""Makes a history for Pitch of the campaigns of a grocery chain.

    campaigns.py FOLDER OUT.csv

A campaign's coupons go to households; one that redeems any of them has converted. What a coupon
was worth is the discount on the lines of its products that the household bought on the day of the
redemption; a redemption without such a line stays unmatched, and a campaign without a matched one
has no face. Prints how many were matched and how many were not.
"""

import csv
import gzip
import statistics
import sys
from collections import defaultdict


def rows(folder, name):
    with gzip.open(f"{folder}/{name}.csv.gz", "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def discounts(folder, days):
    """By household and day of a redemption, its lines with a discount: product, amount."""
    lines = defaultdict(list)
    for row in rows(folder, "transactions"):
        discount = abs(float(row["coupon_disc"]))
        day = (row["household_id"], row["transaction_timestamp"][:10])
        if discount > 0 and day in days:
            lines[day].append([row["product_id"], discount])
    return lines


def main(folder, out):
    kinds = {row["campaign_id"]: row for row in rows(folder, "campaign_descriptions")}
    sent = defaultdict(set)
    for row in rows(folder, "campaigns"):
        sent[row["campaign_id"]].add(row["household_id"])
    products = defaultdict(set)
    for row in rows(folder, "coupons"):
        products[row["coupon_upc"], row["campaign_id"]].add(row["product_id"])
    redemptions = list(rows(folder, "coupon_redemptions"))
    days = {(row["household_id"], row["redemption_date"]) for row in redemptions}
    lines = discounts(folder, days)
    redeemed, faces, unmatched = defaultdict(set), defaultdict(list), defaultdict(int)
    for row in redemptions:
        campaign = row["campaign_id"]
        redeemed[campaign].add(row["household_id"])
        wanted = products[row["coupon_upc"], campaign]
        found = lines[row["household_id"], row["redemption_date"]]
        place = next((i for i, line in enumerate(found) if line[0] in wanted), None)
        if place is None:
            unmatched[campaign] += 1
        else:
            # A line is the discount of one coupon.
            faces[campaign].append(found.pop(place)[1])
    with open(out, "w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(
            ["campaign", "theme", "type", "kind", "face", "issued", "converted", "cost"])
        for campaign in sorted(sent, key=int):
            known = faces[campaign]
            face = f"{statistics.median(known):.2f}" if known else ""
            cost = f"{sum(known):.2f}" if known and not unmatched[campaign] else ""
            converted = len(sent[campaign] & redeemed[campaign])
            kind = kinds[campaign]["campaign_type"]
            table.writerow([
                campaign, f"{kind.replace(' ', '')} {kinds[campaign]['start_date'][5:7]}", kind,
                "cash", face, len(sent[campaign]), converted, cost])
    matched = sum(map(len, faces.values()))
    missing = [c for c in sorted(sent, key=int) if not faces[c]]
    print(f"{len(sent)} campaigns, {len(redemptions)} redemptions")
    print(f"matched {matched}, unmatched {sum(unmatched.values())}")
    print(f"campaigns without a face: {', '.join(missing) or 'none'}")


main(sys.argv[1], sys.argv[2])
