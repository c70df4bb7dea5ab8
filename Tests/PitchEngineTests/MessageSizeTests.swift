import Foundation
import PitchEngine
import Testing

/// How long messages may be, and what their parts cost.
@Suite("Sizes of messages")
struct MessageSizeTests {
    private func shop(
        channel: String, text: String = "Hello {city}, {offer.title} until {expires}: {code}"
    ) throws -> TestShop {
        let shop = try TestShop(TestShop.purchases())
        let script = try String(
            contentsOf: shop.folder.appending(path: "shop.pitch"), encoding: .utf8)
        try shop.write(
            "shop.pitch",
            script.replacing("cost 0.05 CNY", with: channel)
                .replacing("Hello {city}, {offer.title} until {expires}: {code}", with: text))
        try shop.run("2026-04-02 10:00")
        try shop.append(
            "orders.csv", "o1,a,2026-04-02 10:10,150,,,1", "o2,b,2026-04-02 10:11,150,,,1")
        return shop
    }

    /// `Hello Shanghai, 20 off until 2026-04-16: ` and 22 letters: 63; Beijing has one less.
    @Test(
        "a text over the limit is not sent, and never cut",
        arguments: [(63, 2), (62, 1), (61, 0)])
    func length(most: Int, issued: Int) throws {
        let shop = try shop(channel: "length at most \(most)")
        let report = try shop.run("2026-04-02 10:30")
        #expect(report.outcomes["issued", default: 0] == issued)
        #expect(report.outcomes["text too long", default: 0] == 2 - issued)
        let lines = try shop.files().values.joined().split(separator: "\n")
        #expect(lines.count == issued)
        if issued == 1 { #expect(try shop.outcomes("a", in: "spring.buyers") == ["text too long"]) }
    }

    @Test("parts are counted and paid for one by one")
    func parts() throws {
        let long = String(repeating: "x", count: 100)
        let shop = try shop(channel: "cost 0.05 CNY per part", text: long + "{city}")
        try shop.write("members.csv", TestShop.members.replacing("Beijing", with: "北京"))
        try shop.workspace("2026-04-02 10:30").load()
        let preview = try shop.preview("2026-04-02 10:30")
        // 108 of the GSM alphabet, and 102 that are not.
        #expect(preview.decisions.map(\.parts) == [1, 2])
        #expect(preview.decisions.map(\.length) == [108, 102])
        let sizes = try #require(preview.sizes.first)
        #expect((sizes.messages, sizes.parts, sizes.mostParts, sizes.longest) == (2, 3, 2, 108))
        #expect(sizes.costMicro == 15_000_000)
        let report = try shop.run("2026-04-02 10:30")
        #expect(report.costs.first?.realisedMinor == 15)
        let costs = try shop.records { try $0.outcomes(inRun: 2).map(\.messageMicro) }
        #expect(costs.sorted() == [5_000_000, 10_000_000])
    }

    @Test("the most that a text can have is known where its holes are bounded")
    func bound() throws {
        for (text, bound) in [
            // 10 of a day, 6 of '20 off', 22 of the code, and 4 between.
            ("{expires} {offer.title} {code}: ", 10 + 6 + 22 + 4),
            ("{sms_ok}{age(born or else today)}", 3 + 21),
            ("to {city}", nil as Int?),
        ] {
            let shop = try shop(channel: "length at most 500", text: text)
            try shop.workspace("2026-04-02 10:30").load()
            let sizes = try #require(try shop.preview("2026-04-02 10:30").sizes.first)
            #expect(sizes.bound == bound, "\(text)")
            #expect(sizes.longest <= bound ?? .max)
        }
    }

    @Test("a limit of parts holds for each member")
    func partLimit() throws {
        let long = String(repeating: "x", count: 100)
        let shop = try shop(channel: "parts at most 1", text: long + "{city}")
        try shop.write("members.csv", TestShop.members.replacing("Beijing", with: "北京"))
        #expect(try shop.run("2026-04-02 10:30").outcomes == ["issued": 1, "text too long": 1])
    }

    @Test("a channel that neither counts nor limits measures nothing")
    func unmeasured() throws {
        let shop = try shop(channel: "cost 0.05 CNY")
        try shop.workspace("2026-04-02 10:30").load()
        let preview = try shop.preview("2026-04-02 10:30")
        #expect(preview.sizes.isEmpty)
        #expect(preview.decisions.allSatisfy { $0.parts == nil && $0.length == nil })
    }
}
