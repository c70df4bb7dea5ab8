import PitchChecker
import PitchProgram
import Testing

/// What the lines about places, days and members say when something is wrong.
@Suite("Scenes of places, days and members")
struct SceneTests {
    private func messages(
        _ declarations: String, _ when: String, _ clauses: String = ""
    ) -> String {
        checkedAfterPreamble(
            """
            \(declarations)
            coupon off { kind cash, face 5 CNY, valid 7 days }
            channel sms { to phone, file "out" }
            plan p {
                valid 2026-01-01 to 2026-12-31
                strategy s {
                    when \(when)
                    give off
                    no limit
                    \(clauses)
                }
            }
            """
        ).diagnostics.map { "\($0.code.id) \($0.message)" }.joined(separator: "\n")
    }

    private static let weather = """
        events weather from csv "w.csv" {
            scene weather
            place station
            at day
            condition one of [rain, dry] = rain if fallen > 0 mm otherwise dry
            fallen mm = precipitation
            temperature F?
        }
        """

    @Test func weatherNeedsItsEvents() {
        #expect(messages("", "weather in city") == "P508 no events feed the scene 'weather'")
        #expect(messages(Self.weather, "weather in city") == "")
    }

    @Test func aPlaceIsAColumn() {
        let wrong = Self.weather.replacing("place station", with: "place text")
        #expect(
            messages(wrong, "weather in city")
                == "P540 expected the column of the place, found the type 'text'")
        #expect(
            messages(Self.weather.replacing("place station", with: ""), "weather in city")
                .hasPrefix("P401 'weather' lacks 'place'"))
        let visits = """
            events visits from csv "v.csv" {
                member member_id
                at day
                place store
            }
            """
        #expect(
            messages(visits, "purchase") == "P540 only events of the scene 'weather' have a place")
        #expect(messages(visits.replacing("place store", with: "`place` text"), "purchase") == "")
    }

    @Test func thisReadsWhatAllLinesHave() {
        let two = "weather in city\nwhen purchase"
        #expect(
            messages(Self.weather, two, "if this.condition = rain")
                == "P322 not every 'when' line has the field 'condition'")
        #expect(messages(Self.weather, two, "if this.at < now") == "")
        #expect(messages(Self.weather, "weather in city", "if this.condition = rain") == "")
        #expect(messages("", "every monday", "if this.weekday = 1 and this.day > joined") == "")
        #expect(
            messages("", "every monday", "if this.holiday = \"x\"")
                == "P322 not every 'when' line has the field 'holiday'")
    }

    @Test func holesAreCheckedForTheStrategyThatSaysThem() {
        let message = { (text: String) in
            "message m { class service, sms \"\(text)\" }\n"
        }
        let say = "say m via sms"
        let rainy = Self.weather + "\n" + message("It is {this.condition} in {this.place}")
        #expect(messages(rainy, "weather in city", say) == "")
        #expect(
            messages(rainy, "purchase", say).hasPrefix(
                "P322 not every 'when' line has the field 'condition'"))
        #expect(
            messages(
                Self.weather + "\n" + message("It is {this.temperature}"), "weather in city", say)
                == "P506 'this.temperature' may be missing, and a text is never blank")
        #expect(
            messages(message("{this.amount} in {nowhere}"), "purchase", say)
                == "P201 there is no 'nowhere'")
    }

    @Test func membersComeAndEnter() {
        #expect(messages("segment vips = sms_ok", "member enters vips where city = \"x\"") == "")
        #expect(messages("", "member joined") == "")
        #expect(messages("", "member enters nobody").hasPrefix("P201"))
        #expect(messages("", "member enters level").hasPrefix("P2"))
    }
}
