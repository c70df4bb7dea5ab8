import ArgumentParser
import PitchEngine

struct CouponsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "coupons",
        abstract: "List issued coupons, newest first, with what the till must know of them.")

    @Argument(help: "The script.") var file: String

    @Option(help: ArgumentHelp("Only the coupons of this member.", valueName: "key"))
    var member: String?

    @Option(help: ArgumentHelp("How many coupons at most.", valueName: "count"))
    var limit = 20

    @OptionGroup var options: CommandOptions

    func validate() throws {
        guard limit >= 0 else { throw ValidationError("the limit must not be negative") }
    }

    func run() throws {
        try Session(file, options).coupons(of: member, limit: limit)
    }
}

extension Session {
    func coupons(of member: String?, limit: Int) throws {
        let found = try attempt { () throws(WorkspaceError) in
            try workspace.coupons(of: member, limit: limit)
        }
        try console.answer([
            ("coupons", .array(found.coupons.map { $0.json(values, found.currency) }))
        ])
        try console.tell(lines(found.coupons, found.currency))
    }

    private func lines(_ coupons: [CouponRecord], _ currency: String) -> [String] {
        if coupons.isEmpty { return ["no coupon"] }
        var table = TextTable([
            .init("code"), .init("coupon"), .init("member"), .init("state"), .init("first day"),
            .init("last day"), .init("cost", right: true), .init("terms"),
        ])
        for coupon in coupons {
            table.add([
                coupon.code, coupon.coupon, coupon.member, coupon.state,
                values.day(coupon.firstDay), values.day(coupon.lastDay),
                coupon.costMinor.map { values.amount($0, currency) } ?? "–",
                coupon.terms.map { "\($0.name) \($0.value)" }.joined(separator: ", "),
            ])
        }
        return table.lines
    }
}

extension CouponRecord {
    fileprivate func json(_ values: AnswerText, _ currency: String) -> JSONValue {
        .object([
            ("code", .string(code)), ("coupon", .string(coupon)), ("plan", .string(plan)),
            ("member", .string(member)), ("state", .string(state)),
            ("issued_at", .string(values.isoInstant(issuedAt))),
            ("first_day", .string(values.day(firstDay))),
            ("last_day", .string(values.day(lastDay))),
            ("cost", costMinor.map { values.json(amount: $0, currency) } ?? .null),
            ("terms", .object(terms.map { ($0.name, .string($0.value)) })),
        ])
    }
}
