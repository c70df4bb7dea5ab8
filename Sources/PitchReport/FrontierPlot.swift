/// The cost–conversion frontier of numbered marketing templates, as a picture and as a page.
///
/// Every template is one numbered point: right is dearer, up converts more. The same value
/// always writes the same bytes; nothing depends on locale, time or hashing. All text given by
/// the caller is escaped, and characters that XML forbids are written as U+FFFD.
package struct FrontierPlot: Sendable {
    /// The heading of the picture and of the page, in the caller's words.
    package var title: String
    /// The code written beside amounts, such as `CNY`.
    package var currencyCode: String
    /// How many decimal digits one major unit has: 2 for CNY, 0 for JPY; 0…18.
    package var currencyDigits: Int
    /// The templates, in any order; may be empty.
    package var points: [Point]
    /// What a plan must respect; drawn as dashed lines.
    package var limits: Limits
    /// What a plan is scored against; drawn as dotted lines.
    package var targets: Targets

    /// One numbered template.
    package struct Point: Sendable {
        /// The template's number, written beside its mark and in the table.
        package var number: Int
        /// The expected marketing cost, in minor units; any value, also below zero.
        package var costMinor: Int64
        /// The interval of the cost, in minor units; equal bounds mean an exact cost.
        package var costInterval: ClosedRange<Int64>
        /// The expected conversion, a share of the audience, 0…1.
        package var conversion: Double
        /// The interval of the conversion, cut to 0…1; equal bounds mean an exact one.
        package var conversionInterval: ClosedRange<Double>
        /// What the template is, such as `40,000 × off20, 10,000 × comeback`.
        package var label: String
        /// Whether no other template costs at most as much and converts more.
        package var isOnFrontier: Bool
        /// Whether this is the template the campaign uses.
        package var isPicked: Bool

        /// A template's point.
        ///
        /// The conversion must lie in 0…1; anything else, not-a-number included, is a fault of
        /// the caller and traps. Interval bounds are cut to 0…1, because the usual normal
        /// approximation of a rare event reaches below zero.
        package init(
            number: Int, costMinor: Int64, costInterval: ClosedRange<Int64>, conversion: Double,
            conversionInterval: ClosedRange<Double>, label: String, isOnFrontier: Bool,
            isPicked: Bool
        ) {
            requireShare(conversion)
            self.number = number
            self.costMinor = costMinor
            self.costInterval = costInterval
            self.conversion = conversion
            self.conversionInterval = conversionInterval.clamped(to: 0...1)
            self.label = label
            self.isOnFrontier = isOnFrontier
            self.isPicked = isPicked
        }
    }

    /// The bounds a plan must respect.
    package struct Limits: Sendable {
        /// The most a plan may cost, in minor units.
        package var costCapMinor: Int64?
        /// The least share of the audience a plan must convert, 0…1.
        package var conversionFloor: Double?

        /// Limits; a floor outside 0…1 is a fault of the caller and traps.
        package init(costCapMinor: Int64? = nil, conversionFloor: Double? = nil) {
            conversionFloor.map(requireShare)
            self.costCapMinor = costCapMinor
            self.conversionFloor = conversionFloor
        }
    }

    /// The targets T0 and P0 that the score of a plan is relative to.
    package struct Targets: Sendable {
        /// T0, in minor units.
        package var costMinor: Int64?
        /// P0, a share of the audience, 0…1.
        package var conversion: Double?

        /// Targets; a conversion outside 0…1 is a fault of the caller and traps.
        package init(costMinor: Int64? = nil, conversion: Double? = nil) {
            conversion.map(requireShare)
            self.costMinor = costMinor
            self.conversion = conversion
        }
    }

    /// A plot; a number of currency digits outside 0…18 is a fault of the caller and traps.
    package init(
        title: String, currencyCode: String, currencyDigits: Int, points: [Point],
        limits: Limits = Limits(), targets: Targets = Targets()
    ) {
        precondition((0...18).contains(currencyDigits), "currency digits must be in 0…18")
        self.title = title
        self.currencyCode = currencyCode
        self.currencyDigits = currencyDigits
        self.points = points
        self.limits = limits
        self.targets = targets
    }

    /// A self-contained SVG document, 960 units wide: well-formed XML without script, font,
    /// picture or link from outside. Without points it holds a sentence instead of a plot.
    package var svg: String {
        FrontierDrawing(self, isHeaded: true).document.text
    }

    /// A self-contained HTML page: the heading, the picture inline, and the table of templates
    /// in the order of their numbers. It is well-formed XML as well.
    package var html: String {
        FrontierPage(self).document
    }
}

/// Shares come from our own models and from checked script text, so another value is a bug.
private func requireShare(_ share: Double) {
    precondition((0...1).contains(share), "a conversion must be a share in 0…1")
}
