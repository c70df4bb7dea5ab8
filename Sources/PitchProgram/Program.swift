import PitchSchema
import PitchSource

/// A checked script: every name resolved, every expression typed.
package struct Program: Sendable {
    package var project: Project
    package var dataSets: [DataSet]
    /// Segments and named fields, each after those it uses.
    package var definitions: [Definition]
    package var coupons: [Coupon]
    package var bundles: [Bundle]
    package var channels: [Channel]
    package var messages: [Message]
    package var goals: [Goal]
    package var themes: [Theme]
    package var plans: [Plan]
    /// Everything that is checked but not executed yet; `run` and `preview` refuse while this is
    /// not empty.
    package var unexecuted: [Unexecuted]

    package init(
        project: Project, dataSets: [DataSet] = [], definitions: [Definition] = [],
        coupons: [Coupon] = [],
        bundles: [Bundle] = [], channels: [Channel] = [], messages: [Message] = [],
        goals: [Goal] = [], themes: [Theme] = [], plans: [Plan] = [],
        unexecuted: [Unexecuted] = []
    ) {
        self.project = project
        self.dataSets = dataSets
        self.definitions = definitions
        self.coupons = coupons
        self.bundles = bundles
        self.channels = channels
        self.messages = messages
        self.goals = goals
        self.themes = themes
        self.plans = plans
        self.unexecuted = unexecuted
    }

    /// The members' data set; nil in a script that declares none.
    package var members: DataSetID? {
        dataSets.firstIndex { $0.kind == .members }.map(DataSetID.init)
    }

    /// The past campaigns; nil in a script that declares none.
    package var history: DataSetID? {
        dataSets.firstIndex(where: \.isHistory).map(DataSetID.init)
    }

    /// All that a strategy may give.
    package func offers(of strategy: Strategy) -> [Offer] {
        switch strategy.gift {
        case nil: []
        case .offer(let offer): [offer]
        case .best(let offers, _): offers
        case .picked(let theme): themes[theme].candidates
        }
    }

    /// The table that a field refers to; nil for a field that is no reference.
    package func table(referredBy field: FieldID) -> DataSetID? {
        guard case .reference(let name) = dataSets[field.dataSet.index].fields[field.index].type
        else { return nil }
        return dataSets.firstIndex { $0.kind == .table && $0.name == name }.map(DataSetID.init)
    }
}

package struct Project: Sendable {
    package var name: String
    /// IANA name.
    package var zone: String
    package var currency: Currency
    /// Path of the store, relative to the script's folder.
    package var store: String
    /// 1 = Monday … 7 = Sunday.
    package var weekStart: Int

    package init(name: String, zone: String, currency: Currency, store: String, weekStart: Int = 1)
    {
        self.name = name
        self.zone = zone
        self.currency = currency
        self.store = store
        self.weekStart = weekStart
    }
}

/// A segment (its expression is a truth value) or a named field, over one member.
package struct Definition: Sendable {
    package enum Kind: String, Sendable { case segment, field }
    package let kind: Kind
    package let name: String
    package let title: String?
    package let expression: Expression
    package let range: SourceRange

    package init(
        _ kind: Kind, _ name: String, title: String? = nil, _ expression: Expression,
        at range: SourceRange = .none
    ) {
        self.kind = kind
        self.name = name
        self.title = title
        self.expression = expression
        self.range = range
    }
}

/// A clause or declaration that is checked but that the engine does not execute yet.
package struct Unexecuted: Sendable {
    /// As the marketer wrote it: `quiet`, `goal`.
    package let word: String
    package let range: SourceRange
    package init(_ word: String, at range: SourceRange) {
        self.word = word
        self.range = range
    }
}

package struct Message: Sendable {
    package enum Class: String, Sendable { case marketing, service }

    package enum Part: Sendable {
        case text(String)
        /// A member's own value; missing makes the outcome `text incomplete`.
        case value(Expression)
        /// `{bundle.title}`, `{offer.title}`: the title of what is given, or its name.
        case offerTitle
        /// `{expires}`, `{expires as 'd MMMM'}`: the last day of the coupon that ends first.
        case expires(pattern: String?)
        /// `{code}`: the unique codes of the coupons, separated by a blank.
        case code
    }

    package var name: String
    package var title: String?
    package var `class`: Class
    /// The text for a channel: index into `Program.channels` → parts.
    package var texts: [Int: [Part]]
    package var range: SourceRange

    package init(
        name: String, title: String? = nil, class: Class, texts: [Int: [Part]],
        range: SourceRange = .none
    ) {
        self.name = name
        self.title = title
        self.class = `class`
        self.texts = texts
        self.range = range
    }
}
