import PitchEngine
import Testing

/// `first`, `number n` and `every n-th`: positions in the order of events, each once.
@Suite struct CountedEventTests {
    @Test func positionsAreCountedFromBeforeTheStart() throws {
        let shop = try TestShop.withScenes(
            "first purchase", "purchase number 3", "every 2nd purchase", "first topup")
        try shop.append("orders.csv", "o1,a,2026-04-01 10:00,10,,,1")
        try shop.run("2026-04-02 10:00")
        try shop.append(
            "orders.csv", "o2,a,2026-04-02 10:10,10,,,1", "o3,a,2026-04-02 10:11,10,,,1",
            "o4,a,2026-04-02 10:12,10,,,1", "o5,b,2026-04-02 10:12,10,,,1")
        try shop.append(
            "balances.csv", "t1,b,2026-04-02 10:12,1,1,card", "t2,b,2026-04-02 10:13,1,2,card")
        try shop.run("2026-04-02 10:30")
        #expect(try shop.decided("a", in: "spring.s1") == [])
        #expect(try shop.decided("b", in: "spring.s1") == ["orders o5 issued"])
        #expect(try shop.decided("a", in: "spring.s2") == ["orders o3 issued"])
        #expect(try shop.decided("a", in: "spring.s3") == ["orders o2 issued", "orders o4 issued"])
        #expect(try shop.decided("b", in: "spring.s4") == ["balances t1 issued"])
    }

    @Test func onlyMatchingRowsHaveAPosition() throws {
        let shop = try TestShop.withScenes("every 2nd purchase where amount >= 100 CNY")
        try shop.run("2026-04-02 10:00")
        try shop.append(
            "orders.csv", "o1,a,2026-04-02 10:10,150,,,1", "o2,a,2026-04-02 10:11,99,,,1",
            "o3,a,2026-04-02 10:12,100,,,1", "o4,a,2026-04-02 10:13,99.99,,,1")
        try shop.run("2026-04-02 10:30")
        #expect(try shop.decided("a", in: "spring.s1") == ["orders o3 issued"])
    }

    /// Equal instants are told apart by the key, by code point.
    @Test func oneInstantHasAnOrder() throws {
        let shop = try TestShop.withScenes("purchase number 2")
        try shop.run("2026-04-02 10:00")
        try shop.append(
            "orders.csv", "o9,a,2026-04-02 10:10,10,,,1", "o10,a,2026-04-02 10:10,10,,,1",
            "O1,a,2026-04-02 10:10,10,,,1")
        try shop.run("2026-04-02 10:30")
        #expect(try shop.decided("a", in: "spring.s1") == ["orders o10 issued"])
    }

    @Test func whatComesLateChangesNothingThatWasRecorded() throws {
        let shop = try TestShop.withScenes("first purchase", "purchase number 3")
        try shop.run("2026-04-02 10:00")
        try shop.append(
            "orders.csv", "o2,a,2026-04-02 10:10,10,,,1", "o3,a,2026-04-02 10:20,10,,,1")
        try shop.run("2026-04-02 10:30")
        #expect(try shop.decided("a", in: "spring.s1") == ["orders o2 issued"])
        try shop.append("orders.csv", "o1,a,2026-04-02 10:05,10,,,1")
        try shop.run("2026-04-02 11:00")
        #expect(try shop.decided("a", in: "spring.s1") == ["orders o2 issued"])
        // The third has come now: it is the one that was second.
        #expect(try shop.decided("a", in: "spring.s2") == ["orders o3 issued"])
    }

    @Test func positionOfAnOldRowIsTooLate() throws {
        let shop = try TestShop.withScenes(
            "purchase number 2", clauses: "no limit\nfresh for 1 hour")
        try shop.run("2026-04-02 10:00")
        try shop.append(
            "orders.csv", "o1,a,2026-04-02 10:10,10,,,1", "o2,a,2026-04-02 10:59:59,10,,,1",
            "o3,b,2026-04-02 10:10,10,,,1", "o4,b,2026-04-02 11:00,10,,,1")
        #expect(try shop.run("2026-04-02 12:00").outcomes == ["too late": 1, "issued": 1])
    }

    @Test func rowToComeHasNoPositionYet() throws {
        let shop = try TestShop.withScenes("purchase number 2")
        try shop.run("2026-04-02 10:00")
        try shop.append(
            "orders.csv", "o1,a,2026-04-02 10:10,10,,,1", "o2,a,2026-04-02 11:00,10,,,1")
        #expect(try shop.run("2026-04-02 10:59").audience == 0)
        #expect(try shop.run("2026-04-02 11:00").outcomes == ["issued": 1])
    }

    /// A row, and the same row as the n-th, are one occurrence.
    @Test func lineThatCountsAndLineThatDoesNotMakeOneOutcome() throws {
        let shop = try TestShop.withScenes("first purchase\npurchase where amount > 50 CNY")
        try shop.run("2026-04-02 10:00")
        try shop.append(
            "orders.csv", "o1,a,2026-04-02 10:10,60,,,1", "o2,a,2026-04-02 10:11,60,,,1",
            "o3,b,2026-04-02 10:12,10,,,1")
        #expect(try shop.run("2026-04-02 10:30").outcomes == ["issued": 3])
        let outcomes = try shop.records { try $0.outcomes(inRun: 2) }
        #expect(outcomes.map(\.trigger) == [0, 1, 0])
        #expect(outcomes.map(\.alsoMatched) == [[1], [], []])
    }

    @Test func lookBackCountsAsWell() throws {
        let shop = try TestShop.withScenes(
            "every 2nd purchase", clauses: "no limit\nlook back 1 day\nfresh for 3 days")
        try shop.append(
            "orders.csv", "o1,a,2026-03-31 10:00,10,,,1", "o2,a,2026-03-31 11:00,10,,,1",
            "o3,a,2026-04-01 11:00,10,,,1", "o4,a,2026-04-01 12:00,10,,,1")
        try shop.workspace("2026-04-02 10:00").load()
        #expect(try shop.preview("2026-04-02 10:00").lookedBack == 1)
        try shop.run("2026-04-02 10:00")
        #expect(try shop.decided("a", in: "spring.s1") == ["orders o4 issued"])
    }

    /// A position that cannot be told is `failed`, never a guess.
    @Test func failingFilterMakesThePositionsBehindItFail() throws {
        let shop = try TestShop.withScenes(
            "purchase number 2 where amount * quantity > 1 CNY")
        try shop.run("2026-04-02 10:00")
        try shop.append(
            "orders.csv", "o1,a,2026-04-02 10:10,90000000000000000,,,9000000000",
            "o2,a,2026-04-02 10:11,10,,,1", "o3,b,2026-04-02 10:11,10,,,1",
            "o4,b,2026-04-02 10:12,10,,,1")
        #expect(try shop.run("2026-04-02 10:30").outcomes == ["failed": 1, "issued": 1])
        #expect(try shop.decided("a", in: "spring.s1") == ["orders o2 failed"])
    }
}
