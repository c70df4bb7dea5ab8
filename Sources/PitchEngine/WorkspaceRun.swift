import PitchProgram
import PitchSchema
import PitchSource
import PitchStore

/// What acts: loading and running.
extension Workspace {
    /// Loads what is new from every source.
    /// - Parameter verifies: whether all that the files of columns have is read before; damaged
    ///   ones are written anew.
    @discardableResult
    package func load(
        verifies: Bool = false, progress: ((LoadStep) -> Void)? = nil
    ) throws(WorkspaceError) -> LoadSummary {
        try attempt { 
            let program = try self.checkedProgram()
            let path = self.storePath(of: program)
            let lease = try RunLease(store: path)
            defer { lease.release() }
            let store = try Store(path: path, access: .readWrite)
            defer { store.close() }
            self.forgetData()
            let isWhole = verifies ? store.verifyColumns() : nil
            var summary = try self.load(program, at: self.moment(), into: store, progress)
            summary.columnsWereWhole = isWhole
            return summary
        }
    }

    /// Loads, and matches what came with the coupons that it speaks of.
    private func load(
        _ program: Program, at moment: Moment, into store: Store,
        _ progress: ((LoadStep) -> Void)?
    ) throws -> LoadSummary {
        let report = try store.load(program, folder: folder, at: moment.now) { step in
            progress?(LoadStep(dataSet: step.dataSet, file: step.path, rows: step.rows))
        }
        let untaken = report.total(\.quarantined) + report.total(\.conflicts)
        let reasons = untaken == 0 ? [] : try store.quarantinedRows(of: report, limit: 20)
        var summary = LoadSummary(report, program, reasons: reasons)
        do {
            try store.keepColumns(of: program)
        } catch let error as StoreError where error.kind != .damaged {
            // They only save time: what was loaded is safe without them.
            summary.columnsFault = error.description
        }
        summary.coupons = try Redemptions(program, at: moment, in: store).match()
        return summary
    }

    /// One cycle: load what is new, judge every strategy that is due, write what was decided,
    /// and hand over the messages.
    /// - Parameter names: plans; empty: all that are valid.
    package func run(
        _ names: [String] = [], progress: ((LoadStep) -> Void)? = nil
    ) throws(WorkspaceError) -> RunReport {
        try attempt {
            let program = try self.executableProgram()
            let moment = try self.moment()
            let remains = try self.remains(named: names, in: program, at: moment)
            let valid = try self.plans(
                named: names, in: program, at: moment, remains: remains)
            let webhooks = try self.webhooks(of: program)
            let path = self.storePath(of: program)
            let lease = try RunLease(store: path)
            defer { lease.release() }
            let store = try Store(path: path, access: .readWrite)
            defer { store.close() }
            self.forgetData()
            let ledger = Ledger(store)
            try self.refuseTimeTravel(ledger, at: moment)
            let approvals = try valid.map { try self.approval(of: $0, ledger) }
            let waiting = approvals.filter { !$0.isGranted }
            if waiting.count == valid.count, remains.isEmpty {
                throw WorkspaceError(
                    .nothingToRun, waiting.map(\.refusal).joined(separator: "; "))
            }
            let summary = try self.load(program, at: moment, into: store, progress)
            let expired = try ledger.expireCoupons(on: moment.today)
            let base = try CustomerBase(program, at: moment, in: store)
            let run = try ledger.begin(asOf: moment.now, zone: moment.zone.name)
            var cycle = Cycle(base: base, ledger: ledger, valid, approvals)
            cycle.remains = remains
            var report = RunReport(
                run: run, asOf: moment.now, load: summary, program.project.currency.code)
            report.expired = expired
            report.waiting = waiting.map(\.refusal)
            try self.judge(cycle, into: &report)
            try ledger.finish(run: run, report.work)
            // Handing over may take long, and the next run need not wait for it.
            lease.release()
            report.delivery = self.deliverAfterRun(ledger, webhooks, moment)
            try self.total(ledger, into: &report)
            let judged = valid.filter { plan in
                plan.strategies.contains { report.evaluated.contains("\(plan.name).\($0.name)") }
            }
            report.costs = try ledger.costs(of: judged, program, on: moment.today).map(\.cost)
            return report
        }
    }

    /// The strategies of plans that have ended while something waited for the end of quiet hours.
    private func remains(
        named names: [String], in program: Program, at moment: Moment
    ) throws -> [Cycle.Entry] {
        let ended = program.plans.filter {
            $0.lastDay < moment.today && (names.isEmpty || names.contains($0.name))
        }
        if ended.isEmpty { return [] }
        let paces = try self.paces(of: program)
        return ended.flatMap { plan in
            plan.strategies.map { Cycle.Entry(plan: plan, strategy: $0, isOver: true) }
                .filter { paces[$0.name]?.deferralEnds.isEmpty == false }
        }
    }

    private func judge(_ cycle: Cycle, into report: inout RunReport) throws {
        var treasury = try cycle.treasury()
        let writer = CycleRecord(
            base: cycle.base, run: report.run, arrivals: try cycle.base.store.arrivals())
        // A place that one strategy finds empty is another's, by another field of the members.
        var inhabitedPlaces: Set<String> = []
        defer {
            report.reading = cycle.base.reading
            report.emptyPlaces.subtract(inhabitedPlaces)
        }
        try cycle.expectConditions()
        for entry in cycle.entries {
            if let reason = try cycle.isWaiting(entry) {
                report.skipped.append(SkippedStrategy(name: entry.name, reason: reason))
                continue
            }
            guard let ruling = try cycle.judge(entry, with: &treasury) else {
                if entry.isOver { continue }
                report.skipped.append(SkippedStrategy(name: entry.name, reason: "not due"))
                continue
            }
            try cycle.ledger.record(writer.record(ruling))
            report.evaluated.append(entry.name)
            if let choice = ruling.choice { report.choices.append(choice) }
            report.emptyPlaces.formUnion(ruling.sighting.emptyPlaces)
            inhabitedPlaces.formUnion(ruling.sighting.inhabitedPlaces)
            report.missed += ruling.sighting.missedDays.map {
                "\(entry.name) \(CivilDate(days: Int($0)).text)"
            }
        }
    }

    /// The counts of the whole run, also of what was recorded before it was cut short.
    private func total(_ ledger: Ledger, into report: inout RunReport) throws {
        report.outcomes = try ledger.outcomes(of: report.run)
        report.audience = report.outcomes.values.reduce(0, +)
        let effects = try ledger.effects(of: report.run)
        report.issued = effects.coupons
        report.messages = effects.messages
    }

    func refuseTimeTravel(_ ledger: Ledger, at moment: Moment) throws {
        if let refusal = try timeTravel(ledger, at: moment) {
            throw WorkspaceError(.world, refusal)
        }
    }

    /// Why a run at an instant before the last one refuses; nil when there was none later.
    private func timeTravel(_ ledger: Ledger, at moment: Moment) throws -> String? {
        guard let last = try ledger.lastRun(), last.asOf > moment.now else { return nil }
        let then = ValueText.instant(last.asOf, zone: moment.zone)
        let now = ValueText.instant(moment.now, zone: moment.zone)
        return "the clock went back: the last run was at \(then), now it is \(now)"
    }
}

extension RunReport {
    fileprivate var work: RunWork {
        RunWork(
            rulesEvaluated: evaluated.count, rulesSkipped: skipped.count, rowsRead: reading.rows,
            rowsLookedUp: reading.lookups, columnValuesRead: reading.columnValues)
    }
}

/// Who would get what.
extension Workspace {
    /// Decides what a run at this instant on this store would decide, and writes nothing.
    /// - Parameter names: plans or strategies; empty: all.
    package func preview(_ names: [String] = []) throws(WorkspaceError) -> PreviewResult {
        let program = try executableProgram()
        let (plans, only) = try selection(named: names, in: program, at: moment())
        return try read { try self.preview($0, plans, only) }
    }

    private func preview(
        _ base: CustomerBase, _ plans: [Plan], _ only: Set<String>?
    ) throws -> PreviewResult {
        let program = base.program
        let ledger = Ledger(base.store)
        let approvals = try plans.map { try approval(of: $0, ledger) }
        // Who approves a plan wants to see what it would do.
        var cycle = Cycle(base: base, ledger: ledger, plans, approvals)
        cycle.plans = plans
        var treasury = try cycle.treasury()
        var costs = Dictionary(
            uniqueKeysWithValues: zip(
                plans.map(\.name),
                try cycle.ledger.costs(of: plans, program, on: base.moment.today)))
        var result = PreviewResult(
            asOf: base.moment.now, currency: program.project.currency.code)
        result.refusal = try timeTravel(ledger, at: base.moment)
        result.changedSources = try base.store.changedSources(program, folder: folder)
        result.waiting = approvals.filter { !$0.isGranted }.map(\.refusal)
        var reserved: Int128 = 0
        let forecast = try Forecast(base, ledger)
        try cycle.expectConditions()
        for entry in cycle.entries {
            let isAsked = only.map { $0.contains(entry.name) } ?? true
            if let reason = try cycle.isWaiting(entry) {
                let skipped = SkippedStrategy(name: entry.name, reason: reason)
                if isAsked { result.skipped.append(skipped) }
                continue
            }
            guard let ruling = try cycle.judge(entry, with: &treasury) else {
                let skipped = SkippedStrategy(name: entry.name, reason: "not due")
                if isAsked { result.skipped.append(skipped) }
                continue
            }
            if !isAsked { continue }
            result.add(ruling, base)
            if let trial = try forecast?.trial(of: ruling) { result.trials.append(trial) }
            costs[entry.plan.name]?.add(ruling.verdicts)
            reserved += ruling.verdicts.reduce(0) { $0 + $1.cost.micro }
        }
        result.reservedMinor = Reservation.minor(reserved)
        result.costs = plans.filter { plan in
            plan.strategies.contains { result.evaluated.contains("\(plan.name).\($0.name)") }
        }.compactMap { costs[$0.name]?.cost }
        return result
    }
}

extension Reservation {
    /// Millionths of a minor unit as minor units, rounded up.
    static func minor(_ micro: Int128) -> Int64 { Int64(clamping: (micro + 999_999) / 1_000_000) }
}

extension PreviewResult {
    init(asOf: Int64, currency: String) {
        self.init(
            asOf: asOf, decisions: [], crowds: [], outcomes: [:], issuedCoupons: 0, messages: 0,
            reservedMinor: 0, costs: [], sizes: [], currency: currency, evaluated: [], skipped: [],
            changedSources: [], waiting: [], lookedBack: 0)
    }

    mutating func add(_ ruling: Cycle.Ruling, _ base: CustomerBase) {
        evaluated.append(ruling.entry.name)
        if let choice = ruling.choice { choices.append(choice) }
        lookedBack += ruling.sighting.lookedBack
        for verdict in ruling.verdicts {
            outcomes[verdict.outcome.rawValue, default: 0] += 1
            if verdict.outcome == .issued {
                issuedCoupons += base.program.items(of: verdict.offer)
                    .reduce(0) { $0 + $1.quantity }
                if let route = verdict.route {
                    messages += 1
                    add(route, base.program.channels[route.channel])
                }
            }
            decisions.append(Decision(verdict, ruling, base))
        }
        addBounds(of: ruling.entry.strategy, base)
        for crowd in ruling.crowds {
            outcomes[crowd.key.outcome.rawValue, default: 0] += crowd.members.count
            crowds.append(CrowdDecision(crowd, ruling.entry))
        }
    }

    /// How long the texts that a strategy says could be, whoever gets them.
    private mutating func addBounds(of strategy: Strategy, _ base: CustomerBase) {
        guard let say = strategy.say else { return }
        let measure = MessageMeasure(
            base.program.offers(of: strategy), base.program, today: base.moment.today)
        for index in say.channels {
            let name = base.program.channels[index].name
            guard let place = sizes.firstIndex(where: { $0.channel == name }) else { continue }
            let parts = base.program.messages[say.message].texts[index] ?? []
            let most = measure.mostCharacters(of: parts)
            sizes[place].bound = sizes[place].bound.flatMap { known in most.map { max(known, $0) } }
        }
    }

    private mutating func add(_ route: Judgement.Route, _ channel: Channel) {
        guard let size = route.size else { return }
        let place = sizes.firstIndex { $0.channel == channel.name } ?? sizes.count
        if place == sizes.count { sizes.append(MessageSizes(channel: channel.name)) }
        sizes[place].messages += 1
        sizes[place].longest = max(sizes[place].longest, size.length)
        if let parts = size.parts {
            sizes[place].parts = (sizes[place].parts ?? 0) + parts
            sizes[place].mostParts = max(sizes[place].mostParts ?? 0, parts)
        }
        sizes[place].costMicro = Int64(
            clamping: Int128(sizes[place].costMicro) + Int128(route.costMicro))
    }
}

extension CrowdDecision {
    init(_ crowd: Crowd, _ entry: Cycle.Entry) {
        self.init(
            plan: entry.plan.name, strategy: entry.strategy.name,
            occurrence: Decision.text(feed: crowd.key.feed, day: Int64(crowd.key.day)) ?? "",
            at: crowd.key.at,
            outcome: crowd.key.outcome.rawValue, trigger: crowd.key.trigger,
            alsoMatched: crowd.key.alsoMatched, members: crowd.members)
    }
}

extension Decision {
    init(_ verdict: Cycle.Verdict, _ ruling: Cycle.Ruling, _ base: CustomerBase) {
        let occasion = verdict.occasion
        let isIssued = verdict.outcome == .issued
        let entry = ruling.entry
        let size = isIssued ? verdict.route?.size : nil
        self.init(
            plan: entry.plan.name, strategy: entry.strategy.name, member: verdict.member,
            occurrence: Self.text(of: occasion), at: occasion.at,
            outcome: verdict.outcome.rawValue,
            offer: isIssued ? base.program.name(of: verdict.offer) : nil,
            channel: isIssued
                ? verdict.route.map { base.program.channels[$0.channel].name } : nil,
            couponMinor: verdict.cost.couponMinor, messageMicro: verdict.cost.messageMicro,
            length: size?.length, parts: size?.parts, trigger: occasion.trigger,
            alsoMatched: occasion.alsoMatched)
    }

    private static func text(of occasion: Occasion) -> String {
        if occasion.isDay, let text = text(feed: occasion.feed, day: occasion.key) { return text }
        return occasion.label.isEmpty
            ? occasion.feed : text(feed: occasion.feed, label: occasion.label)
    }

    /// `2026-04-02`, `weather in Shanghai 2026-04-02`; nil for the feed of events. Ledgers from
    /// before a member had one occurrence of a day name its pattern: `date daily`.
    static func text(feed: String, day: Int64) -> String? {
        let text = CivilDate(days: Int(day)).text
        if feed.hasPrefix("date ") { return text }
        return feed.hasPrefix(WeatherOccurrences.feed(of: ""))
            ? Self.text(feed: feed, label: text) : nil
    }

    /// `orders A1`, `carts C1 then no purchase within 2 hours`, `lines A1/2` where two fields are
    /// the key
    static func text(feed: String, label: String) -> String {
        let label = label.replacing("\u{1F}", with: "/")
        let follows = [" then ", " idle "].compactMap { feed.firstRange(of: $0)?.lowerBound }.min()
        guard let follows else { return "\(feed) \(label)" }
        return "\(feed[..<follows]) \(label)\(feed[follows...])"
    }
}

extension RunReport {
    init(run: Int64, asOf: Int64, load: LoadSummary, _ currency: String) {
        self.init(
            run: run, asOf: asOf, audience: 0, issued: 0, messages: 0, outcomes: [:], load: load,
            expired: 0, costs: [], currency: currency, evaluated: [], skipped: [], missed: [],
            delivery: DeliveryReport())
    }
}

extension LoadSummary {
    init(_ report: LoadReport, _ program: Program, reasons: [QuarantinedRow]) {
        let counts = program.dataSets.map { dataSet in
            let files = report.files.filter { $0.dataSet == dataSet.name }
            let total = { (count: KeyPath<LoadReport.File, Int>) in
                files.reduce(0) { $0 + $1[keyPath: count] }
            }
            return DataSetCounts(
                name: dataSet.name, files: files.count { !$0.isSkipped }, new: total(\.new),
                changed: total(\.changed), unchanged: total(\.unchanged),
                conflict: total(\.conflicts), quarantined: total(\.quarantined))
        }
        self.init(
            dataSets: counts,
            reasons: reasons.map {
                Reason(
                    file: $0.path, line: Int(clamping: $0.line), field: $0.field,
                    value: $0.value, reason: $0.reason)
            })
    }
}
