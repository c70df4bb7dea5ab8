import Foundation
import PitchReport
import PitchTestSupport
import Testing

@Suite struct FrontierPlotTests {
    @Test func hostileTextsStayWellFormed() throws {
        for seed in 0..<400 as Range<UInt64> {
            let plot = FrontierSamples.hostile(seed: seed)
            let svg = try #require(XMLReading(plot.svg), "seed \(seed)")
            #expect(svg.elements.first?.name == "svg")
            #expect(svg.elements("script").isEmpty)
            let html = try #require(XMLReading(plot.html), "seed \(seed)")
            #expect(html.elements("script").isEmpty)
            #expect(html.elements("tr").count == (plot.points.isEmpty ? 0 : plot.points.count + 1))
        }
    }

    @Test func textsAreEscaped() {
        let raw = "a<b>&\"'\u{0}\u{1F}\u{FFFE}\u{1FFFF}\u{9F}\r\n\té"
        let expected = "a&lt;b&gt;&amp;&quot;&#39;" + String(repeating: "\u{FFFD}", count: 5)
            + " \n\té"
        let svg = FrontierSamples.plot([], title: raw).svg
        #expect(svg.contains("<title>" + expected + "</title>"))
        #expect(svg.contains("aria-label=\"" + expected + "\""))
    }

    @Test func pictureNamesItselfToScreenReaders() throws {
        let svg = try #require(XMLReading(FrontierSamples.campaign(count: 3, seed: 1).svg))
        let root = try #require(svg.elements.first)
        #expect(root.attributes["role"] == "img")
        #expect(root.attributes["xmlns"] == "http://www.w3.org/2000/svg")
        #expect(root.attributes["viewBox"]?.hasPrefix("0 0 960 ") == true)
        #expect(svg.elements[1].name == "title" && svg.elements[2].name == "desc")
        #expect(svg.elements[2].text.contains("is picked: it costs "))
        #expect(svg.elements[2].text.contains("A plan may cost at most 80,000 CNY."))
        #expect(svg.elements("title").count == 4)
    }

    @Test func tooltipTellsAPoint() throws {
        let point = FrontierSamples.point(
            7, cost: 123_456, conversion: 0.0451, costSpread: 1_000, label: "5 × <gift>",
            isOnFrontier: true)
        let svg = try #require(XMLReading(FrontierSamples.plot([point]).svg))
        let expected = """
            Template 7: on the frontier
            Cost 1,234.56 CNY (1,224.56 – 1,244.56)
            Conversion 4.510% (exact)
            5 × <gift>
            """
        #expect(svg.elements("title").last?.text == expected)
    }

    @Test func pageTabulatesTemplatesInOrder() throws {
        let points = [3, 1, 2].map {
            FrontierSamples.point($0, cost: Int64($0) * 1_000_000, conversion: 0.01)
        }
        let html = FrontierSamples.plot(points).html
        let opening = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>"
        #expect(html.hasPrefix(opening))
        let page = try #require(XMLReading(html))
        #expect(page.elements("h1").map(\.text) == ["Autumn coupons"])
        #expect(page.elements("th").suffix(3).map(\.text) == ["1", "2", "3"])
        #expect(page.elements("td").first?.text == "10,000.00")
        let links = ["http://", "https://", "url(", "src=", "href=", "@import"]
        let own = html.replacingOccurrences(of: "http://www.w3.org/2000/svg", with: "")
        #expect(!links.contains { own.contains($0) })
    }

    @Test func noPointIsASentence() throws {
        let plot = FrontierSamples.plot([], title: "Empty & <bare>")
        let svg = try #require(XMLReading(plot.svg))
        let sentence = ["There is no template to plot."]
        #expect(svg.elements("text", class: "sentence").map(\.text) == sentence)
        let html = try #require(XMLReading(plot.html))
        #expect(html.elements("p").map(\.text) == sentence)
        #expect(html.elements("table").isEmpty && html.elements("svg").isEmpty)
    }

    @Test(arguments: [
        [(0, 0.0)], [(0, 1.0)], [(0, 0.5), (0, 0.5)], [(9_000_000_000_000_000_000, 0.5)],
        [(Int64.min, 0.0), (Int64.max, 1.0)], [(Int64.max, 1e-15), (Int64.max - 1, 1e-14)],
        [(-5, 0.2), (-5, 0.2), (-5, 0.2)],
    ] as [[(Int64, Double)]], [0, 2, 18])
    func extremesAreDrawnInsideTheFrame(values: [(Int64, Double)], digits: Int) throws {
        let points = values.enumerated().map {
            FrontierSamples.point($0 + 1, cost: $1.0, conversion: $1.1)
        }
        let plot = FrontierSamples.plot(
            points, digits: digits, limits: .init(costCapMinor: .max, conversionFloor: 0),
            targets: .init(costMinor: .min, conversion: 1))
        let svg = try #require(XMLReading(plot.svg))
        let marks = svg.elements("circle").filter { Double($0.attributes["cy"] ?? "") ?? 0 > 100 }
        #expect(marks.count == values.count)
        for mark in marks {
            let x = try #require(mark.attributes["cx"].flatMap(Double.init))
            #expect((60...930).contains(x))
        }
        #expect(XMLReading(plot.html) != nil)
    }

    @Test func frontierIsAStair() throws {
        let points = [(300, 0.02, true), (100, 0.01, true), (200, 0.03, true), (150, 0.9, false)]
            .enumerated().map { index, value in
                FrontierSamples.point(
                    index, cost: value.0, conversion: value.1, isOnFrontier: value.2)
            }
        let svg = try #require(XMLReading(FrontierSamples.plot(points).svg))
        let path = try #require(svg.elements("path", class: "frontier").first?.attributes["d"])
        let corners = path.dropFirst().split(separator: "L").map { $0.split(separator: " ") }
        #expect(corners.count == 4 && corners.allSatisfy { $0.count == 2 })
        #expect(corners[0][1] == corners[1][1] && corners[2][1] == corners[3][1])
        #expect(corners[1][0] == corners[2][0])
        let best = svg.elements("circle").filter { $0.attributes["r"] == "5" }
        let places = best.map { [$0.attributes["cx"] ?? "", $0.attributes["cy"] ?? ""] }
        #expect(places.contains(corners[0].map(String.init)))
        #expect(places.contains(corners[2].map(String.init)))
    }

    @Test func sameBytesTwice() {
        for seed in 0..<20 as Range<UInt64> {
            let (first, second) = (
                FrontierSamples.hostile(seed: seed), FrontierSamples.hostile(seed: seed)
            )
            #expect(first.svg == second.svg && first.html == second.html)
        }
    }

    @Test func goldenPicture() throws {
        try Golden.check(
            FrontierSamples.campaign(count: 6, seed: 3).svg, against: "report/frontier.svg")
    }
}
