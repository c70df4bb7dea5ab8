/// Lines, texts and shapes of the picture.
extension Markup {
    enum Anchor: String {
        case start, middle, end
    }

    static func pair(_ point: (x: Double, y: Double)) -> String {
        FixedNumber.coordinate(point.x) + " " + FixedNumber.coordinate(point.y)
    }

    mutating func line(
        _ kind: String, _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double
    ) {
        empty(
            "path",
            ["class": kind, "d": "M" + Self.pair((x1, y1)) + "L" + Self.pair((x2, y2))])
    }

    mutating func whisker(_ path: String) {
        empty("path", ["class": "whisker", "d": path])
    }

    mutating func words(
        _ content: String, _ kind: String, _ x: Double, _ y: Double, _ anchor: Anchor
    ) {
        element(
            "text",
            [
                "class": kind, "x": FixedNumber.coordinate(x), "y": FixedNumber.coordinate(y),
                "text-anchor": anchor.rawValue,
            ], text: content)
    }

    mutating func circle(_ x: Double, _ y: Double, _ radius: Double) {
        empty(
            "circle",
            [
                "class": "mark", "cx": FixedNumber.coordinate(x),
                "cy": FixedNumber.coordinate(y), "r": FixedNumber.coordinate(radius),
            ])
    }

    /// A closed polygon of corners around a centre.
    mutating func shape(
        _ kind: String, _ corners: [(x: Double, y: Double)], _ x: Double, _ y: Double
    ) {
        let path = corners.map { Self.pair((x + $0.x, y + $0.y)) }.joined(separator: "L")
        empty("path", ["class": kind, "d": "M" + path + "Z"])
    }

    /// The mark of the picked template, known by its shape where colours are not seen.
    mutating func star(_ x: Double, _ y: Double) {
        shape("mark", Self.starCorners, x, y)
    }

    /// Five tips at radius 10 and five notches at 4.4, from the top clockwise.
    private static let starCorners: [(x: Double, y: Double)] = [
        (0, -10), (2.59, -3.56), (9.51, -3.09), (4.18, 1.36), (5.88, 8.09),
        (0, 4.4), (-5.88, 8.09), (-4.18, 1.36), (-9.51, -3.09), (-2.59, -3.56),
    ]
}
