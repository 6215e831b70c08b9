import CRoofs
import Tensors

/// Prints what the machine can do at most on the threads of `pool`.
func printRoofs(pool: ThreadPool, memory: UnsafeRawBufferPointer) {
    guard let base = memory.baseAddress else { return }
    let threads = pool.threads
    let rounds: UInt64 = 200_000

    let integers = roof_int8_macs(1)
    if integers > 0 {
        let sample = Sample(times: 40, amount: Double(integers * rounds) * Double(threads) * 1e-9) { _ in
            pool.run(chunks: threads) { _, _ in _ = roof_int8_macs(rounds) }
        }
        print("int8 dot products        \(sample.text)  GMAC/s")
    }
    let floats = roof_float_macs(1)
    if floats > 0 {
        let sample = Sample(times: 40, amount: Double(floats * rounds) * Double(threads) * 1e-9) { _ in
            pool.run(chunks: threads) { _, _ in _ = roof_float_macs(rounds) }
        }
        print("float32 multiply-adds    \(sample.text)  GMAC/s")
    }
    // Slices of 16 MiB that follow one another, so that no cache holds them.
    let slice = 16 << 20
    let sample = Sample(times: memory.count / slice, amount: Double(slice) * 1e-9) { run in
        _ = ReadBandwidth.measure([UnsafeRawBufferPointer(start: base + run * slice, count: slice)], pool: pool)
    }
    print("memory read              \(sample.text)  GB/s")
}
