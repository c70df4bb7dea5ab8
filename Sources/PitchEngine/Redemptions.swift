import PitchEvaluator
import PitchProgram
import PitchSchema
import PitchStore

/// Matches redemption data with issued coupons by their unique code: every row once, in the order
/// of `at`, each a step of its coupon or a recorded conflict. A row whose code is missing is about
/// no coupon of ours: it is counted and no conflict.
struct Redemptions {
    private let program: Program
    private let moment: Moment
    private let store: Store
    private let ledger: Ledger
    private let tables: StoredTables
    private let evaluator: Evaluator

    init(_ program: Program, at moment: Moment, in store: Store) {
        self.program = program
        self.moment = moment
        self.store = store
        ledger = Ledger(store)
        tables = StoredTables(store: store, program: program)
        evaluator = Evaluator(program: program, moment: moment, tables: tables)
    }

    /// One row that says something of a coupon.
    private struct Row {
        let dataSet: DataSet
        let event: StoredEvent
        let fields: RedemptionFields
        let at: Int64
        let day: Int32

        /// Whether it speaks of a coupon that another issued: it has no code of ours.
        var isOfOthers: Bool { event.values[fields.code].isMissing }

        func text(_ field: Int?) -> String? {
            if let field, case .text(let text) = event.values[field] { text } else { nil }
        }

        func minor(_ field: Int?) -> Int64? { field.flatMap { event.values[$0].raw } }
    }

    /// Matches what is new, in one transaction. Rows dated after the instant wait.
    func match() throws -> CouponReport {
        var report = CouponReport()
        let sets = program.dataSets.enumerated().compactMap { index, dataSet in
            RedemptionFields(dataSet, currency: program.project.currency).map {
                (DataSetID(index), dataSet, $0)
            }
        }
        if sets.isEmpty { return report }
        let known = try ledger.couponFeeds()
        var rows: [Row] = []
        var feeds: [CouponFeed] = []
        for (id, dataSet, fields) in sets {
            let feed = known[dataSet.name]
            // At an instant before the last one nothing is new; what is will be found later.
            if let feed, feed.judgedAt > moment.now { continue }
            let lastRow = try store.lastRow(of: id, program)
            let events = try store.unseenEvents(
                in: id, afterRow: feed?.highRow ?? 0, afterInstant: feed?.judgedAt,
                now: moment.now, zone: moment.zone, program
            ).corrected(by: feed?.sightings ?? [:]) { try store.event(row: $0, in: id, program) }
            if events.isEmpty, lastRow == feed?.highRow ?? 0 { continue }
            // A row that is dated anew is matched no more.
            let matched = try ledger.matched(
                events.map(\.row).filter { $0 <= feed?.highRow ?? 0 }, of: dataSet.name)
            rows += events.filter { !matched.contains($0.row) }
                .map { row($0, of: dataSet, fields) }
            feeds.append(
                CouponFeed(dataSet: dataSet.name, highRow: lastRow, judgedAt: moment.now))
        }
        if feeds.isEmpty { return report }
        // Rows of one instant stay in the order of data sets and keys.
        let ordered = rows.enumerated().sorted {
            ($0.element.at, $0.offset) < ($1.element.at, $1.offset)
        }
        let ours = ordered.map(\.element).filter { !$0.isOfOthers }
        report.notOurs = rows.count - ours.count
        let steps = try self.steps(of: ours)
        try ledger.record(steps, feeds)
        for step in steps { report.add(step) }
        return report
    }

    private func row(_ event: StoredEvent, of dataSet: DataSet, _ fields: RedemptionFields) -> Row {
        let at =
            dataSet.isDated ? moment.zone.instant(day: Int32(clamping: event.at)) : event.at
        return Row(
            dataSet: dataSet, event: event, fields: fields, at: at, day: moment.zone.day(of: at))
    }

    private func steps(of rows: [Row]) throws -> [CouponStepRecord] {
        var coupons = try ledger.coupons(of: rows.compactMap { $0.text($0.fields.code) })
        return rows.map { row in
            let code = row.text(row.fields.code) ?? ""
            var change: (before: LedgerCoupon, after: LedgerCoupon)?
            var conflict: CouponConflict?
            do throws(CouponConflict) {
                guard let before = coupons[code] else { throw .unknownCode }
                let after = try self.after(row, before)
                coupons[code] = after
                change = (before, after)
            } catch {
                conflict = error
            }
            return CouponStepRecord(
                dataSet: row.dataSet.name, row: row.event.row, key: row.event.key, code: code,
                at: row.at, step: row.fields.step, discountMinor: row.minor(row.fields.discount),
                change: change, conflict: conflict)
        }
    }

    private func after(_ row: Row, _ before: LedgerCoupon) throws(CouponConflict) -> LedgerCoupon {
        if let member = row.dataSet.member, row.text(member) != before.member {
            throw .otherMember
        }
        let issued = moment.zone.day(of: before.issuedAt)
        var after = before
        after.state = try before.state.after(
            row.fields.step, on: row.day, first: max(issued, before.firstDay), last: before.lastDay)
        after.costMinor = nil
        if row.fields.step == .used { after.costMinor = try cost(of: row, before) }
        return after
    }

    /// What a use costs, by the script's terms.
    private func cost(of row: Row, _ before: LedgerCoupon) throws(CouponConflict) -> Int64? {
        let use = CouponUse(
            discountMinor: row.minor(row.fields.discount), orderMinor: row.minor(row.fields.order),
            day: row.day)
        guard let coupon = program.coupon(named: before.coupon) else {
            return use.discountMinor.map { max(0, $0) } ?? before.worstMinor
        }
        if let threshold = coupon.thresholdMinor, let order = use.orderMinor, order < threshold {
            throw .belowThreshold
        }
        if let products = coupon.products, !applies(products, to: row) { throw .otherProduct }
        let cost = coupon.costMinor(of: use) ?? before.worstMinor
        if let cost, let worst = before.worstMinor, cost > worst { throw .overWorstCase }
        return cost
    }

    /// Whether a product may be one that the coupon is for: only a product that is known not to
    /// be is refused. The till knows more than the data does.
    private func applies(_ products: Coupon.Products, to row: Row) -> Bool {
        guard let key = row.text(row.fields.product),
            let values = tables.row(of: products.table, key: key)
        else { return true }
        do throws(EvaluationError) {
            let answer = try evaluator.evaluate(
                products.condition, for: MemberRecord(key: "", values: []),
                event: EventRecord(row: 0, values: values))
            return answer != .truth(false)
        } catch {
            return true
        }
    }
}

extension CouponReport {
    fileprivate mutating func add(_ step: CouponStepRecord) {
        if let conflict = step.conflict {
            conflicts[conflict.rawValue, default: 0] += 1
            guard examples.count < 20 else { return }
            examples.append(
                Conflict(
                    dataSet: step.dataSet, key: step.key, code: step.code,
                    step: step.step.rawValue, reason: conflict.rawValue))
            return
        }
        switch step.step {
        case .claimed: claimed += 1
        case .used: used += 1
        case .returned: returned += 1
        }
    }
}
