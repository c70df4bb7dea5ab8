import PitchProgram

/// A text test whose second text differs from row to row.
struct TextPairs: Operator {
    let test: TextTest
    let text: CodeExpression
    let part: CodeExpression
    var cost: Double { text.base.cost + part.base.cost + 40 }
    var kernel: String { "two texts" }

    func run(_ frame: Frame) -> TruthBatch {
        let texts = text.codes.run(frame)
        let parts = part.codes.run(frame)
        let known = strictKnown(texts, parts)
        var isTrue = Bitmap(count: frame.count)
        for row in 0..<frame.count where known?[row] ?? true {
            isTrue[row] = test.holds(
                text.pool.bytes(Int(texts.scalar(row))), part.pool.bytes(Int(parts.scalar(row))))
        }
        return TruthBatch(
            isTrue: isTrue, known: known, failed: union(texts.failed, parts.failed))
    }
}
