import PitchSchema

/// The project that `pitch new` writes: a corner shop with members, orders and three strategies.
/// Everything follows from these three values, to the byte.
struct DemoShop {
    let memberCount: Int
    let seed: UInt64
    /// Milliseconds since 1970; nothing in the data is later.
    let now: Int64

    /// China has kept one offset since 1991, so the shop needs no zone table.
    static let zone = ZoneRules(
        name: "Asia/Shanghai", starts: [.min], offsets: [8 * 3_600_000])

    var today: Int32 { Self.zone.day(of: now) }
    var date: CivilDate { CivilDate(days: Int(today)) }

    /// The files of the project that do not grow with the members: path and text.
    var files: [(path: String, text: String)] {
        [
            ("shop.pitch", DemoShopTemplates.script(year: date.year)),
            ("README.md", DemoShopTemplates.readme),
            ("test.sh", DemoShopTemplates.test),
            (".gitignore", DemoShopTemplates.gitIgnore),
        ]
    }

    /// Where the generated rows go, below the project's folder.
    static let membersPath = "data/members.csv"
    static let ordersPath = "data/orders.csv"
}
