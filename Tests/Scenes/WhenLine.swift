import PitchTestSupport

/// One `when` line.
struct WhenLine {
    var source: Source
    var filter: Condition?

    enum Source {
        case event(Events, isPerBasket: Bool)
        case count(Events, Position)
        case sequence(Sequence)
        case idle(Span)
        case day(Days, minute: Int?)
        case weather
        case joined
        /// Of the strategy's own segment.
        case enters
        case expiring(days: Int)
    }

    /// `purchase`, `product carted`
    struct Events: Hashable {
        let scene: String
        var action: String?

        var text: String { action.map { "product " + $0.replacing("_", with: " ") } ?? scene }

        func feeds(of world: World) -> [Feed] { world.feeds.filter { $0.scene == scene } }
    }

    struct Position: Hashable {
        let number: Int
        let repeats: Bool

        func holds(_ position: Int) -> Bool {
            repeats ? position.isMultiple(of: number) : position == number
        }

        func text(_ events: Events) -> String {
            if repeats {
                let ending = number == 2 ? "nd" : number == 3 ? "rd" : "th"
                return "every \(number)\(ending) \(events.text)"
            }
            return number == 1 ? "first \(events.text)" : "\(events.text) number \(number)"
        }
    }

    struct Sequence {
        let first: Events
        var position: Position?
        let second: Events
        var secondFilter: Condition?
        let isAbsence: Bool
        let isSameProduct: Bool
        let within: Span

        /// From `then` on.
        var wording: String {
            "then \(isAbsence ? "no " : "")\(second.text)"
                + (secondFilter.map { " where \($0.text)" } ?? "")
                + (isSameProduct ? " with same product" : "") + " within \(within.text)"
        }
    }

    enum Days: Hashable {
        case yearly(field: String, before: Int)
        case monthly([Int])
        case weekly([Int])
        case weekdays, daily, holidays
        case once(Int)

        static let names = [
            "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
        ]

        /// What tells its days from another's.
        var feed: String {
            switch self {
            case .yearly(let field, let before): "date yearly \(field) \(before)"
            case .monthly(let days): "date monthly " + Self.numbers(days)
            case .weekly(let days): "date weekly " + Self.numbers(days)
            case .weekdays: "date weekly 1 2 3 4 5"
            case .daily: "date daily"
            case .holidays: "date in holidays"
            case .once(let day): "date once " + LocalClock().text(day: day)
            }
        }

        private static func numbers(_ days: [Int]) -> String {
            days.map(String.init).joined(separator: " ")
        }

        func text(minute: Int?) -> String {
            let time = minute.map { String(format: "%02d:%02d", $0 / 60, $0 % 60) }
            let at = time.map { " at \($0)" } ?? ""
            switch self {
            case .yearly(let field, let before):
                let ahead = before == 0 ? "" : "\(Span.days(before).text) before "
                return ahead + (field == "born" ? "birthday" : "anniversary of \(field)") + at
            case .monthly(let days):
                return "every month on [\(days.map(String.init).joined(separator: ", "))]" + at
            case .weekly(let days) where days.count == 1:
                return "every \(Self.names[days[0] - 1])" + at
            case .weekly(let days):
                return "every week on [\(days.map { Self.names[$0 - 1] }.joined(separator: ", "))]"
                    + at
            case .weekdays: return "every weekday" + at
            case .daily: return "every day" + at
            case .holidays: return "every day in holidays" + at
            case .once(let day):
                return "once at \(LocalClock().text(day: day))" + (time.map { " " + $0 } ?? "")
            }
        }
    }

    static let dueMinute = 540

    var text: String {
        let condition = filter.map { " where \($0.text)" } ?? ""
        switch source {
        case .event(let events, let isPerBasket):
            return events.text + (isPerBasket ? " per basket" : "") + condition
        case .count(let events, let position): return position.text(events) + condition
        case .sequence(let sequence):
            let first = sequence.position?.text(sequence.first) ?? sequence.first.text
            return first + condition + " " + sequence.wording
        case .idle(let span): return "balance idle for \(span.text)" + condition
        case .day(let days, let minute): return days.text(minute: minute) + condition
        case .weather: return "weather in city" + condition
        case .joined: return "member joined" + condition
        case .enters: return "member enters SEGMENT" + condition
        case .expiring(let days):
            return "coupon off20 expiring in \(Span.days(days).text)" + condition
        }
    }

    /// The forms that it shows.
    var words: [String] {
        let filtered = filter == nil ? [] : ["where"]
        switch source {
        case .event(let events, let isPerBasket):
            return [events.text] + (isPerBasket ? ["per"] : []) + filtered
        case .count(let events, let position):
            let form = position.repeats ? "every nth" : position.number == 1 ? "first" : "number n"
            return [form, "\(form) \(events.text)"] + filtered
        case .sequence(let sequence):
            return [sequence.isAbsence ? "then no" : "then"] + filtered
                + (sequence.isSameProduct ? ["with same"] : [])
                + (sequence.position == nil ? [] : ["counted then"])
        case .idle: return ["balance idle"] + filtered
        case .day(let days, _):
            let form =
                switch days {
                case .yearly("born", 0): "birthday"
                case .yearly("born", _): "before birthday"
                case .yearly(_, 0): "anniversary"
                case .yearly: "before anniversary"
                case .monthly: "every month"
                case .weekly(let days): days.count == 1 ? "day of the week" : "every week"
                case .weekdays: "every weekday"
                case .daily: "every day"
                case .holidays: "holidays"
                case .once: "once"
                }
            return [form, "date"] + filtered
        case .weather: return ["weather"] + filtered
        case .joined: return ["joined"] + filtered
        case .enters: return ["enters"] + filtered
        case .expiring: return ["expiring"] + filtered
        }
    }

    static let required = [
        "purchase", "topup", "coupon bought", "coupon used", "coupon claimed", "product carted",
        "product viewed", "product price changed", "per", "first", "number n", "every nth", "then",
        "then no", "with same", "counted then", "balance idle", "birthday", "before birthday",
        "anniversary", "before anniversary", "every month", "day of the week", "every week",
        "every weekday", "every day", "holidays", "once", "weather", "joined", "enters",
        "expiring", "where",
    ]
}
