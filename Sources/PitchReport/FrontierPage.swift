/// The page: the heading, the summary, the picture inline, and the table of templates.
struct FrontierPage {
    let plot: FrontierPlot
    private let wording: FrontierWording

    init(_ plot: FrontierPlot) {
        self.plot = plot
        wording =
            plot.points.isEmpty
            ? FrontierWording(plot: plot, percentDecimals: 0)
            : FrontierGeometry(plot, isHeaded: false).wording
    }

    var document: String {
        var markup = Markup()
        markup.element("html", ["lang": "en"]) { markup in
            markup.element("head") { markup in
                markup.empty("meta", ["charset": "utf-8"])
                markup.empty(
                    "meta",
                    ["name": "viewport", "content": "width=device-width, initial-scale=1"])
                markup.element("title", text: plot.title)
                markup.style(FrontierStyle.page)
            }
            markup.element("body") { content(&$0) }
        }
        return "<!DOCTYPE html>\n" + markup.text
    }

    private func content(_ markup: inout Markup) {
        markup.element("h1", text: plot.title)
        markup.element("p", text: wording.summary)
        guard !plot.points.isEmpty else { return }
        markup.element("div", ["class": "wide"]) { markup in
            markup.append(FrontierDrawing(plot, isHeaded: false).document)
        }
        markup.element("div", ["class": "wide"]) { table(&$0) }
    }

    private func table(_ markup: inout Markup) {
        markup.element("table") { markup in
            markup.element("caption", text: "Templates")
            markup.element("thead") { $0.element("tr") { head(&$0) } }
            markup.element("tbody") { markup in
                let order = plot.points.indices.sorted {
                    (plot.points[$0].number, $0) < (plot.points[$1].number, $1)
                }
                for index in order { row(plot.points[index], &markup) }
            }
        }
    }

    private func head(_ markup: inout Markup) {
        let columns = [
            ("amount", "No."), ("amount", "Cost, \(plot.currencyCode)"), ("amount", "Interval"),
            ("amount", "Conversion"), ("amount", "Interval"), ("what", "What it is"),
            ("standing", "On frontier"),
        ]
        for (kind, name) in columns {
            markup.element("th", ["scope": "col", "class": kind], text: name)
        }
    }

    private func row(_ point: FrontierPlot.Point, _ markup: inout Markup) {
        markup.element("tr", ["class": point.isPicked ? "picked" : "plain"]) { markup in
            markup.element("th", ["scope": "row", "class": "amount"], text: "\(point.number)")
            let cells = [
                ("amount", wording.amount(point.costMinor)),
                ("amount interval", wording.costInterval(point)),
                ("amount", wording.percent(point.conversion)),
                ("amount interval", wording.conversionInterval(point)),
                ("what", point.label),
                ("standing", Self.standing(point)),
            ]
            for (kind, text) in cells { markup.element("td", ["class": kind], text: text) }
        }
    }

    /// The mark of the picture as a character, and its meaning in words.
    private static func standing(_ point: FrontierPlot.Point) -> String {
        let answer = point.isOnFrontier ? "yes" : "no"
        if point.isPicked { return "★ " + answer + ", picked" }
        return (point.isOnFrontier ? "● " : "○ ") + answer
    }
}
