import Foundation
import PitchChecker
import PitchProgram
import PitchSchema
import PitchSource
import PitchSyntax
import PitchTestSupport
import Testing

@Suite("Whole scripts")
struct ScriptTests {
    @Test("a generated script of every declaration kind has no error", arguments: [1000, 3000])
    func generated(lines: Int) throws {
        let checked = checked(ScriptGenerator.script(lines: lines))
        #expect(Set(checked.described).isSubset(of: ["P601"]), "\(checked.messages)")
        let program = try #require(checked.program)
        #expect(program.definitions.filter { $0.kind == .segment }.count >= lines / 5)
    }

    @Test("definitions stand after those that they use")
    func order() throws {
        let checked = checkedAfterPreamble(
            "segment a = b and c\nsegment b = c\nsegment c = spent > 5 CNY\n"
                + "field spent = sum(orders.amount)")
        let program = try #require(checked.program, "\(checked.messages)")
        #expect(program.definitions.map(\.name) == ["spent", "c", "b", "a"])
    }

    @Test("a chain of definitions, last first, is resolved; one that is too long is refused")
    func chain() throws {
        #expect(checkedAfterPreamble(chain(400)).program?.definitions.count == 401)
        let checked = checkedAfterPreamble(chain(5000))
        #expect(checked.described == ["P212"], "\(checked.described.prefix(3))")
    }

    private func chain(_ count: Int) -> String {
        let lines = (0..<count).map { "segment s\($0) = s\($0 + 1)" }
        return (lines + ["segment s\(count) = sms_ok"]).joined(separator: "\n")
    }

    @Test(
        "deep expressions are typed or refused, never a crash",
        arguments: [
            String(repeating: "(", count: 250) + "sms_ok" + String(repeating: ")", count: 250),
            String(repeating: "not (", count: 200) + "sms_ok" + String(repeating: ")", count: 200),
            String(repeating: "abs(", count: 200) + "1" + String(repeating: ")", count: 200)
                + " > 0",
            String(repeating: "twice(", count: 100) + "1" + String(repeating: ")", count: 100)
                + " > 0",
            String(repeating: "(1 if sms_ok otherwise ", count: 200) + "1"
                + String(repeating: ")", count: 200) + " > 0",
            String(repeating: "(sms_ok and ", count: 200) + "sms_ok"
                + String(repeating: ")", count: 200),
            "1" + String(repeating: " + 1", count: 480) + " > 0",
        ])
    func deep(text: String) {
        let checked = checkedAfterPreamble("define twice(x) = x + x\nsegment a = \(text)")
        #expect(
            checked.program != nil || ["P108", "P212"].contains(checked.described.first),
            "\(checked.messages)")
    }

    @Test("computed fields that grow too large are refused where they are used")
    func largeComputed() {
        var fields = ["c0 integer = quantity + quantity"]
        for index in 1...20 { fields.append("c\(index) integer = c\(index - 1) + c\(index - 1)") }
        let checked = checkedAfterPreamble(
            "events lines from csv \"l.csv\" {\n member m\n at t\n quantity integer\n"
                + fields.joined(separator: "\n") + "\n}\nsegment a = sum(lines.c20) > 5")
        #expect(Set(checked.described) == ["P212"], "\(checked.messages)")
    }

    @Test("a cycle shows its way round, once")
    func cycle() {
        let checked = checkedAfterPreamble("segment a = b\nsegment b = c\nsegment c = a and sms_ok")
        #expect(checked.described == ["P204"])
        let message = checked.diagnostics.first?.message ?? ""
        #expect(message.contains("'a'") && message.contains("'b'") && message.contains("'c'"))
    }

    @Test("an expression that doubles with every let is refused, not written out")
    func doubling() {
        var lines = ["let x0 = count(orders) + 1"]
        for index in 1...60 { lines.append("let x\(index) = x\(index - 1) + x\(index - 1)") }
        #expect(checkedAfterPreamble(lines.joined(separator: "\n")).described.contains("P212"))
    }

    @Test("a list that is too long is refused")
    func longList() {
        let list = (0...10_000).map { "\($0)" }.joined(separator: ", ")
        let checked = checkedAfterPreamble("segment a = age(joined) in [\(list)]")
        #expect(checked.described == ["P211"])
    }

    @Test("what is not executed is in the program, with its place")
    func unexecuted() throws {
        let checked = checkedAfterPreamble(
            """
            coupon off20 { kind cash, face 20 CNY, valid 14 days }
            plan spring {
                valid 2026-03-01 to 2026-05-31
                strategy hello {
                    when purchase
                    give off20
                    no limit
                }
            }
            test "a new member" {
                member lin { joined 2024-01-01 }
            }
            """)
        let program = try #require(checked.program, "\(checked.messages)")
        #expect(program.unexecuted.map(\.word) == ["test"])
    }

    @Test("triggers, limits and offers of a strategy")
    func strategy() throws {
        let checked = checkedAfterPreamble(
            """
            coupon off20 { kind cash, face 20 CNY, valid 14 days }
            bundle pack { 2 x off20 }
            plan spring {
                valid 2026-03-01 to 2026-05-31
                budget 1000 CNY
                strategy hello {
                    when purchase where amount >= 300 CNY
                    when 3 days before birthday at 10:00
                    when every month on [1, 15]
                    when every monday
                    when once at 2026-04-01 10:00
                    give 2 x pack
                    at most 2 per 30 days
                    every 30 minutes
                    success is purchase where amount > 1 CNY within 7 days
                    priority -3
                }
            }
            """)
        let strategy = try #require(
            checked.program?.plans.first?.strategies.first, "\(checked.messages)")
        #expect(strategy.triggers.count == 5)
        #expect(strategy.limit == .count(2, per: Period(30, .day)))
        #expect(strategy.gift == .offer(.bundle(0, quantity: 2)))
        #expect(strategy.every == Period(30, .minute))
        #expect(strategy.priority == -3)
        guard case .date(let pattern) = strategy.triggers[1].source,
            case .yearly(_, let before) = pattern.days
        else {
            Issue.record("expected a birthday")
            return
        }
        #expect(before == 3 && pattern.dueTime == 36_000_000)
    }

    @Test("the fields of a data set: stored, named by clauses, hidden")
    func fields() throws {
        let checked = checkedAfterPreamble(
            """
            events weather from csv "w.csv" {
                scene weather
                place station
                at day date "dd/MM/yyyy"
                condition one of [rain, dry] = rain if precipitation is known otherwise dry
                temperature F = temp_max
            }
            """)
        let program = try #require(checked.program, "\(checked.messages)")
        let weather = try #require(program.dataSets.first { $0.name == "weather" })
        #expect(weather.fields.map(\.name) == ["temperature", "place", "at", "precipitation"])
        #expect(weather.fields.map(\.column) == ["temp_max", "station", "day", "precipitation"])
        #expect(weather.isDated && weather.place == 1)
        #expect(weather.fields[2].format.pattern == "dd/MM/yyyy")
        let symbol = try #require(checked.symbols.named("weather"))
        #expect(symbol.fields.map(\.name) == ["temperature", "place", "at", "condition"])
        #expect(symbol.fields.last?.values == ["rain", "dry"])
    }

    @Test("the texts of a message are taken apart")
    func message() throws {
        let checked = checkedAfterPreamble(
            """
            channel sms { to city, file "outbox", cost 0.045 CNY }
            message hi {
                class service
                sms "{{Your}} {offer.title} in {city}: {code}, {expires as 'd MMMM'}"
            }
            """)
        let program = try #require(checked.program, "\(checked.messages)")
        #expect(program.channels[0].costMicroMinor == 4_500_000)
        let parts = try #require(program.messages[0].texts[0])
        let kinds = parts.map { part in
            switch part {
            case .text(let text): text
            case .value: "value"
            case .offerTitle: "title"
            case .expires(let pattern): "expires \(pattern ?? "")"
            case .code: "code"
            }
        }
        #expect(
            kinds == ["{Your} ", "title", " in ", "value", ": ", "code", ", ", "expires d MMMM"])
    }

    @Test("any bytes are checked without a crash")
    func fuzz() throws {
        var random = SeededGenerator(seed: 7)
        let seeds =
            DiagnosticCode.checkerCodes.map { Array(DiagnosticCode.script($0.example).utf8) }
            + [Array(ScriptGenerator.script(lines: 50).utf8)]
        try Fuzz.inputs(of: "a script's check") {
            var bytes = seeds.randomElement(using: &random) ?? []
            for _ in 0..<Int.random(in: 1...4, using: &random) { mutate(&bytes, &random) }
            return bytes
        } body: { bytes in
            let tree = parse(SourceFile(name: "fuzz.pitch", bytes: bytes))
            let checked = check([tree], zone: testZone)
            guard let program = checked.program else {
                let isRefused = checked.diagnostics.contains { $0.severity == .error }
                return isRefused ? nil : "no program, and no error"
            }
            let isTyped = program.definitions.allSatisfy { $0.expression.type != .error }
            return isTyped ? nil : "a definition has no type"
        }
    }

    private func mutate(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
        guard bytes.count > 8 else { return }
        let start = Int.random(in: 0..<bytes.count - 4, using: &random)
        let length = Int.random(in: 1...min(24, bytes.count - start), using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes.removeSubrange(start..<start + length)
        case 1:
            let target = Int.random(in: 0..<bytes.count, using: &random)
            bytes.insert(contentsOf: bytes[start..<start + length], at: target)
        case 2: bytes[start] = UInt8.random(in: 0...255, using: &random)
        default:
            let marks = Array("(){}[],.=<>+-*/%\"'`#\n 0123456789ax".utf8)
            bytes[start] = marks.randomElement(using: &random) ?? 0
        }
    }
}
