import Foundation
import PitchEngine
import PitchStore
import Testing

/// A shop in a temporary folder: a script, its data and its store.
final class TestShop {
    let folder: URL

    /// - Parameters:
    ///   - at: the clause of the orders' time.
    ///   - parent: where its folder is made, if that is there.
    init(
        _ strategies: String, budget: String = "", coupon: String = "", extra: String = "",
        at: String = "at at", below parent: String = ""
    ) throws {
        let isThere = FileManager.default.isWritableFile(atPath: parent)
        folder = (isThere ? URL(filePath: parent) : FileManager.default.temporaryDirectory)
            .appending(path: "pitch-engine-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try write("members.csv", Self.members)
        try write("orders.csv", "order_id,member_id,at,amount,category,basket,quantity\n")
        try write("shop.pitch", Self.script(strategies, budget, coupon, extra, at))
    }

    private init(folder: URL) { self.folder = folder }

    /// Another shop with all its files.
    func copy() throws -> TestShop {
        let copy = FileManager.default.temporaryDirectory
            .appending(path: "pitch-engine-\(UUID().uuidString)")
        try FileManager.default.copyItem(at: folder, to: copy)
        return TestShop(folder: copy)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    static let members = """
        id,city,born,phone,sms_ok
        a,Shanghai,1990-04-02,100,yes
        b,Beijing,1992-02-29,200,yes
        c,Shanghai,1985-12-31,,yes
        d,Beijing,,400,no
        e,Shanghai,2000-04-05,500,yes

        """

    private static func script(
        _ strategies: String, _ budget: String, _ coupon: String, _ extra: String,
        _ at: String
    ) -> String {
        """
        pitch 1
        project "Test shop" {
            timezone "Europe/Berlin"
            currency CNY
            store "shop.db"
        }
        members from csv "members.csv" {
            key id
            city text
            born date?
            phone text?
            sms_ok yesno
        }
        events orders from csv "orders*.csv" {
            scene purchase
            key order_id
            member member_id
            \(at)
            amount money CNY
            category text?
            basket text?
            quantity integer
        }
        coupon off20 "20 off" {
            kind cash
            face 20 CNY
            valid 14 days
            \(coupon)
        }
        bundle pack "Pack" { 2 x off20 }
        channel sms {
            to phone
            consent sms_ok
            file "out"
            cost 0.05 CNY
        }
        message hello {
            class marketing
            sms "Hello {city}, {offer.title} until {expires}: {code}"
        }
        \(extra)
        plan spring "Spring" {
            valid 2026-01-01 to 2026-12-31
            \(budget)
        \(strategies)
        }
        """
    }

    func write(_ name: String, _ text: String) throws {
        try text.write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
    }

    func remove(_ name: String) throws {
        try FileManager.default.removeItem(at: folder.appending(path: name))
    }

    /// Adds rows to a file: `order_id,member_id,at,amount,category,basket,quantity`.
    func append(_ name: String, _ rows: String...) throws {
        let file = folder.appending(path: name)
        let text = try String(contentsOf: file, encoding: .utf8)
        try write(name, text + rows.map { $0 + "\n" }.joined())
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

    func preview(_ asOf: String) throws -> PreviewResult { try workspace(asOf).preview() }

    /// Outcomes of a member in a strategy, oldest first.
    func outcomes(_ member: String, in strategy: String) throws -> [String] {
        try records { ledger in
            guard let known = try ledger.strategy(named: strategy) else { return [] }
            return try ledger.outcomes(of: member, in: known.id).map(\.outcome)
        }
    }

    func records<Result>(_ body: (Ledger) throws -> Result) throws -> Result {
        let store = try Store(path: folder.appending(path: "shop.db").path, access: .readOnly)
        defer { store.close() }
        return try body(Ledger(store))
    }

    /// The files that channel `sms` left, by name.
    func files() throws -> [String: String] {
        let out = folder.appending(path: "out")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: out.path)) ?? []
        return try Dictionary(
            uniqueKeysWithValues: names.map {
                ($0, try String(contentsOf: out.appending(path: $0), encoding: .utf8))
            })
    }

    /// A strategy on purchases of 100 CNY and more, with further clauses.
    static func purchases(_ clauses: String = "", name: String = "buyers") -> String {
        """
            strategy \(name) {
                when purchase where amount >= 100 CNY
                give off20
                say hello via sms
                every 30 minutes
                \(clauses.contains("at most") || clauses.contains("no limit") ? "" : "no limit")
                \(clauses)
            }
        """
    }
}
