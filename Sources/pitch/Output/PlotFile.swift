import ArgumentParser
import Foundation
import PitchEngine
import PitchReport
import PitchSchema

/// A plot as a file, by the ending of its name.
enum PlotFile {
    static let help = ArgumentHelp(
        "Draw cost against conversion: FILE.svg or FILE.html.", valueName: "file")

    static func validate(_ path: String?) throws {
        guard let path else { return }
        guard path.hasSuffix(".svg") || path.hasSuffix(".html") else {
            throw ValidationError("expected a plot's file to end in .svg or .html")
        }
    }

    static func write(_ plot: FrontierPlot, to path: String) throws(CommandFailure) {
        let text = path.hasSuffix(".svg") ? plot.svg : plot.html
        do {
            try Data(text.utf8).write(to: URL(filePath: path), options: .atomic)
        } catch {
            throw CommandFailure(.world, "cannot write '\(printable(path))'")
        }
    }
}

extension FrontierPlot {
    init(_ report: OptimizeReport, title: String) {
        self.init(
            title: title, currencyCode: report.currency,
            currencyDigits: Currency(report.currency)?.digits ?? 2,
            points: report.found.map(Point.init),
            limits: Limits(
                costCapMinor: report.costCapMinor,
                // A floor of more members than there are is drawn at all of them.
                conversionFloor: report.conversionFloor.map { min(1, $0) }),
            targets: report.targets.map {
                Targets(costMinor: $0.costMinor, conversion: min(1, $0.conversion))
            } ?? Targets())
    }

    init(_ templates: [TemplateRecord], title: String, _ currency: String) {
        self.init(
            title: title, currencyCode: currency, currencyDigits: Currency(currency)?.digits ?? 2,
            points: templates.map(Point.init))
    }
}

extension FrontierPlot.Point {
    fileprivate init(_ template: TemplateRecord) {
        let trial = template.trial.numbers
        self.init(
            number: Int(clamping: template.number), costMinor: trial.costMinor,
            costInterval: trial.costLowMinor...max(trial.costLowMinor, trial.costHighMinor),
            conversion: min(1, max(0, trial.conversion)),
            conversionInterval: trial.conversionLow
                ... max(trial.conversionLow, trial.conversionHigh),
            label: template.text, isOnFrontier: template.isFrontier,
            isPicked: !template.pickedFor.isEmpty)
    }
}
