import PitchChecker
import PitchProgram
import PitchSchema
import PitchSource
import PitchSyntax
import PitchTestSupport
import Testing

/// What the printer writes, the parser and the checker read as the same expression: it is the same
/// for every member, and is written the same again.
@Suite struct PrinterTests {
    private static let worlds = 8
    private static let expressions = 60

    @Test(arguments: 0..<worlds)
    func readsBackAsTheSame(number: Int) throws {
        let world = WorldGenerator.world(seed: 4_100 + UInt64(number))
        let zone = world.moment.zone
        let file = SourceFile(
            name: "world.pitch", text: WorldScript.declarations(world.program.project))
        let checked = check([parse(file)], zone: { $0 == zone.name ? zone : nil })
        let program = try #require(checked.program, "\(checked.diagnostics.map(\.message))")
        let printer = ExpressionPrinter(program)
        var generator = ExpressionGenerator(world, seed: UInt64(number))
        var count = 0
        for index in 0..<Self.expressions {
            let expression = generator.expression(.truth, depth: 2 + index % 5)
            guard expression.isSayable else { continue }
            let written = printer.text(of: expression)
            guard let found = Self.read(written, checked) else { continue }
            count += 1
            #expect(
                Case(world: world, expression: found).expected()
                    == Case(world: world, expression: expression).expected(),
                "'\(written)' means something else")
            // The first reading may write a percent as the number that it is divided as.
            let again = printer.text(of: found)
            #expect(Self.read(again, checked).map(printer.text(of:)) == again)
        }
        #expect(count >= Self.expressions / 4, "only \(count) could be said")
    }

    private static func read(_ text: String, _ checked: Checked) -> Expression? {
        let entry = SourceFile(name: "<prompt>", text: text)
        let result = checkExpression(
            parseExpression(entry, index: checked.sources.files.count), in: checked)
        if result.expression == nil {
            Issue.record("'\(text)': \(result.diagnostics.map(\.message))")
        }
        return result.expression
    }
}

extension Expression {
    /// Whether a script can say it; see `ExpressionPrinter`.
    fileprivate var isSayable: Bool { parts.allSatisfy(\.isPartSayable) }

    private var isPartSayable: Bool {
        switch node {
        case .constant(let value):
            switch value {
            case .duration(let milliseconds):
                milliseconds > 0 && milliseconds.isMultiple(of: 1000)
                    && milliseconds <= Period.limit * 1000
            case .tags: false
            // Zero of either sign is written one way; the least 64-bit count in none.
            default: value.raw != .min
            }
        // An instant becomes a day only beside one.
        case .convert(let operand):
            type == .number && !operand.isConstant
        case .negate(let operand), .lookup(_, let operand, _): !operand.isConstant
        case .choose(let branches, let otherwise): branches.count == 1 && otherwise != nil
        case .aggregate(let aggregate):
            aggregate.argument?.parts.contains { part in
                if case .eventField = part.node { true } else { false }
            } ?? true
        default: true
        }
    }

    private var isConstant: Bool {
        if case .constant = node { true } else { false }
    }
}
