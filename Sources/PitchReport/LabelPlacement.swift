/// A rectangle in the picture, y downwards.
package struct PlotBox: Sendable, Equatable {
    let minX: Double
    let minY: Double
    let maxX: Double
    let maxY: Double

    var width: Double { maxX - minX }
    var height: Double { maxY - minY }

    /// A box from its upper left to its lower right corner.
    package init(minX: Double, minY: Double, maxX: Double, maxY: Double) {
        (self.minX, self.minY, self.maxX, self.maxY) = (minX, minY, maxX, maxY)
    }

    /// A box around its centre.
    package init(centreX: Double, centreY: Double, width: Double, height: Double) {
        self.init(
            minX: centreX - width / 2, minY: centreY - height / 2,
            maxX: centreX + width / 2, maxY: centreY + height / 2)
    }

    /// Whether the two share more than an edge.
    package func overlaps(_ other: PlotBox) -> Bool {
        minX < other.maxX && other.minX < maxX && minY < other.maxY && other.minY < maxY
    }

    /// Whether the other lies inside, edges included.
    package func contains(_ other: PlotBox) -> Bool {
        minX <= other.minX && other.maxX <= maxX && minY <= other.minY && other.maxY <= maxY
    }
}

/// A round mark in the picture.
package struct PlotDisc: Sendable, Equatable {
    let x: Double
    let y: Double
    let radius: Double

    /// A disc around its centre.
    package init(x: Double, y: Double, radius: Double) {
        (self.x, self.y, self.radius) = (x, y, radius)
    }

    /// Whether some of the box lies inside.
    package func overlaps(_ box: PlotBox) -> Bool {
        squaredDistance(to: box) < radius * radius
    }

    /// From the centre to the nearest place of the box; 0 inside of it.
    func squaredDistance(to box: PlotBox) -> Double {
        let (dx, dy) = (x - max(box.minX, min(x, box.maxX)), y - max(box.minY, min(y, box.maxY)))
        return dx * dx + dy * dy
    }
}

/// Greedy placement of numbers beside their marks: rings of places around a mark, nearest
/// first, and the first cheapest one is taken. Numbers never overlap each other.
package struct LabelPlacement {
    /// Where numbers may stand.
    let frame: PlotBox
    /// Marks; covering one costs much.
    let marks: [PlotDisc]
    /// Whiskers and lines; crossing one costs a little.
    let strokes: [PlotBox]
    private var placed: [PlotBox] = []

    /// A box found, and whether a line must lead to it, because it stands far off or nearer to
    /// another mark.
    package struct Place: Equatable {
        package let box: PlotBox
        package let needsLeader: Bool
    }

    /// A placement with nothing placed.
    package init(frame: PlotBox, marks: [PlotDisc], strokes: [PlotBox]) {
        (self.frame, self.marks, self.strokes) = (frame, marks, strokes)
    }

    /// Rings reach farther than half of the plot; more of them add only places far off.
    private static let rings = 0..<70
    private static let ringWidth = 8.0

    /// A place for a box beside `mark`; nil when every place is taken.
    package mutating func place(width: Double, height: Double, beside mark: PlotDisc) -> Place? {
        var best: (score: Double, ring: Int, box: PlotBox)?
        for ring in Self.rings {
            let distance = Double(ring) * Self.ringWidth
            if let found = best, found.score <= distance { break }
            for direction in Self.directions {
                let box = Self.box(
                    width, height, beside: mark, direction, distance: distance)
                let bound = (best?.score ?? .infinity) - distance
                guard let cost = cost(of: box, beside: mark, below: bound) else { continue }
                best = (distance + cost, ring, box)
            }
        }
        guard let best else { return nil }
        placed.append(best.box)
        return Place(
            box: best.box, needsLeader: needsLeader(best.box, ring: best.ring, beside: mark))
    }

    /// Numbers of equal marks surround them like a cloud; lines inside would only cross it.
    private func needsLeader(_ box: PlotBox, ring: Int, beside mark: PlotDisc) -> Bool {
        let own = mark.squaredDistance(to: box)
        if marks.contains(where: { $0.squaredDistance(to: box) < own }) { return true }
        return ring > 0 && marks.count { $0.x == mark.x && $0.y == mark.y } < 2
    }

    /// A box that touches the circle `distance` off the mark: with a corner in the diagonal
    /// directions and with the middle of a side in the straight ones.
    private static func box(
        _ width: Double, _ height: Double, beside mark: PlotDisc,
        _ direction: (x: Double, y: Double), distance: Double
    ) -> PlotBox {
        let reach = mark.radius + distance
        let shiftX = max(-1, min(direction.x * 1.4143, 1)) * width / 2
        let shiftY = max(-1, min(direction.y * 1.4143, 1)) * height / 2
        return PlotBox(
            centreX: mark.x + direction.x * reach + shiftX,
            centreY: mark.y + direction.y * reach + shiftY, width: width, height: height)
    }

    /// What a box covers, and to how many other marks it seems to belong; nil when it may not
    /// stand there or does not cost less than `bound`.
    private func cost(of box: PlotBox, beside own: PlotDisc, below bound: Double) -> Double? {
        guard bound > 0, frame.contains(box), !placed.contains(where: box.overlaps)
        else { return nil }
        var cost = 0.0
        let distance = own.squaredDistance(to: box)
        for mark in marks {
            if mark.overlaps(box) { cost += 60 }
            if mark.squaredDistance(to: box) < distance { cost += 12 }
        }
        guard cost < bound else { return nil }
        for stroke in strokes where stroke.overlaps(box) { cost += 6 }
        return cost < bound ? cost : nil
    }

    /// Sixteen directions, those that read best first: a frontier climbs to the right, so the
    /// upper left of its points is free. Literals, because `sin` differs between C libraries.
    private static let directions: [(x: Double, y: Double)] = [
        (-0.7071, -0.7071), (0.7071, -0.7071), (0.7071, 0.7071), (-0.7071, 0.7071),
        (0, -1), (1, 0), (-1, 0), (0, 1),
        (-0.3827, -0.9239), (0.3827, -0.9239), (0.9239, -0.3827), (-0.9239, -0.3827),
        (0.9239, 0.3827), (-0.9239, 0.3827), (0.3827, 0.9239), (-0.3827, 0.9239),
    ]
}
