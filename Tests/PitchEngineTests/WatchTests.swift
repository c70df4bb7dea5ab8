import PitchEngine
import PitchSchema
import PitchStore
import Testing

/// A clock that stands still until somebody waits or works.
private final class VirtualClock: WatchClock {
    var instant: Int64
    /// How many waits are left before it is interrupted.
    var waits: Int

    init(_ instant: Int64, waits: Int) {
        self.instant = instant
        self.waits = waits
    }

    func now() -> Int64 { instant }

    func sleep(until instant: Int64) -> Bool {
        if waits == 0 { return false }
        waits -= 1
        self.instant = max(self.instant, instant)
        return true
    }
}

/// When `watch` begins its cycles, by a clock of the test's own.
@Suite struct WatchTests {
    private static let halfHour: Int64 = 1_800_000

    private static func strategy(_ when: String, every: String, _ name: String = "s") -> String {
        """
            strategy \(name) {
                when \(when)
                give off20
                no limit
                every \(every)
            }
        """
    }

    static func instant(_ text: String) throws -> Int64 {
        let zone = try #require(ZoneRules.named("Europe/Berlin"))
        return try #require(InstantText.parse(text, zone: zone))
    }

    private static func text(_ instant: Int64) -> String {
        let (day, time) = (ZoneRules.utc.day(of: instant), ZoneRules.utc.time(of: instant))
        return "\(CivilDate(days: Int(day)).text)T\(CivilDate.padded(Int(time / 3_600_000), 2)):"
            + "\(CivilDate.padded(Int(time / 60_000 % 60), 2)):00Z"
    }

    /// The starts of cycles that take some time each, in a shop without a store.
    private static func watch(
        _ shop: TestShop, from text: String, cycles: Int,
        taking length: @escaping (Int) -> Int64 = { _ in 0 }
    ) throws -> (starts: [Int64], tally: Watch<VirtualClock>.Tally) {
        let clock = VirtualClock(try instant(text), waits: cycles)
        let slots = try shop.workspace(text).slots()
        var starts: [Int64] = []
        let watch = Watch(clock: clock, slots: { slots }) { start in
            clock.instant += length(starts.count)
            starts.append(start)
            return .done
        }
        let tally = try watch.run()
        return (starts, tally)
    }

    /// Also over a change of the clocks, on 29 March.
    @Test(arguments: ["2026-01-05 00:00", "2026-03-20 10:30"])
    func cyclesKeepTheirSlotsForAThousandPeriods(from: String) throws {
        let shop = try TestShop(Self.strategy("purchase", every: "30 minutes"))
        let (starts, tally) = try Self.watch(shop, from: from, cycles: 1001) {
            Int64($0 % 10) * Self.halfHour / 10
        }
        let first = try Self.instant(from)
        #expect(starts == (0...1000).map { first + Int64($0) * Self.halfHour })
        #expect(tally.done == 1001)
        #expect(tally.skipped == 0)
        #expect(tally.isInterrupted)
    }

    @Test func aLongCycleSkipsSlotsAndCountsThem() throws {
        let shop = try TestShop(Self.strategy("purchase", every: "30 minutes"))
        let (starts, tally) = try Self.watch(shop, from: "2026-01-05 00:00", cycles: 1001) {
            $0 % 100 == 0 ? Self.halfHour * 5 / 2 : Self.halfHour * 9 / 10
        }
        let first = try Self.instant("2026-01-05 00:00")
        var slot = 0
        for (cycle, start) in starts.enumerated() {
            #expect(start == first + Int64(slot) * Self.halfHour, "cycle \(cycle)")
            slot += cycle % 100 == 0 ? 3 : 1
        }
        #expect(tally.skipped == 22)
    }

    /// A slot that begins as a cycle ends is not late.
    @Test func aCycleOfExactlyOneSlotSkipsNone() throws {
        let shop = try TestShop(Self.strategy("purchase", every: "30 minutes"))
        let (starts, tally) = try Self.watch(shop, from: "2026-01-05 00:00", cycles: 10) { _ in
            Self.halfHour
        }
        #expect(starts.count == 10)
        #expect(tally.skipped == 0)
    }

    private static func starts(
        _ strategies: String, from text: String, cycles: Int
    ) throws -> [String] {
        let zone = try #require(ZoneRules.named("Europe/Berlin"))
        return try watch(TestShop(strategies), from: text, cycles: cycles).starts.map {
            let time = zone.time(of: $0) / 60_000
            let day = CivilDate(days: Int(zone.day(of: $0)))
            return "\(day.text.dropFirst(5)) \(time / 60):\(time % 60)"
        }
    }

    @Test func slotsCountFromMidnight() throws {
        #expect(
            try Self.starts(
                Self.strategy("purchase", every: "7 hours"), from: "2026-01-05 10:07", cycles: 6)
                == [
                    "01-05 10:7", "01-05 14:0", "01-05 21:0", "01-06 0:0", "01-06 7:0", "01-06 14:0",
                ])
    }

    @Test func daysBecomeDueBetweenSlots() throws {
        #expect(
            try Self.starts(
                Self.strategy("birthday at 09:30", every: "1 day"), from: "2026-01-05 10:07",
                cycles: 5)
                == ["01-05 10:7", "01-06 0:0", "01-06 9:30", "01-07 0:0", "01-07 9:30"])
    }

    @Test func everyStrategyHasItsOwnSlots() throws {
        let strategies = Self.strategy("purchase", every: "1 week", "weekly")
            + "\n" + Self.strategy("purchase", every: "2 days", "other")
        let shop = try TestShop(strategies)
        var text = "2026-01-05 10:00"
        var days: [String] = []
        let zone = try #require(ZoneRules.named("Europe/Berlin"))
        for _ in 0..<7 {
            try shop.run(text)
            let now = try Self.instant(text)
            let next = try #require(try shop.workspace(text).slots()(now))
            text = CivilDate(days: Int(zone.day(of: next))).text + " 00:00"
            #expect(try Self.instant(text) == next)
            days.append(String(text.dropFirst(5).prefix(5)))
        }
        #expect(days == ["01-07", "01-09", "01-11", "01-12", "01-13", "01-15", "01-17"])
    }

    /// 02:00 to 03:00 is skipped on 29 March and comes twice on 25 October.
    @Test func slotsWhereTheClocksChange() throws {
        let every = Self.strategy("purchase", every: "2 hours")
        #expect(
            try Self.starts(every, from: "2026-03-29 00:00", cycles: 4)
                == ["03-29 0:0", "03-29 3:0", "03-29 4:0", "03-29 6:0"])
        #expect(
            try Self.starts(every, from: "2026-10-25 00:00", cycles: 4)
                == ["10-25 0:0", "10-25 2:0", "10-25 4:0", "10-25 6:0"])
        #expect(
            try Self.starts(
                Self.strategy("purchase", every: "30 minutes"), from: "2026-10-25 02:00", cycles: 5)
                == ["10-25 2:0", "10-25 2:30", "10-25 2:0", "10-25 2:30", "10-25 3:0"])
    }

    @Test func onlyDaysOfThePlanHaveSlots() throws {
        let shop = try TestShop(Self.strategy("purchase", every: "1 day"))
        let slots = try shop.workspace("2025-06-01").slots()
        #expect(try slots(Self.instant("2025-06-01")) == Self.instant("2026-01-01 00:00"))
        #expect(try slots(Self.instant("2026-12-30 12:00")) == Self.instant("2026-12-31 00:00"))
        #expect(try slots(Self.instant("2026-12-31 00:00")) == nil)
        let (starts, tally) = try Self.watch(shop, from: "2026-12-30 12:00", cycles: 9)
        #expect(starts.count == 2)
        #expect(!tally.isInterrupted)
    }

    /// What waits for the end of quiet hours is judged then, before the next slot.
    @Test func theEndOfQuietHoursIsWaitedFor() throws {
        let shop = try TestShop(
            TestShop.purchases("quiet 22:00 to 08:00 and defer\nfresh for 2 days")
                .replacing("every 30 minutes", with: "every 1 day"))
        try shop.run("2026-04-01 21:00")
        try shop.append("orders.csv", "o1,a,2026-04-01 23:00,150,,,1")
        #expect(try shop.run("2026-04-02 07:00").outcomes == ["deferred": 1])
        let slots = try shop.workspace("2026-04-02 07:00").slots()
        #expect(try slots(Self.instant("2026-04-02 07:00")) == Self.instant("2026-04-02 08:00"))
        #expect(try slots(Self.instant("2026-04-02 08:00")) == Self.instant("2026-04-03 00:00"))
        #expect(try shop.run("2026-04-02 08:00").outcomes == ["issued": 1])
    }

    /// Real cycles; another run holds the store at the third.
    @Test func anotherRunMakesItWaitForTheNextSlot() throws {
        let shop = try TestShop(TestShop.purchases())
        let script = shop.folder.appending(path: "shop.pitch").path
        let clock = VirtualClock(try Self.instant("2026-04-02 10:00"), waits: 5)
        var lease: RunLease?
        var issued: [Int] = []
        let watch = Watch(
            clock: clock,
            slots: { try Workspace(script: script, clock: clock.instant).slots() }
        ) { start in
            try shop.append(
                "orders.csv", "o\(issued.count),a,\(Self.text(start)),150,,,1")
            lease = issued.count == 2 ? try RunLease(store: shop.folder.path + "/shop.db") : nil
            defer { lease?.release() }
            do {
                issued.append(try Workspace(script: script, clock: start).run().issued)
                return .done
            } catch let error as WorkspaceError where error.exitCode == 75 {
                issued.append(0)
                return .busy
            }
        }
        let tally = try watch.run()
        #expect(issued == [0, 1, 0, 2, 1])
        #expect(tally.busy == 1)
        #expect(tally.done == 4)
        #expect(try shop.outcomes("a", in: "spring.buyers").count == 4)
    }
}
