import PitchTestSupport

/// A row of events, and with which cycle it comes: before its time, in time or late.
struct Row: Hashable {
    let feed: Feed
    let key: String
    /// A member, or a town.
    let owner: String
    let day: Int
    /// Minutes that the clock on the wall shows.
    let minute: Int
    let fields: [String: Field]
    let arrives: Int

    func csv(_ clock: LocalClock) -> String {
        let at = feed.isDated ? clock.text(day: day) : clock.text(day: day, minute: minute)
        let values = feed.columns.map { (fields[$0.name] ?? .missing).csv }
        return ([key, owner, at] + values).joined(separator: ",") + "\n"
    }
}

/// A member as the file of one cycle and later ones has it.
struct Member: Hashable {
    let key: String
    let city: Field
    let points: Field
    /// Days since 1970.
    let born: Int?
    let joined: Int?
    let arrives: Int

    func csv(_ clock: LocalClock) -> String {
        let dates = [born, joined].map { $0.map { clock.text(day: $0) } ?? "" }
        return ([key, city.csv, points.csv] + dates).joined(separator: ",") + "\n"
    }
}

/// What happens to a shop, and when it runs.
struct World {
    /// Instants of the cycles, as the clock on the wall shows them.
    var cycles: [(day: Int, minute: Int)] = []
    /// A member's later version replaces the earlier one.
    var members: [Member] = []
    /// A later row with the key of another comes after it.
    var rows: [Row] = []
    var holidays: [Int] = []
    var hasReceipts = false

    static let towns = ["Bonn", "Kiel"]
    static let actions = ["carted", "viewed", "price_changed"]

    var feeds: [Feed] { Feed.allCases.filter { hasReceipts || $0 != .receipts } }

    /// Days around which calendars and clocks do something.
    private static let starts = [20_540, 20_750, 20_512, 20_817, 21_242, 20_545, 20_574]

    init(_ dice: inout Dice) {
        let first = dice.pick(Self.starts)
        hasReceipts = dice.chance(30)
        cycles.append((first, dice.roll(0...1439)))
        for _ in 0..<dice.roll(3...5) {
            let last = cycles[cycles.count - 1]
            let later = last.minute + dice.pick([7, 30, 61, 180, 420, 900, 1440, 1900, 3000])
            cycles.append((last.day + later / 1440, later % 1440))
        }
        holidays = (0..<dice.roll(0...3)).map { _ in first + dice.roll(0...6) }
        addMembers(&dice)
        for feed in feeds {
            let count = feed == .orders ? dice.roll(6...16) : dice.roll(2...9)
            for number in 0..<count { addRow(of: feed, number, &dice) }
        }
    }

    private var firstDay: Int { cycles[0].day }
    private var lastDay: Int { cycles[cycles.count - 1].day }

    private mutating func addMembers(_ dice: inout Dice) {
        for number in 0..<dice.roll(2...4) {
            let arrives = number > 1 && dice.chance(40) ? dice.roll(1...cycles.count - 1) : 0
            var member = member("m\(number)", arrives, &dice)
            members.append(member)
            guard dice.chance(30), arrives + 1 < cycles.count else { continue }
            let later = self.member(member.key, dice.roll(arrives + 1...cycles.count - 1), &dice)
            member = Member(
                key: member.key, city: later.city, points: later.points, born: member.born,
                joined: member.joined, arrives: later.arrives)
            members.append(member)
        }
    }

    private func member(_ key: String, _ arrives: Int, _ dice: inout Dice) -> Member {
        // Years ago, on a day near by: 365 days a year bring 29 February beside 28 February.
        let anniversary = { (dice: inout Dice) in
            firstDay + dice.roll(-1...5) - dice.pick([365, 730, 1461, 5844, 7305, 10_957])
        }
        let joined = dice.chance(60) ? anniversary(&dice) : firstDay + dice.roll(-2...5)
        return Member(
            key: key,
            city: dice.chance(15) ? .missing : .text(dice.pick(Self.towns)),
            points: dice.chance(20) ? .missing : .number(dice.roll(0...5)),
            born: dice.chance(15) ? nil : anniversary(&dice),
            joined: dice.chance(20) ? nil : joined, arrives: arrives)
    }

    private mutating func addRow(of feed: Feed, _ number: Int, _ dice: inout Dice) {
        let late = dice.chance(25)
        let cycle = dice.roll(0...cycles.count - 1)
        var fields: [String: Field] = [:]
        for column in feed.columns {
            fields[column.name] =
                column.isOptional && dice.chance(25) ? .missing : Self.value(column, &dice)
        }
        // Mostly near the cycle with which it comes; otherwise anywhere.
        let day = late ? dice.roll(firstDay - 3...lastDay + 1) : cycles[cycle].day
        let minute =
            late || dice.chance(30)
            ? dice.roll(0...1439) : max(0, cycles[cycle].minute - dice.roll(0...90))
        let owner = feed == .weather ? dice.pick(Self.towns) : dice.pick(members).key
        // Events of a member come with the member at the earliest.
        let known = members.first { $0.key == owner }?.arrives ?? 0
        let row = Row(
            feed: feed, key: "\(feed.rawValue.prefix(1))\(dice.chance(50) ? number : 99 - number)",
            owner: owner, day: day, minute: minute, fields: fields, arrives: max(known, cycle))
        if rows.contains(where: { $0.feed == feed && $0.key == row.key }) { return }
        rows.append(row)
        guard feed != .weather, row.arrives + 1 < cycles.count, dice.chance(20) else { return }
        var later = fields
        let column = dice.pick(feed.columns)
        later[column.name] = Self.value(column, &dice)
        let delay = dice.pick([0, 0, 5, 60, 300, 1440, -5, -60, -300])
        let moved = day * 1440 + minute + delay
        rows.append(
            Row(
                feed: feed, key: row.key, owner: owner, day: moved / 1440, minute: moved % 1440,
                fields: later,
                arrives: dice.roll(row.arrives + 1...cycles.count - 1)))
    }

    private static func value(_ column: Column, _ dice: inout Dice) -> Field {
        switch column.kind {
        case .money: .number(dice.pick([0, 10, 20, 30, 50, 80, 100]))
        case .integer: .number(dice.roll(0...4))
        case .celsius: .number(dice.roll(0...20))
        case .text(let words), .choice(let words): .text(dice.pick(words))
        }
    }

    /// The members known with a cycle, in the order in which they came.
    func members(at cycle: Int) -> [Member] {
        var known: [Member] = []
        for arrived in 0...cycle {
            for member in members where member.arrives == arrived {
                if let place = known.firstIndex(where: { $0.key == member.key }) {
                    known[place] = member
                } else {
                    known.append(member)
                }
            }
        }
        return known
    }

    /// The lines of one data set's file with a cycle, in the order in which they came.
    func lines(of feed: Feed, at cycle: Int) -> [Row] {
        (0...cycle).flatMap { arrived in
            rows.filter { $0.feed == feed && $0.arrives == arrived }
        }
    }

    /// What they come to: one row a key, in the place of the first.
    func rows(of feed: Feed, at cycle: Int) -> [Row] {
        var known: [Row] = []
        for line in lines(of: feed, at: cycle) {
            guard let place = known.firstIndex(where: { $0.key == line.key }) else {
                known.append(line)
                continue
            }
            if feed.replaces { known[place] = line }
        }
        return known
    }
}
