import ArgumentParser
import PitchEngine

struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show the state of plans, budgets, stock and the outbox.")

    @Argument(help: "The script.") var file: String
    @OptionGroup var options: CommandOptions

    func run() throws {
        try Session(file, options).status()
    }
}

extension Session {
    func status() throws {
        let report = try attempt { () throws(WorkspaceError) in try workspace.status() }
        try console.answer(report.json(values))
        try console.tell(lines(report))
    }

    private func lines(_ report: StatusReport) -> [String] {
        var lines = report.plans.flatMap { self.lines($0, report.currency) }
        lines += couponLines(report.stock)
        let conflicts = report.conflicts.sorted { (-$0.value, $0.key) < (-$1.value, $1.key) }
        if !conflicts.isEmpty {
            lines.append(
                "redemption data that changed nothing: "
                    + conflicts.map { "\(grouped($0.value)) \($0.key)" }.joined(separator: ", "))
        }
        lines += outboxLines(report)
        if let delay = report.delay { lines += delayLines(delay) }
        if let last = report.lastRun {
            let work =
                last.work.map { ", \($0.text)" } ?? (last.isFinished ? "" : ", cut short")
            lines.append("last run: \(last.run) as of \(values.instant(last.asOf))\(work)")
        } else {
            lines.append("no run yet")
        }
        return lines
    }

    /// Coupons by state; states that none is in have no column.
    private func couponLines(_ stock: [StatusReport.StockState]) -> [String] {
        if stock.isEmpty { return [] }
        let states = ["claimed", "used", "returned", "expired"].filter { state in
            stock.contains { $0.states[state] != nil }
        }
        var table = TextTable(
            [.init("coupon"), .init("issued", right: true)]
                + states.map { .init($0, right: true) } + [.init("stock", right: true)])
        for coupon in stock {
            table.add(
                [coupon.coupon, grouped(coupon.issued)]
                    + states.map { grouped(coupon.states[$0] ?? 0) }
                    + [coupon.stock.map(grouped) ?? "no limit"])
        }
        return table.lines
    }

    /// The sum; and a row for each channel with more to tell than that all went well.
    private func outboxLines(_ report: StatusReport) -> [String] {
        var sum = "outbox: \(grouped(report.queued)) queued, \(grouped(report.delivered)) delivered"
        if report.leased > 0 { sum += ", \(grouped(report.leased)) under way" }
        if report.failed > 0 { sum += ", \(grouped(report.failed)) failed" }
        if report.unknown > 0 { sum += ", \(grouped(report.unknown)) unknown" }
        let troubles = report.leased + report.failed + report.unknown
        guard report.channels.count > 1 || troubles > 0 else { return [sum] }
        var table = TextTable([
            .init("channel"), .init("queued", right: true), .init("under way", right: true),
            .init("delivered", right: true), .init("failed", right: true),
            .init("unknown", right: true),
        ])
        for channel in report.channels {
            table.add(
                [channel.channel]
                    + [
                        channel.queued, channel.leased, channel.delivered, channel.failed,
                        channel.unknown,
                    ].map { grouped($0) })
        }
        let reasons = report.channels.flatMap { channel in
            countedReasons(channel.reasons).map { "  \(channel.channel): \($0)" }
        }
        return [sum] + table.lines + reasons
    }

    private func delayLines(_ delay: StatusReport.Delay) -> [String] {
        let event =
            "hand-over after the event: \(text(delay.handedOver)), of the last "
            + "\(plural(delay.handedOver.messages, "message")); decided: \(text(delay.decided))"
        guard let since = delay.sinceArrival, let arrived = delay.arrived else { return [event] }
        let arrival =
            "hand-over after the load of its rows: \(text(since)), of the "
            + "\(plural(since.messages, "message")) about rows; loaded after the event: "
            + text(arrived)
        return [event, arrival]
    }

    private func text(_ delays: StatusReport.Quantiles) -> String {
        "half within \(length(delays.half)), 99 % within \(length(delays.most))"
    }

    /// Of milliseconds, in its two largest units, of minutes on; what is begun of the last counts.
    private func length(_ milliseconds: Int64) -> String {
        let units = [("d", Int64(1440)), ("h", 60), ("min", 1)]
        // Handing over takes its milliseconds, which are no minute.
        var minutes = max(0, milliseconds - 1000 + 59_999) / 60_000
        let first = units.firstIndex { minutes >= $0.1 } ?? 2
        let least = units[min(first + 1, 2)].1
        minutes = (minutes + least - 1) / least * least
        let parts = units[first...].prefix(2).reduce(into: (rest: minutes, text: [String]())) {
            let count = $0.rest / $1.1
            $0.rest %= $1.1
            if count > 0 { $0.text.append("\(count) \($1.0)") }
        }
        return parts.text.isEmpty ? "1 min" : parts.text.joined(separator: " ")
    }

    private func lines(_ plan: StatusReport.PlanState, _ currency: String) -> [String] {
        var budget = ""
        if let left = plan.cost.leftMinor, let limit = plan.cost.budgetMinor {
            budget = ", \(values.amount(left, currency)) of \(values.amount(limit, currency)) left"
        }
        var lines = [
            console.strong("\(plan.name)")
                + ": \(plan.validity.rawValue), \(values.day(plan.firstDay)) to "
                + "\(values.day(plan.lastDay))\(budget)",
            "  " + costText(plan.cost, currency),
        ]
        if !plan.approval.text.isEmpty { lines.append("  " + plan.approval.text) }
        for strategy in plan.strategies {
            let last = strategy.lastRun.map { "last run \(values.instant($0))" } ?? "never run"
            lines.append("  \(strategy.name): \(strategy.isDue ? "due" : "not due"), \(last)")
            lines += outcomeLines(strategy.outcomes).map { "  " + $0 }
            if let success = strategy.success {
                lines += success.lines.map { "    " + $0 }
            }
            if strategy.beforeStart > 0 {
                lines.append(
                    "    \(plural(strategy.beforeStart, "row")) from before the start, never judged")
            }
        }
        return lines
    }
}

extension StatusReport {
    fileprivate func json(_ values: AnswerText) -> [(String, JSONValue)] {
        [
            ("plans", .array(plans.map { $0.json(values, currency) })),
            ("stock", .array(stock.map { coupon in
                .object([
                    ("coupon", .string(coupon.coupon)), ("issued", .integer(coupon.issued)),
                    ("stock", coupon.stock.map(JSONValue.integer) ?? .null),
                    ("states", .counts(coupon.states.mapValues { Int(clamping: $0) })),
                ])
            })),
            ("conflicts", .counts(conflicts)),
            ("queued", .int(queued)), ("delivered", .int(delivered)), ("failed", .int(failed)),
            ("unknown", .int(unknown)), ("leased", .int(leased)),
            ("channels", .array(channels.map { channel in
                .object([
                    ("channel", .string(channel.channel)), ("queued", .int(channel.queued)),
                    ("leased", .int(channel.leased)), ("delivered", .int(channel.delivered)),
                    ("failed", .int(channel.failed)), ("unknown", .int(channel.unknown)),
                    ("reasons", .counts(channel.reasons)),
                ])
            })),
            ("delay", delay?.json ?? .null),
            ("last_run", lastRun.map { $0.json(values) } ?? .null),
        ]
    }
}

extension StatusReport.Delay {
    fileprivate var json: JSONValue {
        .object(
            [("messages", .int(handedOver.messages))] + handedOver.json("")
                + decided.json("decided_")
                + [("messages_about_rows", .int(arrived?.messages ?? 0))]
                + arrived.json("arrived_") + sinceArrival.json("since_arrival_"))
    }
}

extension StatusReport.Quantiles {
    fileprivate func json(_ prefix: String) -> [(String, JSONValue)] {
        Optional(self).json(prefix)
    }
}

extension StatusReport.Quantiles? {
    fileprivate func json(_ prefix: String) -> [(String, JSONValue)] {
        [
            (prefix + "p50", self.map { .integer($0.half) } ?? .null),
            (prefix + "p99", self.map { .integer($0.most) } ?? .null),
        ]
    }
}

extension StatusReport.PlanState {
    fileprivate func json(_ values: AnswerText, _ currency: String) -> JSONValue {
        .object([
            ("name", .string(name)), ("title", .optional(title)),
            ("validity", .string(validity.rawValue)),
            ("first_day", .string(values.day(firstDay))),
            ("last_day", .string(values.day(lastDay))),
            ("budget", cost.budgetMinor.map { values.json(amount: $0, currency) } ?? .null),
            ("cost", cost.json(values, currency)),
            ("approval", approval.json(values)),
            ("strategies", .array(strategies.map { strategy in
                .object([
                    ("name", .string(strategy.name)),
                    ("last_run", strategy.lastRun.map { .string(values.isoInstant($0)) } ?? .null),
                    ("due", .bool(strategy.isDue)), ("outcomes", .counts(strategy.outcomes)),
                    ("before_start", .int(strategy.beforeStart)),
                    ("success", strategy.success?.json ?? .null),
                ])
            })),
        ])
    }
}

extension StatusReport.SuccessState {
    /// `success: 4 of 12 issued converted (33.3 %), 3 still in the window`, and the same of those
    /// held out, if there are any.
    fileprivate var lines: [String] {
        ["success: " + issued.text("issued")]
            + (heldOut.members == 0 ? [] : ["success: " + heldOut.text("held out")])
    }

    fileprivate var json: JSONValue {
        .object(issued.fields("issued") + [("held_out", .object(heldOut.fields("members")))])
    }
}

extension StatusReport.SuccessGroup {
    fileprivate func text(_ name: String) -> String {
        let rate = members == 0 ? "" : " (\(share(converted, of: members)))"
        return "\(grouped(converted)) of \(grouped(members)) \(name) converted\(rate), "
            + "\(grouped(inWindow)) still in the window"
    }

    fileprivate func fields(_ name: String) -> [(String, JSONValue)] {
        [
            (name, .int(members)), ("in_window", .int(inWindow)), ("converted", .int(converted)),
            ("rate", rate.map { .decimal("\($0)") } ?? .null),
        ]
    }
}
