// swift-tools-version: 6.2
import PackageDescription

// One section per layer; `Sources/README.md` says what each target is for.

// MARK: - Layer 0 and 1: sources, types, syntax

let foundations: [Target] = [
    .systemLibrary(name: "CUtf8proc", providers: [.apt(["libutf8proc-dev"])]),
    .target(name: "PitchSource", dependencies: ["CUtf8proc"]),
    .target(name: "PitchSchema", dependencies: ["PitchSource"]),
    .target(name: "PitchSyntax", dependencies: ["PitchSource", "PitchSchema"]),
]

// MARK: - Layer 2: the program and its layout

let programs: [Target] = [
    .target(name: "PitchFormat", dependencies: ["PitchSource", "PitchSchema", "PitchSyntax"]),
    .target(name: "PitchProgram", dependencies: ["PitchSource", "PitchSchema"]),
]

// MARK: - Layer 3: checking and evaluating, without IO

let semantics: [Target] = [
    .target(
        name: "PitchChecker",
        dependencies: ["PitchSource", "PitchSchema", "PitchSyntax", "PitchProgram"]),
    .target(name: "PitchEvaluator", dependencies: ["PitchSource", "PitchSchema", "PitchProgram"]),
    .target(name: "CKernels"),
    .target(
        name: "PitchColumnar",
        dependencies: ["PitchSource", "PitchSchema", "PitchProgram", "CKernels"]),
    .target(name: "PitchOptimizer"),
]

// MARK: - Layer 4: the store

let stores: [Target] = [
    .systemLibrary(name: "CCsv", providers: [.apt(["libcsv-dev"])]),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    .target(
        name: "PitchStore",
        dependencies: [
            "PitchSource", "PitchSchema", "PitchProgram", "PitchColumnar", "CCsv", "CZlib",
            .product(name: "GRDB", package: "GRDB.swift"),
            .product(name: "GRDBSQLite", package: "GRDB.swift"),
        ]),
]

// MARK: - Layer 4: reports

let reports: [Target] = [
    .target(name: "PitchReport")
]

// MARK: - Layer 4: handing over

let deliveries: [Target] = [
    .systemLibrary(name: "CCurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .target(name: "PitchDelivery", dependencies: ["PitchSchema", "CCurl"]),
]

// MARK: - Layer 5 to 7: the engine, the commands, the benchmarks

let products: [Target] = [
    .systemLibrary(name: "CReadline", providers: [.apt(["libreadline-dev"])]),
    .target(
        name: "PitchEngine",
        dependencies: [
            "PitchSource", "PitchSchema", "PitchSyntax", "PitchProgram", "PitchChecker",
            "PitchEvaluator",
            "PitchColumnar", "PitchOptimizer", "PitchStore", "PitchDelivery",
        ]),
    .executableTarget(
        name: "pitch",
        dependencies: [
            "PitchEngine", "PitchFormat", "PitchReport", "PitchSource", "PitchSchema", "CReadline",
            .product(name: "ArgumentParser", package: "swift-argument-parser"),
        ]),
]

let benchmarks: [Target] = [
    .executableTarget(
        name: "PitchBench",
        dependencies: [
            "PitchEngine", "PitchChecker", "PitchColumnar", "PitchEvaluator", "PitchProgram",
            "PitchOptimizer", "PitchStore", "PitchSyntax", "PitchSchema", "PitchSource",
            "PitchTestSupport",
            .product(name: "ArgumentParser", package: "swift-argument-parser"),
        ],
        exclude: [
            "Columnar/limits.json", "Peers/allocate_peers.py", "Peers/allocate_requirements.txt",
            "Peers/allocate_solvers.py", "Peers/bear.py", "Peers/duck.py", "Peers/lite.py",
            "Peers/peers.py", "Peers/population.py", "Peers/report.py",
            "Peers/requirements.txt", "Peers/rounds.py", "Peers/sql.py", "Scenes/chain.pitch",
        ])
]

// MARK: - Tests

let tests: [Target] = [
    .target(
        name: "PitchTestSupport",
        dependencies: [
            "PitchSource", "PitchSchema", "PitchProgram", "PitchEvaluator", "PitchColumnar",
        ]),
    .testTarget(
        name: "PitchColumnarTests",
        dependencies: ["PitchSchema", "PitchProgram", "PitchColumnar", "PitchTestSupport"]),
    .testTarget(name: "PitchOptimizerTests", dependencies: ["PitchOptimizer"]),
    .testTarget(name: "PitchReportTests", dependencies: ["PitchReport", "PitchTestSupport"]),
    .testTarget(
        name: "PitchCheckerTests",
        dependencies: [
            "PitchChecker", "PitchProgram", "PitchSchema", "PitchSource", "PitchSyntax",
            "PitchTestSupport",
        ]),
    .testTarget(
        name: "Differential",
        dependencies: [
            "PitchChecker", "PitchColumnar", "PitchEvaluator", "PitchProgram", "PitchSchema",
            "PitchSource", "PitchSyntax", "PitchTestSupport",
        ]),
    .testTarget(
        name: "PitchProgramTests",
        dependencies: ["PitchProgram", "PitchSchema", "PitchTestSupport"]),
    .testTarget(
        name: "PitchEvaluatorTests",
        dependencies: ["PitchEvaluator", "PitchProgram", "PitchSchema"]),
    .testTarget(name: "PitchSchemaTests", dependencies: ["PitchSchema"]),
    .testTarget(
        name: "PitchDeliveryTests",
        dependencies: ["PitchDelivery", "PitchSchema", "PitchTestSupport"]),
    .testTarget(
        name: "PitchStoreTests",
        dependencies: [
            "PitchStore", "PitchSchema", "PitchProgram", "PitchColumnar", "PitchTestSupport",
            "CZlib", .product(name: "GRDB", package: "GRDB.swift"),
        ], exclude: ["rows.py"]),
    .testTarget(
        name: "PitchEngineTests",
        dependencies: [
            "PitchEngine", "PitchProgram", "PitchStore", "PitchSchema", "PitchTestSupport", "pitch",
            .product(name: "GRDB", package: "GRDB.swift"),
        ]),
    .testTarget(name: "Tidy", dependencies: ["PitchTestSupport"], path: "Tests/Tidy"),
    .testTarget(
        name: "PitchFormatTests",
        dependencies: ["PitchSource", "PitchSyntax", "PitchFormat", "PitchTestSupport"]),
    .testTarget(
        name: "RealData",
        dependencies: ["PitchEngine", "PitchOptimizer", "PitchSchema", "PitchTestSupport"],
        exclude: [
            "answers.py", "campaigns.py", "campaigns.pitch", "journey.py", "journey.pitch", "replay.py", "seattle.py",
            "seattle.pitch",
        ]),
    .testTarget(name: "Scenes", dependencies: ["PitchEngine", "PitchStore", "PitchTestSupport"]),
    .testTarget(name: "PitchSourceTests", dependencies: ["PitchSource", "PitchTestSupport"]),
    .testTarget(
        name: "PitchSyntaxTests",
        dependencies: ["PitchSource", "PitchSchema", "PitchSyntax", "PitchTestSupport"]),
    .testTarget(
        name: "CommandTests",
        dependencies: ["pitch", "PitchEngine", "PitchSource", "PitchTestSupport"]),
    .testTarget(
        name: "Examples", dependencies: ["pitch", "PitchTestSupport"], path: "Tests/Examples"),
    .testTarget(
        name: "Terminal", dependencies: ["pitch", "PitchTestSupport"], path: "Tests/Terminal"),
]

let package = Package(
    name: "pitch",
    products: [.executable(name: "pitch", targets: ["pitch"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
    ],
    targets: foundations + programs + semantics + stores + reports + deliveries + products + benchmarks
        + tests)

for target in package.targets where target.type != .system && target.name != "CKernels" {
    target.swiftSettings = [.treatAllWarnings(as: .error)]
}
