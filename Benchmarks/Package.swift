// swift-tools-version: 6.2
import PackageDescription

// Measurements beside the project, so that nobody who builds it builds them.
let package = Package(
    name: "Benchmarks",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "conifer", path: "..")],
    targets: [
        .target(name: "CRoofs"),
        .executableTarget(
            name: "kernel-bench",
            dependencies: ["CRoofs", .product(name: "Tensors", package: "conifer")],
            swiftSettings: [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)]),
        .executableTarget(
            name: "sampling-bench",
            dependencies: [.product(name: "Sampling", package: "conifer")],
            swiftSettings: [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)]),
    ],
    cLanguageStandard: .c2x
)
