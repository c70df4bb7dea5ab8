import PitchEngine
import Testing

/// Members who join, and who come into segments.
@Suite struct MemberSceneTests {
    private func shop(
        _ when: String, _ clauses: String = "", extra: String = "", joined: String = ""
    ) throws -> TestShop {
        let shop = try TestShop(
            """
                strategy hello {
                    when \(when)
                    give off20
                    no limit
                    every 30 minutes
                    \(clauses)
                }
            """, extra: extra)
        if !joined.isEmpty {
            let script = try String(
                contentsOf: shop.folder.appending(path: "shop.pitch"), encoding: .utf8)
            try shop.write(
                "shop.pitch", script.replacing("born date?", with: "born date?\njoined \(joined)"))
            try shop.write("members.csv", Self.members([]))
        }
        return shop
    }

    /// The members of the shop, who joined long ago, and others.
    private static func members(_ others: [String]) -> String {
        let rows = TestShop.members.split(separator: "\n")
        return "\(rows[0]),joined\n" + rows.dropFirst().map { "\($0),2020-01-01\n" }.joined()
            + others.map { $0 + "\n" }.joined()
    }

    @Test func newRowsOfTheMembersJoin() throws {
        let shop = try shop("member joined")
        #expect(try shop.run("2026-04-02 10:00").audience == 0)
        try shop.append("members.csv", "f,Beijing,,600,yes", "g,Shanghai,,700,yes")
        let report = try shop.run("2026-04-02 10:30")
        #expect(report.outcomes == ["issued": 2])
        #expect(report.rowsRead == 2)
        #expect(try shop.run("2026-04-02 11:00").audience == 0)
        // A changed row is no new one, nor is one that comes back.
        try shop.write("members.csv", TestShop.members.replacing("a,Shanghai", with: "a,Beijing"))
        #expect(try shop.run("2026-04-02 11:30").audience == 0)
        try shop.append("members.csv", "f,Beijing,,600,yes", "h,Beijing,,600,yes")
        #expect(try shop.run("2026-04-02 12:00").outcomes == ["issued": 1])
        #expect(try shop.outcomes("h", in: "spring.hello") == ["issued"])
    }

    @Test func everyNewMemberHasAnOutcome() throws {
        let shop = try shop(
            "member joined where born is missing or born < 2000-01-01", "for city = \"Shanghai\"")
        try shop.run("2026-04-02 10:00")
        try shop.append(
            "members.csv", "f,Beijing,,600,yes", "g,Shanghai,1999-01-01,700,yes",
            "h,Shanghai,2001-01-01,700,yes")
        #expect(
            try shop.run("2026-04-02 10:30").outcomes == ["issued": 1, "not in segment": 1])
    }

    /// Who joined long ago and comes with an old list gets nothing.
    @Test func aDateOfJoiningDecidesHowFreshItIs() throws {
        let shop = try shop("member joined", joined: "date?")
        try shop.run("2026-04-02 10:00")
        try shop.write(
            "members.csv",
            Self.members([
                "f,Beijing,,600,yes,2026-04-02", "g,Beijing,,600,yes,2026-04-01",
                "h,Beijing,,600,yes,", "i,Beijing,,600,yes,2019-05-05",
                "j,Beijing,,600,yes,2026-04-03",
            ]))
        #expect(
            try shop.run("2026-04-02 10:30").outcomes == ["issued": 3, "too late": 2])
        try shop.write("members.csv", Self.members(["k,Beijing,,600,yes,2026-04-03"]))
        #expect(try shop.run("2026-04-04 00:30").outcomes == ["issued": 1])
        try shop.write("members.csv", Self.members(["l,Beijing,,600,yes,2026-04-03"]))
        #expect(try shop.run("2026-04-05 00:30").outcomes == ["too late": 1])
    }

    @Test func lookBackAddsWhoJoinedBeforeTheStart() throws {
        let shop = try shop("member joined", "look back 2 days\nfresh for 9 days", joined: "date?")
        try shop.run("2026-04-02 10:00")
        try shop.write(
            "members.csv",
            Self.members([
                "f,Beijing,,600,yes,2026-04-01", "g,Beijing,,600,yes,2026-03-31",
                "h,Beijing,,600,yes,2026-03-30",
            ]))
        #expect(try shop.run("2026-04-02 10:30").outcomes == ["issued": 2, "too late": 1])
    }

    @Test func anInstantOfJoiningIsExact() throws {
        let shop = try shop("member joined", "fresh for 1 hour", joined: "instant?")
        try shop.run("2026-04-02 10:00")
        try shop.write(
            "members.csv",
            Self.members([
                "f,Beijing,,600,yes,2026-04-02 10:00", "g,Beijing,,600,yes,2026-04-02 10:00:00.001",
            ]))
        #expect(try shop.run("2026-04-02 10:30").outcomes == ["issued": 1, "too late": 1])
        try shop.write(
            "members.csv",
            Self.members([
                "h,Beijing,,600,yes,2026-04-02 11:00",
                "i,Beijing,,600,yes,2026-04-02 10:59:59.999",
            ]))
        #expect(try shop.run("2026-04-02 12:00").outcomes == ["issued": 1, "too late": 1])
    }

    @Test func membersWhomOnlyEventsKnowJoin() throws {
        let shop = try shop("member joined")
        let script = try String(
            contentsOf: shop.folder.appending(path: "shop.pitch"), encoding: .utf8)
        try shop.write(
            "shop.pitch", script.replacing("scene purchase", with: "scene purchase\nnew members add"))
        try shop.run("2026-04-02 10:00")
        try shop.append("orders.csv", "o1,z,2026-04-02 10:10,150,,,1")
        #expect(try shop.run("2026-04-02 10:30").outcomes == ["issued": 1])
    }

    private static let spenders = """
        segment spenders = sum(orders.amount in last 2 days) >= 100 CNY
        """

    @Test func comingIntoASegment() throws {
        let shop = try shop("member enters spenders", extra: Self.spenders)
        try shop.append("orders.csv", "o1,a,2026-04-02 09:00,150,,,1")
        #expect(try shop.run("2026-04-02 10:00").audience == 0)
        try shop.append("orders.csv", "o2,b,2026-04-02 10:10,150,,,1")
        #expect(try shop.run("2026-04-02 10:30").outcomes == ["issued": 1])
        #expect(try shop.outcomes("b", in: "spring.hello") == ["issued"])
        #expect(try shop.run("2026-04-02 11:00").audience == 0)
        // Both leave with time, and come again.
        #expect(try shop.run("2026-04-05 11:00").audience == 0)
        try shop.append(
            "orders.csv", "o3,a,2026-04-05 11:10,150,,,1", "o4,b,2026-04-05 11:10,150,,,1")
        #expect(try shop.run("2026-04-05 11:30").outcomes == ["issued": 2])
        #expect(try shop.outcomes("b", in: "spring.hello") == ["issued", "issued"])
        #expect(try shop.outcomes("a", in: "spring.hello") == ["issued"])
    }

    /// Missing data is no leaving, and what was unknown comes in when it becomes known.
    @Test func whoIsUnknownStaysAsBefore() throws {
        let shop = try shop(
            "member enters young", extra: "segment young = born >= 1990-01-01")
        let born = { (member: String, from: String, to: String) in
            TestShop.members.replacing("\(member),\(from)", with: "\(member),\(to)")
        }
        try shop.run("2026-04-02 10:00")
        try shop.write("members.csv", born("e", "Shanghai,2000-04-05", "Shanghai,"))
        #expect(try shop.run("2026-04-02 10:30").audience == 0)
        try shop.write("members.csv", TestShop.members)
        #expect(try shop.run("2026-04-02 11:00").audience == 0)
        try shop.write("members.csv", born("d", "Beijing,", "Beijing,1999-01-01"))
        #expect(try shop.run("2026-04-02 11:30").outcomes == ["issued": 1])
        #expect(try shop.outcomes("d", in: "spring.hello") == ["issued"])
    }

    /// With another condition the segment is another: who is in is recorded anew.
    @Test func aChangedSegmentFiresForNone() throws {
        let shop = try shop("member enters spenders", extra: Self.spenders)
        try shop.run("2026-04-02 10:00")
        try shop.append("orders.csv", "o1,a,2026-04-02 10:10,60,,,1")
        let script = try String(
            contentsOf: shop.folder.appending(path: "shop.pitch"), encoding: .utf8)
        try shop.write("shop.pitch", script.replacing(">= 100 CNY", with: ">= 50 CNY"))
        #expect(try shop.run("2026-04-02 10:30").audience == 0)
        try shop.append("orders.csv", "o2,b,2026-04-02 10:40,60,,,1")
        #expect(try shop.run("2026-04-02 11:00").outcomes == ["issued": 1])
    }

    @Test func aNewMemberMayEnterAtOnce() throws {
        let shop = try shop(
            "member enters young where sms_ok", extra: "segment young = born >= 1990-01-01")
        try shop.run("2026-04-02 10:00")
        try shop.append(
            "members.csv", "f,Beijing,1999-01-01,600,yes", "g,Beijing,1999-01-01,600,no")
        #expect(try shop.run("2026-04-02 10:30").outcomes == ["issued": 1])
        #expect(try shop.outcomes("f", in: "spring.hello") == ["issued"])
    }

    @Test func previewAndWhyTellWhatHappened() throws {
        let shop = try shop("member enters spenders", extra: Self.spenders)
        try shop.run("2026-04-02 10:00")
        try shop.append("orders.csv", "o2,b,2026-04-02 10:10,150,,,1")
        try shop.workspace("2026-04-02 10:30").load()
        let preview = try shop.preview("2026-04-02 10:30")
        #expect(preview.decisions.map(\.occurrence) == ["member enters spenders"])
        let now = { (member: String) in
            guard case .strategy(_, let outcomes, let now) =
                try shop.workspace("2026-04-02 10:30").why(member, "hello")
            else { return ["?"] }
            return outcomes.map(\.occurrence) + [now[0].value]
        }
        #expect(try now("b") == ["issued"])
        #expect(try now("a") == ["nothing: no new occurrence matches a 'when' line"])
        try shop.run("2026-04-02 10:30")
        #expect(try now("b") == ["member enters spenders", "nothing: it is not due"])
    }
}
