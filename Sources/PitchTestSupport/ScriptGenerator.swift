/// Writes long scripts that use every kind of declaration, for speed and for fuzzing.
package enum ScriptGenerator {
    /// A script of about so many lines: data sets and offers, and for every 1,000 lines 200
    /// conditions in segments.
    package static func script(lines: Int) -> String {
        var parts = [head]
        let blocks = max(1, lines / 45)
        for block in 0..<blocks { parts.append(self.block(block)) }
        parts.append(plan(strategies: max(1, blocks / 4)))
        parts.append(tail)
        return parts.joined(separator: "\n")
    }

    private static let head = """
        pitch 1
        project "Generated" {
            timezone "Asia/Shanghai"
            currency CNY
            store "generated.db"
        }
        ## The people we know.
        members from csv "members.csv" {
            key member_id
            city text
            born date?
            joined date
            phone text?
            tags tags separated by "|"
            sms_ok yesno
            level one of [gold, silver, bronze]
        }
        table products from csv "products.csv" {
            key product_id
            department text
            weight kg
        }
        events orders from csv "orders.csv" {
            scene purchase
            key order_id
            member member_id
            at ordered_at
            amount money CNY = total rounded
            quantity integer
            product -> products
            channel one of [web, app, store]
            price money CNY = amount / quantity
        }
        let big = 500 CNY
        define rich(value, bound) = value >= bound
        """

    /// 45 lines with 10 conditions, three names for each of them to refer to, and offers.
    private static func block(_ index: Int) -> String {
        let before = max(0, index - 1)
        return """

            # Block \(index).
            let bound_\(index) = \(100 + index % 900) CNY
            define above_\(index)(value) = value > bound_\(index) and value < 100_000 CNY
            field spent_\(index) "Spent" = sum(orders.amount in last \(1 + index % 365) days)
            field size_\(index) one of [small, middle, large] {
                large if spent_\(index) >= 5000 CNY
                middle if spent_\(index) >= 1000 CNY
                small otherwise
            }
            segment lapsed_\(index) "Lapsed" =
                last(orders.at) before \(30 + index % 90) days ago
                and sum(orders.amount in last 365 days) >= bound_\(index)
                and tags has "beauty"
            segment loyal_\(index) =
                count(orders in last 30 days where amount > 100 CNY and channel = app) >= 2
                and not lapsed_\(before)
            segment rich_\(index) = above_\(index)(spent_\(index)) or rich(spent_\(before), big)
            segment near_\(index) = city in ["Shanghai", "Suzhou", "Hangzhou"] and level != bronze
            segment keen_\(index) =
                distinct(orders.product this year) between 3 and 30
                and streak(orders by week) >= 4
            segment meat_\(index) =
                count(orders where product.department = "MEAT" and product.weight > 2 kg) > 0
            segment new_\(index) = joined in last 90 days and (phone is known or sms_ok)
            segment grown_\(index) = born is known and age(born) in 18 to 65
            segment first_\(index) = first(orders.price) > 20 CNY and nth(orders.at, 2) is known
            segment all_\(index) =
                (lapsed_\(index) or loyal_\(index) or rich_\(index))
                and (near_\(index) or keen_\(index) or new_\(index))
                and size_\(index) = large
            coupon cash_\(index) "Off" {
                kind cash
                face \(1 + index % 50) CNY
                threshold 100 CNY
                valid 14 days
                stock 10_000
            }
            coupon share_\(index) { kind percent, face 10%, cap 50 CNY, valid 2 weeks }
            bundle pack_\(index) { 2 x cash_\(index), share_\(index) }
            """
    }

    private static func plan(strategies: Int) -> String {
        var lines = [
            "channel sms { to city, consent sms_ok, file \"outbox\", cost 0.045 CNY }",
            "message hello {", "    class marketing",
            "    sms \"Your {bundle.title} waits in {city} until {expires as 'd MMMM'}.\"", "}",
            "plan spring \"Spring\" {", "    valid 2026-03-01 to 2026-05-31",
            "    budget 200_000 CNY",
        ]
        for index in 0..<strategies {
            lines += [
                "    strategy number_\(index) {", "        for all_\(index)",
                "        when purchase where amount >= 300 CNY and channel = web",
                "        if this.amount > 5 CNY", "        give pack_\(index)",
                "        say hello via sms", "        at most 1 per 30 days",
                "        success is purchase within 7 days", "    }",
            ]
        }
        return lines.joined(separator: "\n") + "\n}"
    }

    private static let tail = """
        goal within_budget { maximize conversion, keep cost at most 200_000 CNY }
        theme autumn { about ["autumn"], audience all_0, from [cash_0, pack_0] }
        test "a lapsed member" {
            at 2026-04-02 09:30
            member lin { city "Shanghai", tags ["beauty"], joined 2024-01-01 }
            expect lin in lapsed_0
        }

        """
}
