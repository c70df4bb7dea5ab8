import PitchSchema

/// A message for one member, whose last holes are filled when the coupons are issued.
struct MessageText {
    enum Piece {
        case text(String)
        case offerTitle
        case expires(String?)
        case codes
    }

    let pieces: [Piece]

    /// - Parameter lastDay: of the coupon that ends first; nil when nothing is given.
    func filled(offerTitle: String, lastDay: Int32?, codes: [String]) -> String {
        pieces.map { piece in
            switch piece {
            case .text(let text): text
            case .offerTitle: offerTitle
            case .expires(let pattern):
                lastDay.map { DayFormat.text(of: $0, pattern: pattern ?? "yyyy-MM-dd") } ?? ""
            case .codes: codes.joined(separator: " ")
            }
        }.joined()
    }
}

/// Days as text by a pattern in the letters of Unicode TR35: `y`, `M`, `d`, `E` and, between single
/// quotes, text as it is.
enum DayFormat {
    static func text(of day: Int32, pattern: String) -> String {
        let date = CivilDate(days: Int(day))
        var text = ""
        var rest = Substring(pattern)
        while let letter = rest.first {
            if letter == "'" {
                rest.removeFirst()
                let quoted = rest.prefix { $0 != "'" }
                text += quoted.isEmpty ? "'" : quoted
                rest = rest.dropFirst(quoted.count + 1)
                continue
            }
            let run = rest.prefix { $0 == letter }
            text += field(letter, run.count, date) ?? String(run)
            rest = rest.dropFirst(run.count)
        }
        return text
    }

    private static func field(_ letter: Character, _ count: Int, _ date: CivilDate) -> String? {
        switch letter {
        case "y": count == 2 ? CivilDate.padded(date.year % 100, 2) : String(date.year)
        case "d": CivilDate.padded(date.day, count)
        case "M" where count >= 4: months[date.month - 1]
        case "M" where count == 3: String(months[date.month - 1].prefix(3))
        case "M": CivilDate.padded(date.month, count)
        case "E" where count >= 4: weekdays[date.weekday - 1]
        case "E": String(weekdays[date.weekday - 1].prefix(3))
        default: nil
        }
    }

    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September",
        "October", "November", "December",
    ]
    private static let weekdays = [
        "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
    ]
}
