/// The texts of a new project. They are literals, so that the binary can be moved anywhere.
enum DemoShopTemplates {
    /// - Parameter year: the plan is valid from its first day, for ten years.
    static func script(year: Int) -> String {
        """
        pitch 1

        # A corner shop: who its members are, what they bought, and three strategies.
        # README.md beside this file says what to try.

        project "Corner Shop" {
            timezone "Asia/Shanghai"
            currency CNY
            store    "shop.db"
        }

        ## The people in the loyalty programme, one row each.
        members from csv "data/members.csv" {
            key       member_id
            name      text
            city      text
            born      date?
            joined    date
            phone     text?
            wechat_id text?
            tags      tags separated by "|"
            sms_ok    yesno
        }

        ## What they bought, one row for each order.
        events orders from csv "data/orders.csv" {
            scene    purchase
            key      order_id
            member   member_id
            at       ordered_at
            amount   money CNY = total
            category text
            channel  one of [web, app, store]
        }

        field spent "Spent in a year" = sum(orders.amount in last 365 days)

        field tier "Tier" one of [gold, silver, bronze] {
            gold   if spent >= 1500 CNY
            silver if spent >= 600 CNY
            bronze otherwise
        }

        segment regulars "Bought twice in 30 days" = count(orders in last 30 days) >= 2

        segment lapsed_vips "Spent well, then stayed away" =
            last(orders.at) before 60 days ago and tier in [gold, silver]

        coupon off20 "20 off 100" {
            kind      cash
            face      20 CNY
            threshold 100 CNY
            valid     14 days
            stock     50_000
        }

        coupon tenth "10% off" {
            kind  percent
            face  10%
            cap   30 CNY
            valid 7 days
        }

        bundle comeback "Comeback pack" { 2 x off20, tenth }

        channel wechat { to wechat_id, file "outbox/wechat", cost 0.02 CNY }

        channel sms { to phone, consent sms_ok, file "outbox/sms", cost 0.045 CNY }

        message thank_you "Thank you" {
            class  marketing
            wechat "Thank you, {name}! Your {offer.title} is here until {expires}: {code}"
            sms    "Thank you, {name}! {offer.title} until {expires}: {code}. Reply R to refuse."
        }

        message we_miss_you "We miss you" {
            class  marketing
            wechat "{name}, your {offer.title} is waiting until {expires as 'd MMMM'}: {code}"
            sms    "{name}, your {offer.title} waits until {expires}: {code}. Reply R to refuse."
        }

        plan always_on "Always on" {
            valid  \(year)-01-01 to \(year + 9)-12-31  # both days included
            team   "CRM"
            owner  "li.na"
            budget 200_000 CNY

            strategy thanks "Thanks for a big basket" {
                when      purchase where amount >= 300 CNY
                give      tenth
                say       thank_you via wechat or else sms
                every     30 minutes
                at most   1 per 30 days
                fresh for 2 days
                look back 7 days
                success   is purchase within 7 days
                priority  10
            }

            strategy win_back "Win back lapsed VIPs" {
                for       lapsed_vips
                when      every day at 00:00
                give      comeback
                say       we_miss_you via sms or else wechat
                every     1 day
                at most   1 per 90 days
                look back 1 day
                success   is purchase within 14 days
            }

            strategy birthday "Birthday present" {
                for       count(orders) > 0
                when      birthday at 00:00
                give      off20
                say       thank_you via sms or else wechat
                at most   1 per 300 days
                look back 1 day
            }
        }

        """
    }

    static let readme = """
        # Corner Shop

        `shop.pitch` says who the members are, what they bought, and who gets which coupon. `data` holds made-up
        rows; put your own files there, or make a larger shop with `pitch new bigger --members 1000000`.

        ```
        pitch check shop.pitch                        is the script sound?
        pitch load shop.pitch                         read what is new in data/
        pitch count shop.pitch lapsed_vips            how many members are in a segment?
        pitch show shop.pitch lapsed_vips --limit 5   who are they?
        pitch funnel shop.pitch lapsed_vips           what does each condition remove?
        pitch why shop.pitch 10002 lapsed_vips        why is this member in or out?
        pitch preview shop.pitch                      who would get what? Nothing is written.
        pitch run shop.pitch                          one cycle: coupons and messages are issued
        pitch run shop.pitch                          again: nobody gets anything twice
        pitch status shop.pitch                       budgets, stock, the outbox
        pitch repl shop.pitch                         a prompt for questions
        ```

        Messages leave as files in `outbox`; everything that Pitch remembers is in `shop.db`. From cron:

        ```
        */30 * * * * cd /path/to/shop && pitch run shop.pitch --quiet
        ```

        It says nothing and exits with 0 while all is well, also when nothing is due; with 5, as quietly,
        on a day on which no plan is valid.

        `./test.sh` checks the script and its layout, and that a segment is not empty.

        """

    static let test = """
        #!/bin/sh
        # Checks the shop: the script is sound and laid out, and somebody is to be won back.
        set -eu
        cd "$(dirname "$0")"
        PITCH=${PITCH:-pitch}
        "$PITCH" check shop.pitch
        "$PITCH" fmt --check shop.pitch
        "$PITCH" load shop.pitch --quiet
        "$PITCH" count shop.pitch lapsed_vips
        "$PITCH" preview shop.pitch

        """

    static let gitIgnore = """
        *.db
        *.db-*
        outbox/

        """
}
