import Foundation
import Tensors

// kernel-bench [threads] [level] [type …]: the roofs of this machine, then every kernel of every level (or of one), best
// and median of many short runs.

let arguments = CommandLine.arguments.dropFirst()
let threads = arguments.compactMap { Int($0) }.first ?? ProcessInfo.processInfo.activeProcessorCount
let wantedLevels = KernelLevel.allCases.filter { arguments.contains($0.rawValue) }
let wantedTypes = WeightType.allCases.filter { arguments.contains("\($0)") }
let levels = (wantedLevels.isEmpty ? KernelLevel.allCases.filter { $0 != .scalar } : wantedLevels)
    .filter(\.isSupported)
let types = wantedTypes.isEmpty ? WeightType.allCases : wantedTypes

let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 512 << 20, alignment: 4096)
defer { memory.deallocate() }
var state: UInt64 = 88_172_645_463_325_252
memory.withMemoryRebound(to: UInt64.self) { words in
    for at in words.indices {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        words[at] = state
    }
}

let pool = ThreadPool(threads: threads)
print("\(pool.threads) threads                     best   median")
printRoofs(pool: pool, memory: UnsafeRawBufferPointer(memory))
for level in levels {
    let multiplier = MatrixMultiplier(pool: pool, level: level)
    print("\n\(level.rawValue)    1 row, GB/s        8 rows, GB/s   512 rows, 1024 columns, GMAC/s   3072 columns")
    for type in types {
        let products = Products(multiplier: multiplier, type: type, memory: UnsafeRawBufferPointer(memory))
        let results = [
            try products.decode(rows: 1), try products.decode(rows: 8),
            try products.prefill(rows: 512, weightRows: 256, columns: 1024),
            try products.prefill(rows: 512, weightRows: 256, columns: 3072),
        ]
        let name = "\(type)"
        print(name + String(repeating: " ", count: 6 - name.utf8.count) + results.map(\.text).joined(separator: "  "))
    }
}
