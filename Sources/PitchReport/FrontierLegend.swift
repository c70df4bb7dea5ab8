/// What the marks and lines mean, in rows above the plot; only what the plot holds. Limits and
/// targets are not here: their words stand at their lines.
struct FrontierLegend {
    enum Key {
        case picked, frontierPoint, otherPoint, frontierLine, interval

        var text: String {
            switch self {
            case .picked: "Picked template"
            case .frontierPoint: "On the frontier"
            case .otherPoint: "Not on the frontier"
            case .frontierLine: "Frontier: most conversion up to a cost"
            case .interval: "Interval"
            }
        }
    }

    struct Entry {
        let key: Key
        /// Where its sample begins.
        let x: Double
        /// The middle of its row, from the top of the legend.
        let y: Double
    }

    let entries: [Entry]
    let height: Double

    static let textSize = 12.5
    static let sampleWidth = 26.0
    private static let rowHeight = 22.0

    init(_ plot: FrontierPlot, width: Double) {
        var entries: [Entry] = []
        var (x, row) = (0.0, 0.0)
        for key in Self.keys(plot) {
            let length = Self.sampleWidth + 6 + TextWidth.of(key.text, size: Self.textSize)
            if x > 0, x + length > width { (x, row) = (0, row + 1) }
            entries.append(
                Entry(key: key, x: FrontierGeometry.edge + x, y: (row + 0.5) * Self.rowHeight))
            x += length + 16
        }
        self.entries = entries
        height = (row + 1) * Self.rowHeight
    }

    private static func keys(_ plot: FrontierPlot) -> [Key] {
        let hasFrontier = plot.points.contains(where: \.isOnFrontier)
        let hasIntervals = plot.points.contains {
            $0.costInterval.lowerBound < $0.costInterval.upperBound
                || $0.conversionInterval.lowerBound < $0.conversionInterval.upperBound
        }
        let candidates: [(Key, Bool)] = [
            (.picked, plot.points.contains(where: \.isPicked)),
            (.frontierPoint, plot.points.contains { $0.isOnFrontier && !$0.isPicked }),
            (.otherPoint, plot.points.contains { !$0.isOnFrontier && !$0.isPicked }),
            (.interval, hasIntervals),
            (.frontierLine, hasFrontier),
        ]
        return candidates.filter(\.1).map(\.0)
    }
}
