/// The picture: what `FrontierGeometry` places, written as SVG from back to front.
struct FrontierDrawing {
    let plot: FrontierPlot
    /// Whether the title stands in the picture; on a page it stands above it.
    let isHeaded: Bool

    init(_ plot: FrontierPlot, isHeaded: Bool) {
        (self.plot, self.isHeaded) = (plot, isHeaded)
    }

    var document: Markup {
        plot.points.isEmpty ? emptyDocument : plottedDocument
    }

    private var plottedDocument: Markup {
        let geometry = FrontierGeometry(plot, isHeaded: isHeaded)
        return document(height: geometry.height, summary: geometry.wording.summary) { markup in
            FrontierLines(geometry: geometry).draw(into: &markup)
            FrontierMarks(geometry: geometry).draw(into: &markup)
        }
    }

    private var emptyDocument: Markup {
        let sentence = FrontierWording.emptySentence
        let top = isHeaded ? 46.0 : 0
        return document(height: top + 120, summary: sentence) { markup in
            markup.element(
                "text",
                [
                    "class": "sentence", "x": FixedNumber.coordinate(FrontierGeometry.width / 2),
                    "y": FixedNumber.coordinate(top + 64), "text-anchor": "middle",
                ], text: sentence)
        }
    }

    /// The frame of a document. Without ids, so that a page can hold several pictures.
    private func document(
        height: Double, summary: String, _ body: (inout Markup) -> Void
    ) -> Markup {
        let width = FixedNumber.coordinate(FrontierGeometry.width)
        let tall = FixedNumber.coordinate(height)
        var markup = Markup()
        markup.element(
            "svg",
            [
                "xmlns": "http://www.w3.org/2000/svg", "class": "frontier-plot",
                "viewBox": "0 0 \(width) \(tall)", "width": width, "height": tall,
                "role": "img", "aria-label": plot.title,
            ]
        ) { markup in
            markup.element("title", text: plot.title)
            markup.element("desc", text: summary)
            markup.style(FrontierStyle.picture)
            markup.empty("rect", ["class": "paper", "width": width, "height": tall])
            if isHeaded { drawHeading(into: &markup) }
            body(&markup)
        }
        return markup
    }

    private func drawHeading(into markup: inout Markup) {
        let edge = FrontierGeometry.edge
        let title = TextWidth.truncated(
            plot.title, size: 20, to: FrontierGeometry.width - 2 * edge)
        markup.element(
            "text", ["class": "heading", "x": FixedNumber.coordinate(edge), "y": "36"],
            text: title)
    }
}
