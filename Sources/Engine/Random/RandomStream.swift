// Reproducible random numbers, one independent stream for each (seed, purpose, step, layer).

import Glibc

/// A sequence of random numbers that depends on nothing but its four keys.
///
/// Two streams with different keys are independent; the same keys give the same numbers on every machine, whatever was
/// drawn before and whether or not the run was interrupted. A stream holds 2³⁴ words.
public struct RandomStream: Sendable {
  /// What the numbers are for. The raw values are part of every result's reproducibility: never renumber them.
  public enum Stream: UInt8, CaseIterable, Sendable {
    case weights = 0
    case shuffle = 1
    case split = 2
    case dropout = 3
    case choice = 4
    case synthetic = 5
    case hypernetwork = 6
    case averaging = 7
    case noise = 8
    case gumbel = 9
    case evaluation = 10
  }

  private let key: SIMD2<UInt32>
  private var counter: SIMD4<UInt32>
  private var words = SIMD4<UInt32>()
  private var used = 4

  /// - Parameters:
  ///   - seed: the job's seed.
  ///   - stream: what the numbers are for.
  ///   - step: an iteration or epoch, of which the lower 56 bits count.
  ///   - layer: a layer or other part, of which the lower 32 bits count.
  public init(seed: UInt64, stream: Stream, step: UInt64 = 0, layer: UInt64 = 0) {
    key = SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
    let high = UInt32(truncatingIfNeeded: step >> 32) & 0x00FF_FFFF
    counter = SIMD4(
      0, UInt32(truncatingIfNeeded: layer), UInt32(truncatingIfNeeded: step),
      UInt32(stream.rawValue) << 24 | high)
  }

  /// The next 32 random bits.
  public mutating func word() -> UInt32 {
    if used == 4 {
      words = Philox.block(counter: counter, key: key)
      counter[0] &+= 1
      used = 0
    }
    defer { used += 1 }
    return words[used]
  }

  /// A number uniform in [0, 1), a multiple of 2⁻²⁴.
  public mutating func uniformFloat() -> Float { Float(word() >> 8) * 0x1p-24 }

  /// A number uniform in [0, 1), a multiple of 2⁻⁵³.
  public mutating func uniformDouble() -> Double {
    let high = UInt64(word())
    return Double((high << 32 | UInt64(word())) >> 11) * 0x1p-53
  }

  /// A standard normal number, by the transform of Box and Muller (1958); its partner is thrown away, so that every
  /// number takes the same four words.
  public mutating func normal() -> Double {
    let radius = uniformDouble()
    let angle = uniformDouble()
    return (-2 * log(1 - radius)).squareRoot() * cos(2 * .pi * angle)
  }

  /// A standard Gumbel number −ln(−ln u), at most 38.
  public mutating func gumbel() -> Double {
    let draw = uniformDouble()
    return -log(max(-log(1 - draw), 0x1p-54))
  }

  /// An integer uniform in 0..<bound, without bias: Lemire, "Fast random integer generation in an interval"
  /// (arXiv 1805.10941).
  public mutating func below(_ bound: Int) -> Int {
    precondition(bound > 0 && bound <= Int(UInt32.max), "the bound must be in 1...2³²-1")
    let bound = UInt32(bound)
    let threshold = (0 &- bound) % bound
    while true {
      let product = word().multipliedFullWidth(by: bound)
      if product.low >= threshold { return Int(product.high) }
    }
  }

  /// An index drawn with the given probabilities, which sum to 1.
  public mutating func index(probabilities: [Double]) -> Int {
    var rest = uniformDouble()
    for (index, probability) in probabilities.enumerated() {
      rest -= probability
      if rest < 0 { return index }
    }
    // Rounding left a sliver past the sum: it belongs to the last index that can be drawn at all.
    return probabilities.lastIndex { $0 > 0 } ?? probabilities.count - 1
  }

  /// Puts the elements into a uniformly random order: Fisher and Yates, in Durstenfeld's form.
  @inlinable
  public mutating func shuffle<Element>(_ elements: inout [Element]) {
    var last = elements.count - 1
    while last > 0 {
      elements.swapAt(last, below(last + 1))
      last -= 1
    }
  }
}
