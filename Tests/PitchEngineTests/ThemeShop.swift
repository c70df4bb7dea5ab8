import Foundation
import PitchEngine
import PitchStore
import Testing

/// A shop with 60 members, half of them VIPs, and a history of campaigns in which VIPs convert
/// twice as often and higher faces convert more.
final class ThemeShop {
    let folder: URL

    /// - Parameter strategies: of plan `spring`.
    init(
        _ strategies: String, goals: String = "", plan: String = "", stock: String = "",
        members: Int = 60
    ) throws {
        folder = FileManager.default.temporaryDirectory
            .appending(path: "pitch-theme-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let rows = (0..<members).map { "m\($0),\($0.isMultiple(of: 2) ? "vip" : "")" }
        try write("members.csv", "id,tags\n" + rows.map { $0 + "\n" }.joined())
        try write("uses.csv", "row,code,member,at,discount\n")
        try write("history.csv", Self.history)
        try write("shop.pitch", Self.script(strategies, goals, plan, stock))
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// Of 1,000 members who got a face of 10, 20 or 50, so many converted; of VIPs twice as many.
    private static var history: String {
        var rows = "campaign,theme,kind,face,segment,issued,converted,cost\n"
        for (face, converted) in [(10, 20), (20, 40), (50, 60)] {
            for (segment, times) in [("vips", 2), ("others", 1)] {
                let used = converted * times
                rows += "c0,apparel,cash,\(face).00,\(segment),1000,\(used),\(face * used).00\n"
            }
        }
        return rows
    }

    private static func script(
        _ strategies: String, _ goals: String, _ plan: String, _ stock: String
    ) -> String {
        """
        pitch 1
        project "Theme shop" {
            timezone "Europe/Berlin"
            currency CNY
            store "shop.db"
        }
        members from csv "members.csv" { key id, tags tags }
        events uses from csv "uses*.csv" {
            scene coupon used
            key row
            member member
            at at
            code text
            discount money CNY?
        }
        history from csv "history.csv" {
            campaign text
            theme text?
            kind text
            face money CNY?
            segment text?
            issued integer
            converted integer
            cost money CNY?
        }
        segment vips = tags has "vip"
        segment others = not vips
        coupon off10 { kind cash, face 10 CNY, valid 5 days }
        coupon off20 { kind cash, face 20 CNY, valid 5 days
            \(stock) }
        coupon off50 { kind cash, face 50 CNY, valid 5 days }
        coupon mug { kind gift, item "mug", face 10 CNY, valid 5 days }
        bundle pack { off10, off20 }
        \(goals)
        plan spring {
            valid 2026-01-01 to 2026-12-31
            \(plan)
            \(strategies)
        }
        """
    }

    func write(_ name: String, _ text: String) throws {
        try text.write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
    }

    func read(_ name: String) throws -> String {
        try String(contentsOf: folder.appending(path: name), encoding: .utf8)
    }

    /// Another text in the place of one that stands in a file.
    func replace(_ old: String, with new: String, in name: String = "shop.pitch") throws {
        let text = try read(name)
        try #require(text.contains(old))
        try write(name, text.replacing(old, with: new))
    }

    func workspace(_ asOf: String) throws -> Workspace {
        let workspace = try Workspace(
            script: folder.appending(path: "shop.pitch").path, asOf: asOf, clock: 0)
        let faults = workspace.diagnostics.filter { $0.severity == .error }.map(\.message)
        try #require(faults.isEmpty, "the script has errors: \(faults)")
        return workspace
    }

    @discardableResult
    func run(_ asOf: String) throws -> RunReport {
        let report = try workspace(asOf).run()
        #expect(report.outcomes.values.reduce(0, +) == report.audience)
        return report
    }

    func records<Result>(_ body: (Ledger) throws -> Result) throws -> Result {
        let store = try Store(path: folder.appending(path: "shop.db").path, access: .readOnly)
        defer { store.close() }
        return try body(Ledger(store))
    }

    /// Members who have coupons, with the names of these.
    func holders() throws -> [String: [String]] {
        let coupons = try records { try $0.coupons(of: nil, limit: 10_000) }
        return Dictionary(grouping: coupons, by: \.member).mapValues { $0.map(\.coupon).sorted() }
    }

    /// A strategy that gives something to everybody at once, on a day.
    static func once(_ offer: String, day: String = "2026-04-02", name: String = "s") -> String {
        "strategy \(name) { when once at \(day) 10:00, give \(offer), no limit }"
    }
}
