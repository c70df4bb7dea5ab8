import PitchProgram
import PitchSchema
import PitchStore

/// What was done, and what is left.
extension Workspace {
    package func status() throws(WorkspaceError) -> StatusReport {
        try retrying {
            let program = try self.checkedProgram()
            let moment = try self.moment()
            let ledger = Ledger(try self.openStore())
            let costs = try ledger.costs(of: program.plans, program, on: moment.today)
            let sums = try ledger.couponSums()
            let issued = try ledger.issuedCoupons()
            return StatusReport(
                plans: try zip(program.plans, costs).map {
                    try self.state(of: $0, $1.cost, ledger, moment)
                },
                stock: program.coupons.map { coupon in
                    StatusReport.StockState(
                        coupon: coupon.name, issued: issued[coupon.name] ?? 0,
                        stock: coupon.stock, states: sums.states(of: coupon.name))
                },
                conflicts: try ledger.couponConflicts(),
                channels: try ledger.outboxCounts().map {
                    StatusReport.ChannelState(
                        channel: $0.channel, queued: $0.queued, delivered: $0.delivered,
                        failed: $0.failed, unknown: $0.unknown, leased: $0.leased,
                        reasons: $0.reasons)
                },
                delay: StatusReport.Delay(try ledger.handOverDelays()),
                lastRun: try self.records(ledger, limit: 1).first,
                currency: program.project.currency.code)
        }
    }

    private func state(
        of plan: Plan, _ cost: PlanCost, _ ledger: Ledger, _ moment: Moment
    ) throws -> StatusReport.PlanState {
        let validity: StatusReport.PlanState.Validity =
            moment.today < plan.firstDay ? .notYet : moment.today > plan.lastDay ? .ended : .valid
        return StatusReport.PlanState(
            name: plan.name, title: plan.title, validity: validity, firstDay: plan.firstDay,
            lastDay: plan.lastDay, cost: cost,
            approval: try approval(of: plan, ledger),
            strategies: try plan.strategies.map { strategy in
                let name = "\(plan.name).\(strategy.name)"
                let formerName = strategy.formerName.map { "\(plan.name).\($0)" }
                let known = try ledger.strategy(named: name, formerly: formerName)
                let feeds = try known.map { try ledger.feeds(of: $0.id) } ?? [:]
                let isDue =
                    validity == .valid
                    && DueSlots.isDue(strategy, last: known?.judgedAt, at: moment)
                return StatusReport.StrategyState(
                    name: name, lastRun: known?.judgedAt, isDue: isDue,
                    outcomes: try known.map { try ledger.outcomeCounts(of: $0.id) } ?? [:],
                    beforeStart: Int(clamping: feeds.values.reduce(0) { $0 + $1.beforeStart }),
                    success: try self.conversions(of: strategy, known, ledger))
            })
    }

    private func conversions(
        of strategy: Strategy, _ known: LedgerStrategy?, _ ledger: Ledger
    ) throws -> StatusReport.SuccessState? {
        guard let success = strategy.success, let known else { return nil }
        do {
            return try Conversions(base: openBase(), ledger: ledger).count(success, of: known.id)
        } catch let error as StoreError where error.kind == .outdated {
            return nil
        }
    }

    /// Past runs, newest first.
    package func log(limit: Int = 20) throws(WorkspaceError) -> [RunRecord] {
        try attempt {
            _ = try self.checkedProgram()
            return try self.records(Ledger(try self.openStore()), limit: limit)
        }
    }

    /// What was handed over, newest first.
    package func deliveries(limit: Int = 20) throws(WorkspaceError) -> [DeliveryEntry] {
        try attempt {
            _ = try self.checkedProgram()
            return try Ledger(try self.openStore()).deliveries(limit: max(0, limit)).map { entry in
                DeliveryEntry(
                    at: entry.at, channel: entry.channel, action: entry.action.rawValue,
                    counts: ChannelDelivery(entry, reasons: [:], note: entry.note))
            }
        }
    }

    private func records(_ ledger: Ledger, limit: Int) throws -> [RunRecord] {
        try ledger.runs(limit: max(0, limit)).map { run, outcomes in
            let effects = try ledger.effects(of: run.id)
            return RunRecord(
                run: run.id, asOf: run.asOf, audience: outcomes.values.reduce(0, +),
                issued: effects.coupons, messages: effects.messages, outcomes: outcomes,
                isFinished: run.isFinished,
                work: run.work.map {
                    RunRecord.Work(
                        rulesEvaluated: $0.rulesEvaluated, rulesSkipped: $0.rulesSkipped,
                        reading: ReadCounts(
                            rows: $0.rowsRead, lookups: $0.rowsLookedUp,
                            columnValues: $0.columnValuesRead))
                })
        }
    }
}

extension [CouponSum] {
    /// How many coupons of a name are in each state, over all plans.
    fileprivate func states(of coupon: String) -> [String: Int64] {
        var counts: [String: Int64] = [:]
        for sum in self where sum.coupon == coupon && sum.coupons > 0 {
            counts[sum.state.rawValue, default: 0] += sum.coupons
        }
        return counts
    }
}

extension StatusReport.Delay {
    /// Nil of no message.
    init?(_ delays: HandOverDelays) {
        guard let handedOver = StatusReport.Quantiles(delays.total),
            let decided = StatusReport.Quantiles(delays.decided)
        else { return nil }
        self.init(
            handedOver: handedOver, decided: decided,
            arrived: StatusReport.Quantiles(delays.arrived),
            sinceArrival: StatusReport.Quantiles(delays.sinceArrival))
    }
}
