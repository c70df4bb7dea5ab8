import Foundation
import PitchTestSupport
import Testing

/// A small project in a folder of its own, made for one test.
struct Shop {
    let folder: TemporaryFolder
    let command: BuiltCommand
    /// Passed to every command, so that nothing depends on the day.
    static let now = "2026-04-02T09:30:00"

    static let script = """
        pitch 1

        project "Shop" {
            timezone "Asia/Shanghai"
            currency CNY
            store    "shop.db"
        }

        members from csv "members.csv" {
            key    member_id
            name   text
            city   text
            born   date?
            phone  text?
            sms_ok yesno
        }

        events orders from csv "orders.csv" {
            scene  purchase
            key    order_id
            member member_id
            at     ordered_at
            amount money CNY
        }

        segment spenders = sum(orders.amount in last 365 days) >= 100 CNY

        coupon ten "10 off" { kind cash, face 10 CNY, valid 7 days, stock 100 }

        channel sms { to phone, consent sms_ok, file "outbox" }

        message thanks { class marketing, sms "Thank you, {name}: {code} until {expires}" }

        plan spring "Spring" {
            valid  2026-03-01 to 2026-05-31
            budget 1000 CNY

            strategy reward {
                for       spenders
                when      purchase where amount >= 50 CNY
                give      ten
                say       thanks via sms
                every     30 minutes
                at most   1 per 30 days
                fresh for 2 days
                look back 7 days
            }
        }

        """

    static let members = """
        member_id,name,city,born,phone,sms_ok
        001,Li Na,Shanghai,1990-04-02,13800000001,yes
        002,王伟,Beijing,1984-02-29,13800000002,yes
        003,Chen Jie,Shanghai,,,yes
        004,Zhao Min,Hangzhou,2001-12-24,13800000004,no

        """

    static let orders = """
        order_id,member_id,ordered_at,amount
        A1,001,2026-04-01T12:00:00,250.00
        A2,002,2026-04-02T08:00:00,60.00
        A3,002,2026-03-20T08:00:00,70.00
        A4,003,2026-04-02T07:00:00,500.00
        A5,004,2026-04-02T06:00:00,120.00
        A6,004,2026-04-02T06:30:00,20.00

        """

    init(script: String = Shop.script) throws {
        folder = try TemporaryFolder()
        command = BuiltCommand(in: folder.url)
        try folder.write(script, to: "shop.pitch")
        try folder.write(Self.members, to: "members.csv")
        try folder.write(Self.orders, to: "orders.csv")
    }

    /// Runs `pitch VERB shop.pitch …` at the fixed instant.
    func run(
        _ verb: String, _ arguments: [String] = [], at instant: String? = Shop.now,
        file: String = "shop.pitch"
    ) throws -> BuiltCommand.Result {
        let time = instant.map { ["--as-of", $0] } ?? []
        return try command.run([verb, file] + arguments + time)
    }

    /// The JSON object that a command answers, whatever its exit code.
    func json(_ verb: String, _ arguments: [String] = []) throws -> [String: Any] {
        try object(run(verb, arguments + ["--format", "json"]).output)
    }
}

func object(_ text: String) throws -> [String: Any] {
    let value = try JSONSerialization.jsonObject(with: Data(text.utf8))
    return try #require(value as? [String: Any], "expected a JSON object, found \(text)")
}
