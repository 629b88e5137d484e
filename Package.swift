// swift-tools-version: 6.2
// The house of Curvesmith: every target, what it may import, and the settings that all of them share.
// Sources/README.md explains the rows; CI holds the imports to this list.

import PackageDescription

let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

let strictC: [CSetting] = [.treatAllWarnings(as: .error)]

extension Target {
  /// A Swift target with the house's settings.
  static func house(_ name: String, _ dependencies: [Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
  }

  /// The tests of one target.
  ///
  /// `files` names folders that the tests read by path; they are not copied into a bundle.
  static func tests(
    _ name: String, _ dependencies: [Dependency] = [], files: [String] = [], resources: [Resource] = []
  ) -> Target {
    .testTarget(
      name: "\(name)Tests", dependencies: dependencies, exclude: files, resources: resources,
      swiftSettings: strict)
  }
}

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

let package = Package(
  name: "curvesmith",
  products: [.executable(name: "curvesmith", targets: ["curvesmith"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0", traits: []),
    .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
    .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
    .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
  ],
  targets: [
    // Row 0: C
    .target(name: "CKernels", cSettings: strictC),
    .target(name: "CLinux", cSettings: strictC),
    .target(name: "CAssets", cSettings: strictC),
    .target(
      name: "COpenSSL", cSettings: strictC,
      linkerSettings: [.linkedLibrary("ssl"), .linkedLibrary("crypto")]),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),

    // Row 1: foundations that know nothing of each other, but for the words and digests that all may use, and the
    // engine on its activations
    .house("Text"),
    .house("Digest"),
    .house("Activations", ["Text", "CKernels"]),
    .house("Engine", ["Activations", "CKernels"]),
    .house("HTTP", [httpTypes]),
    .house("Net", ["CLinux"]),
    .house("TLS", ["COpenSSL"]),
    .house("Compression", ["CZlib"]),
    .house("JSON", ["Text"]),
    .house("Telemetry", [logging]),

    // Rows 2 and 3: what the service does
    .house("Export", ["Activations"]),
    .house("Data", ["Engine", "JSON", "Digest", "Text"]),
    .house("Training", ["Data", "Engine", "Activations", "JSON", "Text", "Digest"]),
    .house("Jobs", ["Data", "Training", "JSON", "Telemetry", "Text", grdb]),
    .house("Server", ["HTTP", "Net", "TLS", "Telemetry"]),

    // Rows 4 and 5: how it is reached
    .house(
      "API",
      [
        "Data", "HTTP", "JSON", "Jobs", "Training", "Export", "Telemetry", "Text", "Digest", "Compression",
        "CAssets",
        httpTypes,
      ]),
    .executableTarget(
      name: "curvesmith",
      dependencies: [
        "API", "Activations", "Data", "Digest", "Engine", "Export", "HTTP", "JSON", "Jobs", "Net", "Server",
        "TLS", "Telemetry", "Text", "Training",
        argumentParser,
      ],
      swiftSettings: strict),

    // Beside the rows: what measures them, for development alone
    .executableTarget(
      name: "curvesmith-benchmark",
      dependencies: ["Data", "Engine", "Activations", "CKernels", "JSON", "Training", argumentParser],
      swiftSettings: strict),

    // Tests: of the source tree itself, which knows no target, and of every target
    .tests("House"),
    .target(
      name: "CTestSetup", dependencies: ["CKernels"], path: "Tests/CTestSetup", publicHeadersPath: ".",
      cSettings: strictC),
    .target(
      name: "CTwins", dependencies: ["CKernels"], path: "Tests/CTwins", exclude: ["driver.c"],
      cSettings: strictC),
    .tests("Text", ["Text"]),
    .tests("Digest", ["Digest"]),
    .tests("CKernels", ["CKernels", "CTestSetup", "CTwins"]),
    .tests("Activations", ["Activations"], resources: [.copy("Fixtures")]),
    .tests(
      "Engine", ["Engine", "Activations", "CTestSetup"],
      resources: [.copy("Golden"), .copy("GoldenSequences")]),
    .tests("HTTP", ["HTTP", httpTypes]),
    .tests("Net", ["Net"]),
    .tests("TLS", ["TLS", "COpenSSL"]),
    .tests("Compression", ["Compression"]),
    .tests("JSON", ["JSON"]),
    .tests("Telemetry", ["Telemetry", logging]),
    .tests("Export", ["Export", "Activations"]),
    .tests("Data", ["Data", "Engine", "JSON"]),
    .tests(
      "Training", ["Training", "Data", "Engine", "Activations", "JSON", "CTestSetup"],
      resources: [.copy("Fixtures")]),
    .tests("Jobs", ["Jobs", "Data", "Training", "JSON", "Telemetry", grdb]),
    .tests("Server", ["Server", "HTTP", "Net", "TLS", "Telemetry", "CTestSetup", httpTypes]),
    .tests(
      "API",
      [
        "API", "Compression", "Data", "Digest", "Engine", "HTTP", "JSON", "Jobs", "Training", "Telemetry",
        httpTypes, yams,
      ]),
    .tests(
      "curvesmith",
      [
        "curvesmith", "API", "Digest", "Engine", "HTTP", "JSON", "Jobs", "Net", "Server", "TLS", "Telemetry",
        "Training", httpTypes, yams,
      ],
      files: ["Fixtures"]),
  ]
)

// The sanitizers run the numeric targets and TLS, which depend on no package (scripts/sanitize).
if Context.environment["CURVESMITH_NUMERIC_ONLY"] != nil {
  let numeric = [
    "Text", "CKernels", "Activations", "Engine", "CTestSetup", "CTwins", "CKernelsTests", "ActivationsTests",
    "EngineTests", "COpenSSL", "TLS", "TLSTests",
  ]
  package.products = []
  package.dependencies = []
  package.targets.removeAll { !numeric.contains($0.name) }
}
