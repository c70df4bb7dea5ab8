import PitchEngine
import Testing

/// Questions that are asked again at a prompt are asked of those whose answer may be another, and
/// say what they say of everybody.
@Suite struct StandingQuestionTests {
    private let shop: TestShop
    private let prompt: Workspace
    private static let questions = [
        "shanghai", "sum(orders.amount) > 100 CNY", "count(orders in last 7 days) = 0",
        "born >= 1991-01-01 or max(orders.amount) >= 50 CNY",
    ]

    init() throws {
        shop = try TestShop(
            TestShop.purchases(), extra: "segment shanghai = city = \"Shanghai\" and sms_ok")
        try shop.write("members.csv", Self.members(120, cityOfFirst: "Shanghai"))
        for number in 0..<400 {
            try shop.append(
                "orders.csv", "old\(number),m\(number % 120),2026-03-2\(number % 9) 10:00,30,,,1")
        }
        prompt = try shop.workspace("2026-04-02")
        prompt.standing = StandingQuestions()
        try prompt.load()
    }

    private static func members(_ count: Int, cityOfFirst city: String) -> String {
        (0..<count).reduce("id,city,born,phone,sms_ok\n") {
            $0 + "m\($1),\($1 == 0 ? city : $1 % 3 == 0 ? "Beijing" : "Shanghai"),"
                + "19\(70 + $1 % 30)-04-02,,yes\n"
        }
    }

    /// Asks all questions at the prompt, and of a workspace that never heard them.
    private func ask() throws -> [String?] {
        let fresh = try shop.workspace("2026-04-02")
        return try Self.questions.map { question in
            #expect(try prompt.count(question) == fresh.count(question), "\(question)")
            let expected = try fresh.show(question, limit: 1000)
            let found = try prompt.show(question, limit: 1000)
            #expect(found.rows == expected.rows, "\(question)")
            return try prompt.explain(question).lastTime
        }
    }

    private func all(_ text: String) -> [String?] { Self.questions.map { _ in text } }

    @Test func answersAreThoseOfEverybody() throws {
        #expect(try prompt.explain("shanghai").lastTime == nil)
        // Each question is asked twice: by 'count', then by 'show'.
        let before = "answered from before: nothing changed"
        #expect(try ask() == all(before))
        try shop.append("orders.csv", "n1,m7,2026-04-01 10:00,90,,,1")
        try prompt.load()
        _ = try prompt.count(Self.questions[1])
        #expect(
            try prompt.explain(Self.questions[1]).lastTime
                == "members asked again: 1; 1 may have other rows, and for 0 a day or an event "
                + "came into a window or left one")
        #expect(try ask() == all(before))
        // A member who moved, a new one, and an event that was another's.
        try shop.write("members.csv", Self.members(121, cityOfFirst: "Beijing"))
        try shop.append("orders.csv", "n1,m8,2026-04-01 10:00,95,,,1")
        try prompt.load()
        #expect(try ask() == all(before))
        for number in 0..<60 {
            try shop.append("orders.csv", "n\(number),m\(number),2026-04-01 10:00,90,,,1")
        }
        try prompt.load()
        #expect(try prompt.count(Self.questions[2]) == shop.workspace("2026-04-02")
            .count(Self.questions[2]))
        let many = try #require(try prompt.explain(Self.questions[2]).lastTime)
        #expect(many.hasPrefix("asked of everybody: "), "\(many)")
        #expect(try ask() == all(before))
    }

    @Test func aNameThatMeansSomethingElseIsAnotherQuestion() throws {
        #expect(prompt.define("segment big = sum(orders.amount) > 100 CNY").isEmpty)
        let first = try prompt.count("big").selected
        #expect(prompt.define("segment big = sum(orders.amount) > 0 CNY").isEmpty)
        #expect(try prompt.count("big").selected > first)
        #expect(
            try prompt.explain("big").lastTime == "asked of everybody, for the first time")
    }
}
