// What the kernels' tests share: the sets of this processor, memory that ends at a forbidden page, and numbers.

import CKernels
import Glibc
import Testing

/// The tables of one instruction set that this processor has.
struct KernelSet: Sendable, CustomTestStringConvertible {
  let name: String
  private let index: Int

  var tables: ck_kernels {
    guard let kernels = ck_kernels_at(index) else { preconditionFailure("a set does not go away") }
    return kernels.pointee
  }

  var testDescription: String { name }

  static let all: [KernelSet] = {
    var sets: [KernelSet] = []
    while let kernels = ck_kernels_at(sets.count) {
      sets.append(KernelSet(name: String(cString: kernels.pointee.name), index: sets.count))
    }
    return sets
  }()
}

/// Numbers whose last one lies `gap` numbers before a page that must not be touched: reading or writing past the gap
/// ends the process, writing into it or before the numbers shows in ``isIntact``. Who only keeps ``base`` must extend
/// the lifetime.
final class GuardedFloats {
  static let sentinel: Float = -12345.678

  let base: UnsafeMutablePointer<Float>
  let count: Int
  private let gap: Int
  private let margin = 32
  private let mapping: UnsafeMutableRawPointer
  private let length: Int

  init(_ values: [Float], gap: Int = 0) {
    let page = Int(sysconf(Int32(_SC_PAGESIZE)))
    let floats = margin + values.count + gap
    let whole = (floats * MemoryLayout<Float>.stride + page - 1) / page * page
    length = whole + page
    guard let mapping = mmap(nil, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
      mapping != MAP_FAILED, mprotect(mapping + whole, page, PROT_NONE) == 0
    else { preconditionFailure("no memory") }
    self.mapping = mapping
    let end = (mapping + whole).assumingMemoryBound(to: Float.self)
    base = end - gap - values.count
    count = values.count
    self.gap = gap
    (base - margin).update(repeating: Self.sentinel, count: floats)
    for (index, value) in values.enumerated() { base[index] = value }
  }

  deinit { munmap(mapping, length) }

  var values: [Float] { Array(UnsafeBufferPointer(start: base, count: count)) }

  var isIntact: Bool {
    (-margin..<0).allSatisfy { base[$0] == Self.sentinel }
      && (count..<count + gap).allSatisfy { base[$0] == Self.sentinel }
  }
}

/// Repeatable numbers without a pattern.
struct Noise {
  private var state: UInt64

  init(_ seed: Int) { state = UInt64(seed) }

  /// Uniform in [−limit, limit).
  mutating func next(_ limit: Double = 3) -> Float {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Float((Double(state >> 11) * 0x1p-52 - 1) * limit)
  }

  mutating func array(_ count: Int, _ limit: Double = 3) -> [Float] { (0..<count).map { _ in next(limit) } }
}

/// The distance of a result from the exact value in units of the exact value's last place; zeros must agree in sign,
/// NaN and infinities in kind.
func distance(_ result: Float, from exact: Double) -> Double {
  if exact.isNaN || result.isNaN { return exact.isNaN && result.isNaN ? 0 : .infinity }
  let nearest = Float(exact)
  if nearest.isInfinite || result.isInfinite {
    if result == nearest { return 0 }
    // One step from the largest number to infinity.
    return abs(exact) > 3.402_823e38 && abs(result) > 3.402_823e38 && (result > 0) == (exact > 0)
      ? 1 : .infinity
  }
  if exact == 0 && result == 0 { return result.sign == exact.sign ? 0 : .infinity }
  return abs(Double(result) - exact) / scalbn(1, max(Int(exact == 0 ? -149 : exact.exponent) - 23, -149))
}

/// Whether two vectors agree to the bit, where NaN agrees with NaN.
func haveSameBits(_ a: [Float], _ b: [Float]) -> Bool {
  a.count == b.count && zip(a, b).allSatisfy { $0.bitPattern == $1.bitPattern || ($0.isNaN && $1.isNaN) }
}
