import PitchSchema

/// What `count` found. `selected + unknown + failed` is at most `total`; the rest does not match.
package struct CountResult: Sendable, Equatable {
    package var selected: Int
    package var unknown: Int
    /// Members for whom the condition could not be computed.
    package var failed: Int
    package var total: Int
}

/// Members as a table: the key, then the fields asked for.
package struct MemberTable: Sendable {
    package struct Column: Sendable {
        package let name: String
        package let type: ValueType
    }
    package var columns: [Column]
    /// One value a column, in the store's order of members.
    package var rows: [[Value]]
    /// How many members there are in all, of whom `rows` shows the first.
    package var selected: Int
}

/// What each condition of an `and` removes, in the order written.
package struct FunnelResult: Sendable, Equatable {
    package struct Step: Sendable, Equatable {
        /// The condition as written.
        package let text: String
        /// Members for whom this condition and all before it hold.
        package let left: Int
        package let removed: Int
        /// Members for whom all conditions hold but this one.
        package let nearMisses: Int
    }
    package var total: Int
    package var steps: [Step]
}

/// A condition or value with what it came to for one member.
package struct TraceNode: Sendable, Equatable {
    package enum Verdict: String, Sendable { case yes, no, unknown, failed, value }
    /// As written.
    package let text: String
    package let verdict: Verdict
    /// The value itself, as text in the project's zone; empty for a truth.
    package let value: String
    package let children: [TraceNode]
    /// Of a case: it is the one that gives the value. Nil for all else.
    package var holds: Bool?
}

/// Why a member is or is not selected; or what a strategy decided about the member.
package enum WhyResult: Sendable {
    case condition(TraceNode)
    case strategy(name: String, outcomes: [Decision], now: [TraceNode])
}

/// The compiled form of a condition.
package struct Explanation: Sendable {
    package struct Step: Sendable {
        package let text: String
        /// What it looks at: `a field`, `text`, `a count of events`.
        package let kernel: String
        /// The share of a sample of members that it keeps.
        package let selectivity: Double
        /// Estimated nanoseconds a member.
        package let nanoseconds: Double
        /// How its answer is found, and why so: `zones tell of 93.6 %`.
        package let path: String
        package let columns: [String]
    }
    /// In the order in which they are carried out.
    package var steps: [Step]
    /// Columns touched, `data set.field`.
    package var columns: [String] { (filed + unfiled).sorted() }
    /// Those taken from the files of columns, and those read from the rows of the store.
    package var filed: [String]
    package var unfiled: [String]
    /// Which instructions the kernels use: `portable`, `avx2`, `avx512`.
    package var instructions: String
    /// Members that are looked at together.
    package var batchRows: Int
    /// At a prompt: how it was answered when it was last asked there, and why so.
    package var lastTime: String?
}

/// What was decided about one member at one occurrence.
package struct Decision: Sendable, Equatable {
    package let plan: String
    package let strategy: String
    package let member: String
    /// What set it off: `orders 1001`, `2026-04-02`.
    package let occurrence: String
    /// When the occurrence was, in milliseconds since 1970.
    package let at: Int64
    /// `issued`, `no consent`, `too late` …: see `OutcomeReason`.
    package let outcome: String
    package let offer: String?
    package let channel: String?
    /// Reserved: the worst case of the coupons in minor units, and the cost of the message in
    /// millionths of a minor unit.
    package let couponMinor: Int64
    package let messageMicro: Int64
    /// How long the message is, in characters and in parts, where its channel counts them; nil in
    /// what the ledger keeps.
    package let length: Int?
    package let parts: Int?
    /// The `when` line that it is credited to, from 0, and other lines that matched as well.
    package let trigger: Int
    package let alsoMatched: [Int]
}

/// What a day came to for those who get nothing, decided alike.
package struct CrowdDecision: Sendable, Equatable {
    package let plan: String
    package let strategy: String
    /// The local day, `2026-04-02`.
    package let occurrence: String
    package let at: Int64
    package let outcome: String
    package let trigger: Int
    package let alsoMatched: [Int]
    /// The numbers of the members in the store, from 0, ascending.
    package let members: [Int32]
}

/// Who would get what. Nothing is written.
package struct PreviewResult: Sendable {
    package var asOf: Int64
    /// Of events, and of days for those who get something.
    package var decisions: [Decision]
    /// Of days, for everybody else.
    package var crowds: [CrowdDecision]
    /// How many occurrences each outcome has.
    package var outcomes: [String: Int]
    /// Occurrences that would be judged.
    package var audience: Int { outcomes.values.reduce(0, +) }
    package var issuedCoupons: Int
    package var messages: Int
    /// What this would reserve, in minor units: the worst case of the coupons and the messages.
    package var reservedMinor: Int64
    /// Of the plans that would be judged, with what this would add.
    package var costs: [PlanCost]
    /// How long the messages would be, by channel; only of channels that count or limit.
    package var sizes: [MessageSizes]
    package var currency: String
    /// Strategies that would run, and those skipped with the reason.
    package var evaluated: [String]
    package var skipped: [SkippedStrategy]
    /// Files that changed since they were last loaded.
    package var changedSources: [String]
    /// Plans that do not run before they are approved.
    package var waiting: [String]
    /// How many occurrences `look back` adds.
    package var lookedBack: Int
    /// Why a run at this instant would refuse, though a preview does not.
    package var refusal: String?
    /// What the optimizer would choose.
    package var choices: [ChoiceReport] = []
    /// What is expected of those who would get something, by strategy; where there is history.
    package var trials: [TrialRecord] = []
}

/// How long the messages of one channel would be.
package struct MessageSizes: Sendable, Equatable {
    package let channel: String
    package var messages = 0
    /// In characters (Unicode scalars).
    package var longest = 0
    /// What no member's text can pass; nil when a hole holds a text of any length.
    package var bound: Int? = 0
    /// Of text messages; nil where the channel does not count parts.
    package var parts: Int?
    package var mostParts: Int?
    /// What they cost, in millionths of a minor unit.
    package var costMicro: Int64 = 0
}

package struct SkippedStrategy: Sendable, Equatable {
    package let name: String
    package let reason: String
}

/// What one run did.
package struct RunReport: Sendable {
    package var run: Int64
    package var asOf: Int64
    /// Occurrences judged; the outcomes add up to it.
    package var audience: Int
    package var issued: Int
    package var messages: Int
    package var outcomes: [String: Int]
    package var load: LoadSummary
    /// Coupons whose last day was over.
    package var expired: Int
    /// Of the plans that were judged.
    package var costs: [PlanCost]
    package var currency: String
    package var evaluated: [String]
    package var skipped: [SkippedStrategy]
    /// Why valid plans were not judged: whose approval they wait for.
    package var waiting: [String] = []
    /// Days on which nothing ran, by strategy: `plan.strategy 2026-04-01`.
    package var missed: [String]
    package var reading = ReadCounts()
    package var rowsRead: Int { reading.rows }
    /// Places with new weather where no member lives.
    package var emptyPlaces: Set<String> = []
    package var delivery: DeliveryReport
    /// What the optimizer chose.
    package var choices: [ChoiceReport] = []

    /// Files that were delivered, and what went wrong with others.
    package var delivered: [String] { delivery.files }
    package var undelivered: [String] { delivery.undelivered }

    /// 4 when something is to be tried again, failed for some members, or a goal is out of reach;
    /// 0 otherwise.
    package var exitCode: Int32 {
        let isPartly =
            delivery.exitCode != 0 || load.quarantined > 0
            || outcomes[OutcomeReason.failed.rawValue] != nil
            || choices.contains { !$0.isReached }
        return isPartly ? 4 : 0
    }
}

/// Plans, budgets, stock and the outbox.
package struct StatusReport: Sendable {
    package struct PlanState: Sendable {
        package enum Validity: String, Sendable { case valid, ended, notYet = "not yet" }
        package let name: String
        package let title: String?
        package let validity: Validity
        package let firstDay: Int32
        package let lastDay: Int32
        package let cost: PlanCost
        package let approval: PlanApproval
        package let strategies: [StrategyState]
    }
    package struct StrategyState: Sendable {
        /// `plan.strategy`
        package let name: String
        package let lastRun: Int64?
        package let isDue: Bool
        package let outcomes: [String: Int]
        /// Rows that lay before the start and are never judged.
        package let beforeStart: Int
        /// Nil without `success`, before the first run, and while the data is not loaded as the
        /// script declares it.
        package let success: SuccessState?
    }
    /// What the outcomes of a strategy with `success` led to: those issued, and their twins, held
    /// out to compare with.
    package struct SuccessState: Sendable, Equatable {
        package var issued = SuccessGroup()
        package var heldOut = SuccessGroup()
    }
    package struct SuccessGroup: Sendable, Equatable {
        package var members = 0
        /// Those whose window is still open.
        package var inWindow = 0
        package var converted = 0

        /// Nil of nobody.
        package var rate: Double? { members == 0 ? nil : Double(converted) / Double(members) }

        package init(members: Int = 0, inWindow: Int = 0, converted: Int = 0) {
            self.members = members
            self.inWindow = inWindow
            self.converted = converted
        }
    }
    /// How long the messages that were handed over last took.
    package struct Delay: Sendable, Equatable {
        /// From the occurrence to the hand-over.
        package let handedOver: Quantiles
        /// From the occurrence to the decision.
        package let decided: Quantiles
        /// From the occurrence to the load that took the last row that it is made of; nil where no
        /// message was about rows whose arrival is known.
        package let arrived: Quantiles?
        /// From that load, or the occurrence if it is later, to the hand-over.
        package let sinceArrival: Quantiles?
    }
    /// How long half and 99 % took at most, in milliseconds (nearest rank).
    package struct Quantiles: Sendable, Equatable {
        package let messages: Int
        package let half: Int64
        package let most: Int64

        /// Nil of no message.
        /// - Parameter delays: ascending.
        init?(_ delays: [Int64]) {
            guard !delays.isEmpty else { return nil }
            messages = delays.count
            half = delays[(delays.count * 50 + 99) / 100 - 1]
            most = delays[(delays.count * 99 + 99) / 100 - 1]
        }
    }
    package struct StockState: Sendable {
        package let coupon: String
        /// How many there ever were.
        package let issued: Int64
        package let stock: Int64?
        /// How many are in each state; no zeros.
        package let states: [String: Int64]
    }
    /// The messages of one channel, by what has become of them.
    package struct ChannelState: Sendable, Equatable {
        package let channel: String
        package let queued: Int
        package let delivered: Int
        package let failed: Int
        package let unknown: Int
        /// Being handed over, or left by a process that died.
        package let leased: Int
        /// Why, of those that are failed or unknown.
        package let reasons: [String: Int]
    }
    package var plans: [PlanState]
    package var stock: [StockState]
    /// Rows of redemption data that changed nothing, by reason.
    package var conflicts: [String: Int]
    package var channels: [ChannelState]
    /// From an event to the hand-over of its message; nil while none was handed over.
    package var delay: Delay?
    package var queued: Int { channels.reduce(0) { $0 + $1.queued } }
    package var delivered: Int { channels.reduce(0) { $0 + $1.delivered } }
    package var failed: Int { channels.reduce(0) { $0 + $1.failed } }
    package var unknown: Int { channels.reduce(0) { $0 + $1.unknown } }
    package var leased: Int { channels.reduce(0) { $0 + $1.leased } }
    package var lastRun: RunRecord?
    package var currency: String
}

/// One past run.
package struct RunRecord: Sendable, Equatable {
    package let run: Int64
    package let asOf: Int64
    package let audience: Int
    package let issued: Int
    package let messages: Int
    package let outcomes: [String: Int]
    /// False for a run that was cut short.
    package let isFinished: Bool
    /// Nil of a run that was cut short, or by a version that did not keep it.
    package let work: Work?

    /// How much it had to do.
    package struct Work: Sendable, Equatable {
        package let rulesEvaluated: Int
        package let rulesSkipped: Int
        package let reading: ReadCounts
    }
}

/// One entry of the delivery's log: what came of the messages of a channel.
package struct DeliveryEntry: Sendable, Equatable {
    package let at: Int64
    package let channel: String
    /// `handed over`, `taken up`, `retried failed`, `resent unknown`.
    package let action: String
    package let counts: ChannelDelivery
}

/// A name that can be written in an expression, for completion.
package struct Symbol: Sendable, Hashable {
    package enum Kind: String, Sendable {
        case field, dataSet, eventField, segment, definition, coupon, bundle, channel, message
        case plan, strategy, constant, choice
    }
    package let name: String
    package let kind: Kind
    package let detail: String
}
