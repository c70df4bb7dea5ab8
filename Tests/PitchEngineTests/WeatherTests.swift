import PitchEngine
import Testing

/// Observations as occurrences: whose they are, which of a day, and how old they may be.
@Suite struct WeatherTests {
    private static let declaration = """
        events weather from csv "weather*.csv" {
            scene weather
            key [city, observed_at]
            at observed_at
            place city
            condition one of [rain, storm, sun]
            temperature C?
            wind mph?
        }
        """

    private static let header = "city,observed_at,condition,temperature,wind\n"

    private static func strategy(
        _ when: String = "weather in city where condition in [rain, storm]", _ clauses: String = ""
    ) -> String {
        """
            strategy wet {
                when \(when)
                give off20
                no limit
                every 30 minutes
                \(clauses)
            }
        """
    }

    private func shop(_ strategy: String = strategy(), extra: String = declaration) throws
        -> TestShop
    {
        let shop = try TestShop(strategy, extra: extra)
        try shop.write("weather.csv", Self.header)
        try shop.run("2026-04-02 08:00")
        return shop
    }

    @Test func everybodyAtThePlaceGetsTheFirstMatchOfTheDay() throws {
        let shop = try shop()
        try shop.append(
            "weather.csv", "Shanghai,2026-04-02 09:00,sun,12,", "Shanghai,2026-04-02 09:10,rain,9,",
            "Shanghai,2026-04-02 09:20,storm,8,", "Beijing,2026-04-02 09:20,sun,8,")
        let report = try shop.run("2026-04-02 09:30")
        #expect(report.outcomes == ["issued": 3])
        #expect(report.rowsRead == 4)
        let outcomes = try shop.records { try $0.outcomes(inRun: 2) }
        #expect(outcomes.map(\.member) == ["a", "c", "e"])
        #expect(Set(outcomes.map(\.at)) == [1_775_113_800_000])
        try shop.append(
            "weather.csv", "Shanghai,2026-04-02 10:00,rain,9,", "Beijing,2026-04-02 10:00,rain,9,")
        #expect(try shop.run("2026-04-02 10:00").outcomes == ["issued": 2])
        #expect(try shop.outcomes("a", in: "spring.wet") == ["issued"])
        try shop.append("weather.csv", "Shanghai,2026-04-03 00:00,rain,9,")
        #expect(try shop.run("2026-04-03 00:00").outcomes == ["issued": 3])
    }

    /// Who comes to the place or into the segment later that day does not get what was before.
    @Test func aDayIsJudgedOnce() throws {
        let shop = try shop(Self.strategy("weather in city", "for sms_ok"))
        try shop.append("weather.csv", "Beijing,2026-04-02 09:00,rain,9,")
        #expect(
            try shop.run("2026-04-02 09:30").outcomes == ["issued": 1, "not in segment": 1])
        try shop.write(
            "members.csv", TestShop.members.replacing("d,Beijing,,400,no", with: "d,Beijing,,400,yes"))
        try shop.append("weather.csv", "Beijing,2026-04-02 10:00,rain,9,")
        #expect(try shop.run("2026-04-02 10:00").audience == 0)
        try shop.append("weather.csv", "Beijing,2026-04-03 10:00,rain,9,")
        #expect(try shop.run("2026-04-03 10:00").outcomes == ["issued": 2])
    }

    @Test func everyoneAtThePlaceHasAnOutcome() throws {
        let shop = try shop(Self.strategy("weather in city", "for born < 1990-01-01"))
        try shop.append(
            "weather.csv", "Shanghai,2026-04-02 09:00,rain,9,", "Beijing,2026-04-02 09:00,rain,9,")
        #expect(
            try shop.run("2026-04-02 09:30").outcomes
                == ["issued": 1, "not in segment": 3, "unknown": 1])
        #expect(try shop.outcomes("c", in: "spring.wet") == ["issued"])
        #expect(try shop.outcomes("d", in: "spring.wet") == ["unknown"])
        #expect(try shop.run("2026-04-02 10:00").audience == 0)
    }

    @Test func fieldsOfTheObservation() throws {
        let shop = try shop(
            Self.strategy(
                "weather in city where temperature < 50 F and wind >= 10 kmh",
                "if this.temperature > 0 C and this.place = city and this.at < now"))
        try shop.append(
            "weather.csv", "Shanghai,2026-04-02 09:00,rain,10,20", "Shanghai,2026-04-02 09:10,rain,,20",
            "Shanghai,2026-04-02 09:20,rain,9.999999,6.2", "Shanghai,2026-04-02 09:30,sun,0,6.3",
            "Beijing,2026-04-02 09:20,rain,9.9,10")
        let report = try shop.run("2026-04-02 09:30")
        #expect(report.outcomes == ["issued": 2, "condition not met": 3])
    }

    @Test func observationsAreFreshForThreeHours() throws {
        let shop = try shop()
        try shop.append(
            "weather.csv", "Shanghai,2026-04-02 09:00,rain,9,", "Beijing,2026-04-02 09:00:00.001,rain,9,")
        #expect(
            try shop.run("2026-04-02 12:00:00.001").outcomes == ["too late": 3, "issued": 2])
    }

    @Test func weatherOfBeforeTheStartIsTooLate() throws {
        let shop = try shop(Self.strategy("weather in city", "fresh for 1 day"))
        try shop.append(
            "weather.csv", "Shanghai,2026-04-02 08:00,rain,9,", "Beijing,2026-04-02 08:00:00.001,rain,9,")
        #expect(try shop.run("2026-04-02 09:00").outcomes == ["too late": 3, "issued": 2])
    }

    @Test func lookBackWidensTheStart() throws {
        let shop = try TestShop(
            Self.strategy("weather in city", "look back 1 day\n fresh for 2 days"),
            extra: Self.declaration)
        try shop.write(
            "weather.csv", Self.header + "Shanghai,2026-04-01 09:00,rain,9,\n"
                + "Beijing,2026-03-31 09:00,rain,9,\n")
        try shop.workspace("2026-04-02 08:00").load()
        #expect(try shop.preview("2026-04-02 08:00").lookedBack == 3)
        #expect(try shop.run("2026-04-02 08:00").outcomes == ["issued": 3])
    }

    @Test func aLateFileIsNoSecondOccurrence() throws {
        let shop = try shop()
        try shop.append("weather.csv", "Shanghai,2026-04-02 09:10,rain,9,")
        #expect(try shop.run("2026-04-02 09:30").outcomes == ["issued": 3])
        try shop.append("weather.csv", "Shanghai,2026-04-02 09:05,storm,9,")
        #expect(try shop.run("2026-04-02 10:00").audience == 0)
    }

    /// 23:59:59.999 and 00:00 are two days, also where the night has 25 hours.
    @Test(arguments: [
        ("2026-04-02", "2026-04-03"), ("2026-10-24", "2026-10-25"), ("2026-10-25", "2026-10-26"),
        ("2026-03-28", "2026-03-29"), ("2026-02-28", "2026-03-01"),
    ])
    func daysAreLocal(day: String, next: String) throws {
        let shop = try TestShop(Self.strategy(), extra: Self.declaration)
        try shop.write("weather.csv", Self.header)
        try shop.run(day + " 23:00")
        try shop.append(
            "weather.csv", "Shanghai,\(day) 23:59:59.999,rain,9,", "Shanghai,\(next) 00:00,rain,9,",
            "Shanghai,\(next) 00:10,rain,9,")
        #expect(try shop.run("\(next) 00:30").outcomes == ["issued": 6])
    }

    @Test func observationsDatedByDay() throws {
        let shop = try TestShop(
            Self.strategy(),
            extra: Self.declaration.replacing("at observed_at", with: "at observed_at date"))
        try shop.write("weather.csv", Self.header)
        try shop.run("2026-04-02 08:00")
        try shop.append("weather.csv", "Shanghai,2026-04-02,rain,9,", "Beijing,2026-04-01,rain,9,")
        #expect(try shop.run("2026-04-02 09:00").outcomes == ["issued": 3, "too late": 2])
        try shop.append("weather.csv", "Shanghai,2026-04-03,rain,9,", "Beijing,2026-04-03,rain,9,")
        #expect(try shop.run("2026-04-02 23:59").audience == 0)
        #expect(try shop.run("2026-04-04 02:30").outcomes == ["issued": 5])
    }

    @Test func nobodyLivesThere() throws {
        let shop = try shop()
        try shop.append(
            "weather.csv", "Atlantis,2026-04-02 09:00,rain,9,", "Shang hai,2026-04-02 09:00,sun,9,")
        let report = try shop.run("2026-04-02 09:30")
        #expect(report.audience == 0)
        #expect(report.emptyPlaces == ["Atlantis", "Shang hai"])
        #expect(report.exitCode == 0)
        #expect(try shop.run("2026-04-02 10:00").emptyPlaces == [])
    }

    /// A place is empty when no strategy finds anyone there, by whatever field.
    @Test func anotherFieldNamesThePlace() throws {
        let shop = try shop(
            Self.strategy() + "\n"
                + Self.strategy("weather in phone").replacing("strategy wet", with: "strategy dry"))
        try shop.append(
            "weather.csv", "Shanghai,2026-04-02 09:00,rain,9,", "100,2026-04-02 09:00,rain,9,",
            "Atlantis,2026-04-02 09:00,rain,9,")
        let report = try shop.run("2026-04-02 09:30")
        #expect(report.outcomes == ["issued": 4])
        #expect(report.emptyPlaces == ["Atlantis"])
    }

    @Test func wrongRowsAreQuarantined() throws {
        let shop = try shop()
        try shop.append(
            "weather.csv", ",2026-04-02 09:00,rain,9,", "Shanghai,2026-04-02 09:00,fog,9,",
            "Shanghai,2026-04-02 09:10,rain,cold,", "Shanghai,yesterday,rain,9,")
        let report = try shop.run("2026-04-02 09:30")
        #expect(report.load.quarantined == 4)
        #expect(report.exitCode == 4)
        #expect(report.audience == 0)
        #expect(report.load.reasons.map(\.field) == ["place", "condition", "temperature", "at"])
    }

    /// Two lines that match one observation have one outcome; so have two fields with one place.
    @Test func twoLinesMakeOneOutcome() throws {
        let shop = try shop(
            Self.strategy("weather in city where condition = storm")
                .replacing(
                    "give off20", with: "when weather in city where temperature < 10 C\n give off20"))
        try shop.append(
            "weather.csv", "Shanghai,2026-04-02 09:00,storm,9,", "Beijing,2026-04-02 09:00,sun,9,")
        #expect(try shop.run("2026-04-02 09:30").outcomes == ["issued": 5])
        let outcomes = try shop.records { try $0.outcomes(inRun: 2) }
        #expect(outcomes.filter { $0.trigger == 0 }.map(\.alsoMatched) == [[1], [1], [1]])
        #expect(outcomes.filter { $0.trigger == 1 }.map(\.alsoMatched) == [[], []])
    }

    @Test func computedConditionFromOtherUnits() throws {
        let shop = try shop(
            Self.strategy("weather in city where condition = rain", "if this.condition = rain"),
            extra: """
                events weather from csv "weather.csv" {
                    scene weather
                    key [city, observed_at]
                    at observed_at
                    place city
                    inch inches? = wind
                    condition one of [rain, dry] = rain if inch >= 2.54 mm otherwise dry
                }
                """)
        try shop.append(
            "weather.csv", "Shanghai,2026-04-02 09:00,x,,0.1", "Beijing,2026-04-02 09:00,x,,0.099999")
        #expect(try shop.run("2026-04-02 09:30").outcomes == ["issued": 3])
    }

    /// Who is judged in a crowd, by columns, is judged the same alone, by row.
    @Test func columnsAndRowsAgree() throws {
        let shop = try shop(
            Self.strategy(
                "weather in city where temperature is known or wind is missing",
                """
                for born > 1990-01-01 or sms_ok
                if (this.temperature < 10 C or this.wind > 5 mph) and born < 2000-01-01
                    or count(orders where amount > 100 CNY) > 0 and this.condition != sun
                """))
        try shop.append("orders.csv", "o1,e,2026-04-01 10:00,150,,,1")
        for (hour, row) in ["rain,9,", "sun,20,", "storm,,", "rain,,9", "sun,9.5,4"].enumerated() {
            try shop.append(
                "weather.csv", "Shanghai,2026-04-0\(hour + 2) 09:00,\(row)",
                "Beijing,2026-04-0\(hour + 2) 09:10,\(row)")
            let now = "2026-04-0\(hour + 2) 09:30"
            try shop.workspace(now).load()
            let preview = try shop.preview(now)
            let keys = ["a", "b", "c", "d", "e"]
            var crowd = Dictionary(
                uniqueKeysWithValues: preview.decisions.map { ($0.member, $0.outcome) })
            for decision in preview.crowds {
                for member in decision.members { crowd[keys[Int(member)]] = decision.outcome }
            }
            for member in keys {
                guard case .strategy(_, _, let now) = try shop.workspace(now).why(member, "wet")
                else { continue }
                let alone = now[0].value.hasPrefix("nothing") ? nil : now[0].value
                #expect(alone == crowd[member], "\(member) at \(hour): \(row)")
            }
            try shop.run(now)
        }
    }

    /// A hole reads the observation, by what the strategy that says the message waits for.
    @Test func messagesTellOfTheWeather() throws {
        let message = """

            message cold {
                class service
                sms "{this.condition} in {this.place}, {this.temperature or else 0 C}, {city}"
            }
            """
        let shop = try shop(
            Self.strategy("weather in city", "say cold via sms"),
            extra: Self.declaration + message)
        try shop.append(
            "weather.csv", "Shanghai,2026-04-02 09:00,rain,9.5,", "Beijing,2026-04-02 09:00,sun,,")
        #expect(
            try shop.run("2026-04-02 09:30").outcomes == ["issued": 4, "not reachable": 1])
        let text = try shop.files().values.joined()
        #expect(text.contains("\"rain in Shanghai, 9.5 C, Shanghai\""))
        #expect(text.contains("\"sun in Beijing, 0 C, Beijing\""))
    }

    @Test func whyTellsOfTheWeather() throws {
        let shop = try shop()
        try shop.append("weather.csv", "Shanghai,2026-04-02 09:00,rain,9,")
        let text = { (result: WhyResult) in
            guard case .strategy(_, let outcomes, let now) = result else { return ["?"] }
            return outcomes.map { "\($0.occurrence): \($0.outcome)" } + [now[0].value]
        }
        try shop.workspace("2026-04-02 09:30").load()
        #expect(text(try shop.workspace("2026-04-02 09:30").why("a", "wet")) == ["issued"])
        #expect(
            text(try shop.workspace("2026-04-02 09:30").why("b", "wet"))
                == ["nothing: no new occurrence matches a 'when' line"])
        try shop.run("2026-04-02 09:30")
        #expect(
            text(try shop.workspace("2026-04-02 10:00").why("a", "wet"))
                == [
                    "weather in Shanghai 2026-04-02: issued",
                    "nothing: no new occurrence matches a 'when' line",
                ])
    }
}
