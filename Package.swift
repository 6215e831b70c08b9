// swift-tools-version: 6.2
import PackageDescription

// The floors of the house, lowest first: a target imports only targets above it in this file.
// docs/ARCHITECTURE.md says what each one owns.

/// Every Swift target: language mode 6, explicit imports, `any` spelled out, warnings are errors.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

/// Targets that run for every token: optimised in debug builds too, or the tests take minutes.
let hot: [SwiftSetting] = strict + [.unsafeFlags(["-O"], .when(configuration: .debug))]

/// C kernels: optimised in debug builds too; `-O0` makes intrinsics as slow as scalar code.
let kernels: [CSetting] = [.unsafeFlags(["-O3"], .when(configuration: .debug))]

let package = Package(
    name: "conifer",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "conifer", targets: ["conifer"]),
        // For Benchmarks/, a package of its own.
        .library(name: "Sampling", targets: ["Sampling"]),
        .library(name: "Tensors", targets: ["Tensors"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // Floor 0
        .target(name: "CKernels", cSettings: kernels),
        .target(name: "CDemonstrationModels"),
        .target(name: "CMappedFiles"),
        .target(
            name: "OrderedJSON",
            dependencies: [.product(name: "OrderedCollections", package: "swift-collections")],
            swiftSettings: hot),
        .target(name: "Tokenization", swiftSettings: hot),
        .target(name: "Residency", swiftSettings: hot),

        // Floor 1
        .target(name: "GGUF", dependencies: ["CMappedFiles"], swiftSettings: hot),
        .target(name: "Tensors", dependencies: ["CKernels"], swiftSettings: hot),
        .target(
            name: "Jinja",
            dependencies: ["OrderedJSON", .product(name: "OrderedCollections", package: "swift-collections")],
            swiftSettings: hot),
        .target(
            name: "OpenAIWire",
            dependencies: ["OrderedJSON", .product(name: "OrderedCollections", package: "swift-collections")],
            swiftSettings: strict),
        .target(
            name: "OllamaWire",
            dependencies: ["OrderedJSON", .product(name: "OrderedCollections", package: "swift-collections")],
            swiftSettings: strict),

        // Floor 2
        .target(
            name: "Catalog",
            dependencies: [
                "CDemonstrationModels", "GGUF", "OrderedJSON",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "OrderedCollections", package: "swift-collections"),
            ],
            swiftSettings: strict),
        .target(name: "Transformers", dependencies: ["GGUF", "Tensors"], swiftSettings: hot),
        .target(name: "Sampling", dependencies: ["Tensors"], swiftSettings: hot),

        // Floor 3
        .target(
            name: "Inference",
            dependencies: [
                "GGUF", "Jinja", "OrderedJSON", "Sampling", "Tensors", "Tokenization", "Transformers",
                .product(name: "OrderedCollections", package: "swift-collections"),
            ],
            swiftSettings: hot),

        // Floor 4
        .target(
            name: "Server",
            dependencies: [
                "Catalog", "GGUF", "Inference", "OllamaWire", "OpenAIWire", "OrderedJSON", "Residency", "Sampling",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "OrderedCollections", package: "swift-collections"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict),

        // Floor 5
        .executableTarget(
            name: "conifer",
            dependencies: [
                "Catalog", "GGUF", "Inference", "OpenAIWire", "OllamaWire", "OrderedJSON", "Residency", "Sampling",
                "Server", "Tokenization",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "OrderedCollections", package: "swift-collections"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict),

        // Tests: one target beside each of the above
        .target(name: "TestModels", dependencies: ["GGUF"], path: "Tests/TestModels", swiftSettings: hot),
        .executableTarget(
            name: "parity-logits", dependencies: ["GGUF", "Tensors", "TestModels", "Transformers"],
            path: "Tests/Parity/Logits", swiftSettings: hot),
        .testTarget(
            name: "CKernelsTests", dependencies: ["CKernels"], exclude: ["reference"], swiftSettings: hot),
        .testTarget(
            name: "CDemonstrationModelsTests", dependencies: ["CDemonstrationModels", "GGUF"], swiftSettings: strict),
        .testTarget(
            name: "OrderedJSONTests",
            dependencies: ["OrderedJSON", .product(name: "OrderedCollections", package: "swift-collections")],
            swiftSettings: strict),
        .testTarget(
            name: "GGUFTests", dependencies: ["GGUF", "TestModels"], exclude: ["reference"], swiftSettings: hot),
        .testTarget(
            name: "TokenizationTests", dependencies: ["GGUF", "TestModels", "Tokenization"], exclude: ["reference"],
            swiftSettings: hot),
        .testTarget(name: "SamplingTests", dependencies: ["Sampling", "Tensors"], swiftSettings: hot),
        .testTarget(name: "ResidencyTests", dependencies: ["Residency", "TestModels"], swiftSettings: hot),
        .testTarget(name: "TensorsTests", dependencies: ["CKernels", "Tensors"], swiftSettings: hot),
        .testTarget(
            name: "JinjaTests",
            dependencies: [
                "Jinja", "OrderedJSON", "TestModels",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "OrderedCollections", package: "swift-collections"),
            ],
            exclude: ["reference"], swiftSettings: hot),
        .testTarget(
            name: "CatalogTests", dependencies: ["Catalog", "GGUF", "OrderedJSON", "TestModels"],
            swiftSettings: strict),
        .testTarget(
            name: "WireTests", dependencies: ["OllamaWire", "OpenAIWire", "OrderedJSON"], swiftSettings: strict),
        .testTarget(
            name: "TransformersTests", dependencies: ["GGUF", "Tensors", "TestModels", "Transformers"],
            exclude: ["reference"],
            swiftSettings: hot),
        .testTarget(
            name: "InferenceTests",
            dependencies: [
                "Catalog", "GGUF", "Inference", "Jinja", "OrderedJSON", "Sampling", "TestModels", "Tokenization",
                "Transformers", .product(name: "OrderedCollections", package: "swift-collections"),
            ],
            exclude: ["reference"],
            swiftSettings: hot),
        .testTarget(
            name: "ServerTests",
            dependencies: [
                "Catalog", "GGUF", "Inference", "OrderedJSON", "Residency", "Sampling", "Server", "TestModels",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdTesting", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "conifer", "OrderedJSON", "TestModels",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            swiftSettings: strict),
        .testTarget(name: "TidyTests", swiftSettings: strict),
    ],
    cLanguageStandard: .c2x
)
