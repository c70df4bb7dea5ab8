/// Draws from a seeded generator.
package struct Dice: Sendable {
    private var generator: SeededGenerator

    package init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    /// True in so many of a hundred draws.
    package mutating func chance(_ percent: Int) -> Bool {
        Int.random(in: 0..<100, using: &generator) < percent
    }

    package mutating func roll(_ range: ClosedRange<Int>) -> Int {
        Int.random(in: range, using: &generator)
    }

    package mutating func roll(_ range: ClosedRange<Int64>) -> Int64 {
        Int64.random(in: range, using: &generator)
    }

    /// - Precondition: there is something to pick.
    package mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[Int.random(in: 0..<elements.count, using: &generator)]
    }

    /// One of several, as often as its weight says.
    package mutating func pick<Element>(weighted elements: [(Int, Element)]) -> Element {
        var left = Int.random(in: 0..<elements.reduce(0) { $0 + $1.0 }, using: &generator)
        for (weight, element) in elements {
            left -= weight
            if left < 0 { return element }
        }
        return elements[elements.count - 1].1
    }
}
