import PitchSchema
import PitchSource

package struct Plan: Sendable {
    package var name: String
    package var title: String?
    /// Local days of the project's zone, both included.
    package var firstDay: Int32
    package var lastDay: Int32
    package var team: String?
    package var owner: String?
    /// All of them must approve it before it runs; none: it needs no approval.
    package var approvers: [String]
    /// Nil: no limit.
    package var budgetMinor: Int64?
    /// `budget … expected`: issuing reserves what a coupon is expected to cost, not its worst case.
    package var reservesExpected: Bool
    /// In the order of the file.
    package var strategies: [Strategy]
    package var range: SourceRange

    package init(
        name: String, title: String? = nil, firstDay: Int32, lastDay: Int32, team: String? = nil,
        owner: String? = nil, approvers: [String] = [], budgetMinor: Int64? = nil,
        reservesExpected: Bool = false,
        strategies: [Strategy],
        range: SourceRange = .none
    ) {
        self.name = name
        self.title = title
        self.firstDay = firstDay
        self.lastDay = lastDay
        self.team = team
        self.owner = owner
        self.approvers = approvers
        self.budgetMinor = budgetMinor
        self.reservesExpected = reservesExpected
        self.strategies = strategies
        self.range = range
    }
}

package struct Strategy: Sendable {
    package var name: String
    /// `was`: its name before a renaming, under which the ledger may know it.
    package var formerName: String?
    package var title: String?
    /// `for`: who it is for. Nil: every member.
    package var audience: Expression?
    /// In the order of the file; at least one.
    package var triggers: [Trigger]
    /// `if`: over the member, aggregates as of now, and `this`.
    package var condition: Expression?
    package var gift: Gift?
    package var say: Say?
    /// How often it is due, in slots counted from local midnight; days and weeks count whole local
    /// days.
    package var every: Period
    package var limit: Limit
    /// How old an occurrence may be when it is judged; nil: what suits its scene.
    package var freshFor: Period?
    /// Widens the start back.
    package var lookBack: Period?
    /// Days without a run that are judged late; 0: they are recorded as missed.
    package var catchUpDays: Int
    package var quiet: QuietHours?
    /// The share of members that gets nothing, to compare with; millionths of one.
    package var holdOut: Int64
    package var success: Success?
    /// Larger first.
    package var priority: Int
    package var range: SourceRange

    package init(
        name: String, title: String? = nil, audience: Expression? = nil, triggers: [Trigger],
        condition: Expression? = nil, gift: Gift? = nil, say: Say? = nil,
        every: Period = Period(1, .day),
        limit: Limit = .none, freshFor: Period? = nil, lookBack: Period? = nil,
        catchUpDays: Int = 0, formerName: String? = nil, quiet: QuietHours? = nil,
        holdOut: Int64 = 0, success: Success? = nil, priority: Int = 0, range: SourceRange = .none
    ) {
        self.name = name
        self.title = title
        self.audience = audience
        self.triggers = triggers
        self.condition = condition
        self.gift = gift
        self.say = say
        self.every = every
        self.limit = limit
        self.freshFor = freshFor
        self.lookBack = lookBack
        self.catchUpDays = catchUpDays
        self.formerName = formerName
        self.quiet = quiet
        self.holdOut = holdOut
        self.success = success
        self.priority = priority
        self.range = range
    }
}

/// A `when` line, or where several data sets feed its scene, what it waits for in one of them.
package struct Trigger: Sendable {
    package enum Source: Sendable {
        /// A row of an event data set; `per`: rows with one value of a field make one occurrence,
        /// in which the fields `amount` and `quantity` are sums, and the filter holds if it holds
        /// for any row.
        case event(DataSetID, per: Int?)
        /// The filters stand at its rows.
        case count(EventCount)
        /// The filters stand at its rows.
        case sequence(EventSequence)
        /// The filter is over the member.
        case expiry(CouponExpiry)
        case date(DatePattern)
        /// The first observation of a place and local day that the filter holds for; it happens to
        /// every member whose field `place` (of the members) names the place. The filter reads no
        /// member.
        case weather(DataSetID, place: Int)
        /// A new row of the members; `joined`: their field that says when they joined.
        case joined(Int?)
        /// A member for whom a segment became true.
        case enters(DefinitionID)
    }

    package let source: Source
    /// Over the event row in scope (`eventField`) and the member (`memberField`).
    package let filter: Expression?
    /// Which of the strategy's `when` lines, from 0.
    package var line = 0
    /// The line as written.
    package let text: String
    package let range: SourceRange

    package init(
        _ source: Source, filter: Expression? = nil, text: String = "",
        at range: SourceRange = .none
    ) {
        self.source = source
        self.filter = filter
        self.text = text
        self.range = range
    }
}

/// Which local days are a member's, and from what time of the day they are due.
package struct DatePattern: Sendable {
    package enum Days: Sendable {
        /// The day and month of a member's date field, `daysBefore` earlier; 29 February is 28
        /// February in common years. Not in the year of the date itself. `birthday` is the field
        /// `born` or `birthday`.
        case yearly(field: Int, daysBefore: Int)
        /// Days of the month, 1…31; a day that a month lacks is its last day.
        case monthly([Int])
        /// 1 = Monday … 7 = Sunday.
        case weekly([Int])
        case daily
        /// One local day: days since 1970-01-01.
        case once(Int32)
        /// The days in the field `date` of a table's rows. `name`: the field that says what day it
        /// is, for `this.holiday`.
        case table(DataSetID, date: Int, name: Int?)
    }

    package let days: Days
    /// Milliseconds since local midnight.
    package let dueTime: Int64
    /// 09:00
    package static let dueTime: Int64 = 9 * 3_600_000

    package init(_ days: Days, dueTime: Int64 = DatePattern.dueTime) {
        self.days = days
        self.dueTime = dueTime
    }
}

/// What a strategy gives.
package enum Gift: Sendable, Hashable {
    case offer(Offer)
    /// To each member one of these or nothing, as a goal says: an index into `Program.goals`.
    case best([Offer], goal: Int)
    /// To those whom it fits an item of the template that was picked for the strategy: an index
    /// into `Program.themes`.
    case picked(theme: Int)
}

extension Gift {
    /// Whether members get different offers.
    package var isChoice: Bool {
        if case .offer = self { false } else { true }
    }
}

/// A coupon or a bundle.
package enum Offer: Sendable, Hashable {
    case coupon(CouponQuantity)
    /// Index into `Program.bundles`, and how many of it.
    case bundle(Int, quantity: Int)
}

/// `say hello_again via wechat or else sms`
package struct Say: Sendable {
    /// Index into `Program.messages`.
    package let message: Int
    /// Indices into `Program.channels`, in order of preference: the first that the member consents
    /// to and can be reached by.
    package let channels: [Int]
    package init(message: Int, channels: [Int]) {
        self.message = message
        self.channels = channels
    }
}

/// How often a member may get a strategy.
package enum Limit: Sendable, Hashable {
    case none
    case once
    case count(Int, per: Period)
}

/// `success is purchase within 7 days`
package struct Success: Sendable {
    /// Events of one data set, those for which the filter is true.
    package struct Source: Sendable {
        package let dataSet: DataSetID
        package let filter: Expression?
        package init(dataSet: DataSetID, filter: Expression?) {
            self.dataSet = dataSet
            self.filter = filter
        }
    }

    /// One event of any of them is a success.
    package let sources: [Source]
    package let within: Period
    package init(sources: [Source], within: Period) {
        self.sources = sources
        self.within = within
    }
}

extension Strategy {
    /// How old an occurrence of a source may be: 3 hours for weather, a day for all else, unless
    /// the strategy says.
    package func freshFor(_ source: Trigger.Source) -> Period {
        if let freshFor { return freshFor }
        if case .weather = source { return Period(3, .hour) }
        return Period(1, .day)
    }
}
