import CKernels
import Testing

@testable import PitchColumnar

/// Every family of kernels gives the bits that looking at row by row gives.
@Suite struct KernelFamilyTests {
    private static let sizes = [0, 1, 63, 64, 65, 127, 500, 4096]

    @Test(arguments: KernelFamily.available)
    func rangesOfEveryWidth(_ family: KernelFamily) {
        var random = Seeded(state: 11)
        for count in Self.sizes {
            check(family, (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &random) })
            check(family, (0..<count).map { _ in UInt16.random(in: .min ... .max, using: &random) })
            check(family, (0..<count).map { _ in UInt32.random(in: .min ... .max, using: &random) })
            check(family, (0..<count).map { _ in UInt64.random(in: .min ... .max, using: &random) })
        }
    }

    private func check<Raw: FixedWidthInteger & UnsignedInteger>(
        _ family: KernelFamily, _ numbers: [Raw]
    ) {
        guard let width = PackedIntegers.Width(rawValue: UInt8(Raw.bitWidth / 8)) else {
            Issue.record("no such width")
            return
        }
        let edges: [Raw] = [0, 1, .max / 2, .max / 2 + 1, .max - 1, .max]
        for low in edges + numbers.prefix(3) {
            for span in edges + numbers.suffix(3) {
                let expected = numbers.map { $0 &- low <= span }
                let found = mask(numbers.count) { words in
                    numbers.withUnsafeBytes { raw in
                        guard let start = raw.baseAddress else { return }
                        family.range(
                            start, width, rows: numbers.count,
                            .init(low: UInt64(low), span: UInt64(span)), into: words)
                    }
                }
                #expect(found == expected, "\(family), \(Raw.self), from \(low), \(span) on")
            }
        }
    }

    @Test(arguments: KernelFamily.available)
    func setsOfFewAndManyCodes(_ family: KernelFamily) {
        var random = Seeded(state: 12)
        for codes in [1, 3, 128, 256, 300, 1024, 1025, 5000] {
            let bytes = (0..<codes).map { _ in UInt8.random(in: 0...1, using: &random) }
            let set = CodeSet(bytes)
            for count in Self.sizes {
                let wide = (0..<count).map { _ in
                    UInt16.random(in: 0..<UInt16(codes), using: &random)
                }
                let found = mask(count) { words in
                    wide.withUnsafeBytes { raw in
                        guard let start = raw.baseAddress else { return }
                        family.set(start, .two, rows: count, set, into: words)
                    }
                }
                #expect(found == wide.map { bytes[Int($0)] == 1 }, "\(family), \(codes) codes")
                guard codes <= 256 else { continue }
                let narrow = wide.map { UInt8($0) }
                let narrowFound = mask(count) { words in
                    narrow.withUnsafeBytes { raw in
                        guard let start = raw.baseAddress else { return }
                        family.set(start, .one, rows: count, set, into: words)
                    }
                }
                #expect(narrowFound == found, "\(family), \(codes) codes of a byte")
            }
        }
    }

    @Test(arguments: KernelFamily.available, Self.sizes)
    func masksAreJoined(_ family: KernelFamily, _ count: Int) {
        var random = Seeded(state: 13)
        let (left, right) = (bits(count, &random), bits(count, &random))
        for isAnd in [true, false] {
            for (leftTurn, rightTurn) in [
                (false, false), (true, false), (false, true), (true, true),
            ] {
                var population = 0
                let found = mask(count) { words in
                    pack(left, into: words)
                    let other = MaskWords.allocate(capacity: count / 64 + 1)
                    defer { other.deallocate() }
                    pack(right, into: other)
                    population = family.join(
                        (words, leftTurn ? .max : 0), (other, rightTurn ? .max : 0), isAnd: isAnd,
                        rows: count, into: words)
                    #expect(family.population(words, (count + 63) / 64) == population)
                }
                let expected = zip(left, right).map { one, two in
                    isAnd
                        ? one != leftTurn && two != rightTurn : one != leftTurn || two != rightTurn
                }
                #expect(found == expected)
                #expect(population == expected.filter(\.self).count)
            }
        }
    }

    @Test(arguments: KernelFamily.available, Self.sizes)
    func rulesInOnePass(_ family: KernelFamily, _ count: Int) {
        var random = Seeded(state: 14)
        let masks = (0..<6).map { _ in bits(count, &random) }
        let words = masks.map { _ in MaskWords.allocate(capacity: count / 64 + 1) }
        defer { words.forEach { $0.deallocate() } }
        for (mask, words) in zip(masks, words) { pack(mask, into: words) }
        for _ in 0..<40 {
            var rule = RandomRule()
            rule.grow(to: Int.random(in: 1...24, using: &random), masks.count, &random)
            let found = mask(count) { answer in
                family.rule(
                    rule.steps, words.map { UnsafePointer($0) }, rows: count,
                    Scratch(rows: max(64, count)), into: answer)
                answer.clearTail(count)
            }
            let expected = (0..<count).map { row in rule.holds { masks[$0][row] } }
            #expect(found == expected, "\(rule.steps)")
        }
    }

    private func bits(_ count: Int, _ random: inout Seeded) -> [Bool] {
        (0..<count).map { _ in Bool.random(using: &random) }
    }

    private func pack(_ bits: [Bool], into words: MaskWords) {
        words.fill(0, (bits.count + 63) / 64)
        for (row, bit) in bits.enumerated() where bit { words[row >> 6] |= 1 << UInt64(row & 63) }
    }

    /// The bits that a kernel writes; those beyond the last row must be 0.
    private func mask(_ count: Int, _ fill: (MaskWords) -> Void) -> [Bool] {
        let words = MaskWords.allocate(capacity: count / 64 + 1)
        defer { words.deallocate() }
        words.fill(0x5555_5555_5555_5555, count / 64 + 1)
        fill(words)
        if count & 63 != 0 { #expect(words[count >> 6] >> UInt64(count & 63) == 0) }
        return (0..<count).map { words[$0 >> 6] >> UInt64($0 & 63) & 1 == 1 }
    }
}

/// Steps of a rule, each of which makes sense where it stands.
private struct RandomRule {
    private(set) var steps: [kernels_step] = []
    private var depth = 0

    mutating func grow(to length: Int, _ masks: Int, _ random: inout Seeded) {
        add(Bool.random(using: &random) ? KERNELS_TAKE : KERNELS_TAKE_NOT, masks, &random)
        while steps.count < length {
            let action = Int.random(in: KERNELS_TAKE...KERNELS_OR_KEPT, using: &random)
            switch action {
            case KERNELS_KEEP where depth < KERNELS_RULE_DEPTH: depth += 1
            case KERNELS_AND_KEPT where depth > 0, KERNELS_OR_KEPT where depth > 0: depth -= 1
            case KERNELS_TAKE...KERNELS_OR_NOT: break
            default: continue
            }
            add(action, masks, &random)
        }
    }

    private mutating func add(_ action: Int, _ masks: Int, _ random: inout Seeded) {
        let mask = action < KERNELS_KEEP ? Int.random(in: 0..<masks, using: &random) : 0
        steps.append(kernels_step(action: UInt32(action), mask: UInt32(mask)))
    }

    /// What the steps come to for one row.
    func holds(_ mask: (Int) -> Bool) -> Bool {
        var (answer, kept) = (false, [Bool]())
        for step in steps {
            let bit = mask(Int(step.mask))
            switch Int(step.action) {
            case KERNELS_TAKE: answer = bit
            case KERNELS_AND: answer = answer && bit
            case KERNELS_OR: answer = answer || bit
            case KERNELS_TAKE_NOT: answer = !bit
            case KERNELS_AND_NOT: answer = answer && !bit
            case KERNELS_OR_NOT: answer = answer || !bit
            case KERNELS_KEEP: kept.append(answer)
            case KERNELS_AND_KEPT: answer = kept.removeLast() && answer
            default: answer = kept.removeLast() || answer
            }
        }
        return answer
    }
}
