import Foundation
import PitchSchema
import PitchStore
import PitchTestSupport
import Testing

@Suite struct ZoneTests {
    @Test(arguments: [
        "America/New_York", "Asia/Shanghai", "Europe/London", "Asia/Kathmandu",
        "Australia/Lord_Howe", "Africa/Casablanca", "America/Sao_Paulo", "UTC",
    ])
    func offsetsAreThoseOfFoundation(name: String) throws {
        let rules = try #require(ZoneRules.named(name))
        let zone = try #require(TimeZone(identifier: name))
        var generator = SeededGenerator(seed: 7)
        // Foundation rounds the local mean times of the nineteenth century.
        for _ in 0..<4000 {
            let second = Int64.random(in: -1_500_000_000...7_000_000_000, using: &generator)
            let expected = zone.secondsFromGMT(
                for: Date(timeIntervalSince1970: TimeInterval(second)))
            #expect(
                rules.offset(at: second * 1000) == Int64(expected) * 1000, "\(name) at \(second)")
        }
    }

    @Test func changesAreExactToTheMillisecond() throws {
        let zone = try #require(ZoneRules.named("America/New_York"))
        #expect(zone.offset(at: 1_489_301_999_999) == -18_000_000)
        #expect(zone.offset(at: 1_489_302_000_000) == -14_400_000)
    }

    /// 2500-07-01 and 2500-12-31 at noon UTC: the rule goes on for ever.
    @Test func theFarFutureHasSummersToo() throws {
        let zone = try #require(ZoneRules.named("Europe/London"))
        let day = { (month: Int, day: Int) in
            Int64(CivilDate(year: 2500, month: month, day: day)?.days ?? 0) * 86_400_000
        }
        #expect(zone.offset(at: day(7, 1)) == 3_600_000)
        #expect(zone.offset(at: day(12, 31)) == 0)
    }

    @Test(arguments: ["", "Nowhere", "../../etc/passwd", "/etc/passwd", "Asia", "Asia/Shang hai"])
    func whatIsNoZoneIsNil(name: String) { #expect(ZoneRules.named(name) == nil) }
}
