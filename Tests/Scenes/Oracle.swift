/// What a strategy decided about one occurrence of one member.
struct Finding: Hashable, Comparable {
    let strategy: String
    let member: String
    let feed: String
    /// The number of the row, counted as they came; the day; the instant of coming into a segment.
    let key: Int
    let at: Int
    let line: Int
    let alsoMatched: [Int]
    let outcome: String

    init(
        _ strategy: String, _ member: String, _ feed: String, key: Int, at: Int, lines: [Int],
        _ outcome: String
    ) {
        self.strategy = strategy
        self.member = member
        self.feed = feed
        // The order in which coupons are issued to several members is the engine's own.
        self.key = feed.contains(" expiring in ") ? 0 : key
        self.at = at
        line = lines.first ?? -1
        alsoMatched = Array(lines.dropFirst())
        self.outcome = outcome
    }

    var text: String {
        "\(strategy) \(member) '\(feed)' \(key) at \(at) by line \(line)\(alsoMatched): \(outcome)"
    }

    static func < (left: Finding, right: Finding) -> Bool { left.text < right.text }
}

/// What each cycle of a case decides, read off section 5 of the language as plainly as can be:
/// every cycle looks at everything that has come. Where the language says nothing, it says so.
struct Oracle {
    let scenes: SceneCase
    private var states: [String: StrategyState] = [:]
    private var coupons: [IssuedCoupon] = []

    init(_ scenes: SceneCase) { self.scenes = scenes }

    /// What one cycle decides, and which days it finds missed, `s1 2026-04-02`.
    mutating func cycle(_ number: Int) -> (findings: [Finding], missed: [String]) {
        let view = View(scenes.world, cycle: number)
        var findings: [Finding] = []
        var missed: [String] = []
        for strategy in scenes.strategies {
            var state = states[strategy.name] ?? StrategyState(strategy, in: view)
            guard state.isDue(strategy, at: view) else { continue }
            let look = Look(strategy: strategy, view: view, state: state, coupons: coupons)
            for sight in look.sights {
                guard state.decided.insert(sight.occurrence).inserted else { continue }
                let finding = look.finding(sight)
                findings.append(finding)
                if finding.outcome == "issued" {
                    coupons.append(
                        IssuedCoupon(
                            number: coupons.count + 1, member: finding.member, issuedAt: view.now,
                            lastDay: view.today + SceneCase.couponDays))
                }
            }
            missed += look.missedDays.map { "\(strategy.name) \(view.clock.text(day: $0))" }
            state.close(look)
            states[strategy.name] = state
        }
        return (findings.sorted(), missed.sorted())
    }
}

struct IssuedCoupon {
    let number: Int
    let member: String
    let issuedAt: Int
    let lastDay: Int
}

/// A row that is there, and when it is.
struct Event: Hashable {
    /// What stays when another row takes its place.
    struct ID: Hashable {
        let feed: Feed
        /// Counted from 1 as the keys of its data set came.
        let number: Int
    }

    let row: Row
    let number: Int
    let at: Int

    var feed: Feed { row.feed }
    var id: ID { ID(feed: feed, number: number) }

    /// By `at`, then data set in the order of the file, then key.
    func isBefore(_ other: Event) -> Bool {
        (at, feed, row.key) < (other.at, other.feed, other.row.key)
    }
}

/// All that is there at one cycle.
struct View {
    let clock = LocalClock()
    let now: Int
    let today: Int
    let members: [Member]
    let holidays: Set<Int>
    let world: World
    /// Also rows whose time is still to come.
    private let events: [Feed: [Event]]

    init(_ world: World, cycle: Int) {
        self.world = world
        let clock = LocalClock()
        let (day, minute) = world.cycles[cycle]
        now = clock.instant(day: day, time: minute * LocalClock.minute)
        today = clock.day(of: now)
        members = world.members(at: cycle)
        holidays = Set(world.holidays)
        events = Dictionary(
            uniqueKeysWithValues: world.feeds.map { feed in
                (
                    feed,
                    world.rows(of: feed, at: cycle).enumerated().map { number, row in
                        let time = feed.isDated ? 0 : row.minute * LocalClock.minute
                        return Event(
                            row: row, number: number + 1,
                            at: clock.instant(day: row.day, time: time))
                    }
                )
            })
    }

    func arrived(_ feed: Feed) -> [Event] { events[feed] ?? [] }

    /// Those that are not in the future, in the order of events.
    func come(_ feed: Feed) -> [Event] {
        arrived(feed).filter { feed.isDated ? $0.row.day <= today : $0.at <= now }
            .sorted { $0.isBefore($1) }
    }

    func member(_ key: String) -> Member? { members.first { $0.key == key } }

    func number(of member: String) -> Int { members.firstIndex { $0.key == member } ?? -1 }
}

/// What tells occurrences apart: each has one outcome of a member, ever.
struct OccurrenceKey: Hashable {
    let member: String
    let feed: String
    let key: Int
}

/// What one strategy remembers.
struct StrategyState {
    /// The first run. The plans of these cases need no approval and began long before.
    let startedAt: Int
    /// `look back` widens the start.
    let start: Int
    var lastAt: Int?
    var decided: Set<OccurrenceKey> = []
    /// Rows that were there, and not in the future, at an earlier look. A replaced row is no new
    /// occurrence.
    var seen: Set<Event.ID>
    /// The last looks at windows of `then no`, by what their occurrences are called.
    var windows: [String: WindowLook] = [:]
    /// Days that a date line has been about, by its pattern and time.
    var judgedDays: Set<JudgedDay> = []
    /// Days before this one are over: judged or missed.
    var firstOpenDay: Int
    var weatherDays: Set<String> = []
    var members: Set<String>
    /// Nil before the first look.
    var insiders: Set<String>?
    /// Up to when expiring coupons were looked at.
    var expiryUntil: Int

    struct WindowLook {
        /// Windows that ended by then are over, of the rows that were there.
        let until: Int
        let rows: Set<Int>
    }

    struct JudgedDay: Hashable {
        let feed: String
        let day: Int
        let due: Int
    }

    /// Before the first look: what lies before the start is no occurrence. The language says only
    /// that it is too late; nothing is recorded of it, not to have an outcome for all of history.
    init(_ strategy: SceneStrategy, in view: View) {
        startedAt = view.now
        let start = strategy.lookBack.map { view.clock.shift(view.now, $0, times: -1) } ?? view.now
        self.start = start
        let startDay = view.clock.day(of: start)
        seen = Set(
            view.world.feeds.flatMap { feed in
                view.come(feed).filter { feed.isDated ? $0.row.day <= startDay : $0.at <= start }
                    .map(\.id)
            })
        firstOpenDay = view.today
        members = Set(view.members.map(\.key))
        expiryUntil = start
        for (name, feed, _) in strategy.absences(in: view.world) {
            windows[name] = WindowLook(until: start, rows: Set(view.arrived(feed).map(\.number)))
        }
    }

    /// Slots are counted from local midnight, and a day that became due does not wait for one.
    func isDue(_ strategy: SceneStrategy, at view: View) -> Bool {
        guard let lastAt else { return true }
        let clock = view.clock
        if strategy.dueMinutes.contains(where: { minute in
            let due = clock.instant(day: view.today, time: minute * LocalClock.minute)
            return lastAt < due && due <= view.now
        }) {
            return true
        }
        let lastDay = clock.day(of: lastAt)
        switch strategy.every {
        case .days(let count): return view.today >= lastDay + count
        case .minutes(let count):
            let length = count * LocalClock.minute
            return lastDay != view.today
                || clock.time(of: lastAt) / length != clock.time(of: view.now) / length
        }
    }

    /// Everything that was there is seen.
    mutating func close(_ look: Look) {
        let view = look.view
        lastAt = view.now
        for feed in view.world.feeds { seen.formUnion(view.come(feed).map(\.id)) }
        for (name, feed, sequence) in look.strategy.absences(in: view.world) {
            windows[name] = WindowLook(
                until: look.windowsEnd(sequence, name),
                rows: Set(view.arrived(feed).map(\.number)))
        }
        judgedDays.formUnion(look.openDays.map(\.judged))
        firstOpenDay = view.today
        weatherDays.formUnion(look.weather.map(\.day))
        members = Set(view.members.map(\.key))
        insiders = look.insiders
        expiryUntil = view.now
    }
}

extension SceneStrategy {
    /// When days of its lines begin, in minutes.
    fileprivate var dueMinutes: [Int] {
        lines.compactMap { line in
            switch line.source {
            case .day(_, let minute): minute ?? WhenLine.dueMinute
            case .expiring: WhenLine.dueMinute
            default: nil
            }
        }
    }
}
