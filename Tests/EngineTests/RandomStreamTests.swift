// Philox against its published vectors, and what the streams promise.

import Engine
import Testing

@Suite struct RandomStreamTests {
  struct KnownAnswer: Sendable, CustomTestStringConvertible {
    var counter, key, expected: [UInt32]
    var testDescription: String { "\(counter)" }
  }

  /// The vectors that the authors of Philox publish with Random123 (`philox4x32 10` in its kat_vectors).
  static let knownAnswers = [
    KnownAnswer(
      counter: [0, 0, 0, 0], key: [0, 0], expected: [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
    KnownAnswer(
      counter: [.max, .max, .max, .max], key: [.max, .max],
      expected: [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]),
    KnownAnswer(
      counter: [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], key: [0xa409_3822, 0x299f_31d0],
      expected: [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]),
  ]

  @Test(arguments: knownAnswers)
  func `Philox gives the published answers`(answer: KnownAnswer) {
    let block = Philox.block(
      counter: SIMD4(answer.counter[0], answer.counter[1], answer.counter[2], answer.counter[3]),
      key: SIMD2(answer.key[0], answer.key[1]))
    #expect((0..<4).map { block[$0] } == answer.expected)
  }

  @Test func `the first words of a stream are Philox of its keys`() {
    var stream = RandomStream(seed: 0x0123_4567_89ab_cdef, stream: .dropout, step: 0x5_0000_0007, layer: 9)
    let block = Philox.block(
      counter: SIMD4(0, 9, 7, 3 << 24 | 5), key: SIMD2(0x89ab_cdef, 0x0123_4567))
    #expect((0..<4).map { _ in stream.word() } == (0..<4).map { block[$0] })
  }

  @Test func `any other key gives other numbers`() {
    func words(_ seed: UInt64, _ stream: RandomStream.Stream, _ step: UInt64, _ layer: UInt64) -> [UInt32] {
      var stream = RandomStream(seed: seed, stream: stream, step: step, layer: layer)
      return (0..<8).map { _ in stream.word() }
    }
    let variants = [
      words(1, .choice, 1, 1), words(2, .choice, 1, 1), words(1 << 32 | 1, .choice, 1, 1),
      words(1, .choice, 2, 1), words(1, .choice, 1 << 32 | 1, 1), words(1, .choice, 1, 2),
    ]
    let streams = RandomStream.Stream.allCases.map { words(1, $0, 1, 1) }
    #expect(Set(variants).count == variants.count)
    #expect(Set(streams).count == streams.count)
    #expect(words(1, .choice, 1, 1) == variants[0])
  }

  @Test func `uniform numbers lie in [0, 1) with the moments of the uniform distribution`() {
    var stream = RandomStream(seed: 3, stream: .synthetic)
    let count = 20_000
    let draws = (0..<count).map { _ in stream.uniformDouble() }
    let singles = (0..<count).map { _ in stream.uniformFloat() }
    #expect(draws.allSatisfy { $0 >= 0 && $0 < 1 } && singles.allSatisfy { $0 >= 0 && $0 < 1 })
    for values in [draws, singles.map(Double.init)] {
      let mean = values.reduce(0, +) / Double(count)
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count)
      #expect(abs(mean - 0.5) < 0.01)
      #expect(abs(variance - 1.0 / 12) < 0.003)
    }
  }

  @Test func `normal numbers have the moments of the standard normal distribution`() {
    var stream = RandomStream(seed: 4, stream: .synthetic)
    let count = 40_000
    let draws = (0..<count).map { _ in stream.normal() }
    let moments = (1...4).map { power in
      draws.reduce(0.0) { sum, x in sum + (0..<power).reduce(1.0) { product, _ in product * x } }
        / Double(count)
    }
    #expect(abs(moments[0]) < 0.02 && abs(moments[1] - 1) < 0.03)
    #expect(abs(moments[2]) < 0.06 && abs(moments[3] - 3) < 0.2)
  }

  @Test func `Gumbel numbers have the moments of the standard Gumbel distribution`() {
    var stream = RandomStream(seed: 4, stream: .gumbel)
    let count = 40_000
    let draws = (0..<count).map { _ in stream.gumbel() }
    let mean = draws.reduce(0, +) / Double(count)
    let variance = draws.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count)
    #expect(abs(mean - 0.577_216) < 0.03 && abs(variance - Double.pi * Double.pi / 6) < 0.07)
    #expect(draws.allSatisfy { $0 > -4 && $0 < 38 })
  }

  @Test(arguments: [1, 2, 3, 7, 10])
  func `integers below a bound are uniform`(bound: Int) {
    var stream = RandomStream(seed: 5, stream: .synthetic)
    var counts = [Int](repeating: 0, count: bound)
    let draws = 20_000
    for _ in 0..<draws { counts[stream.below(bound)] += 1 }
    let expected = Double(draws) / Double(bound)
    #expect(counts.allSatisfy { abs(Double($0) - expected) < 5 * expected.squareRoot() + 1 })
  }

  @Test func `a shuffle keeps the elements, moves them, and puts each anywhere equally often`() {
    var stream = RandomStream(seed: 6, stream: .shuffle)
    var firsts = [Int](repeating: 0, count: 5)
    for _ in 0..<5000 {
      var elements: [Int32] = [0, 1, 2, 3, 4]
      stream.shuffle(&elements)
      #expect(elements.sorted() == [0, 1, 2, 3, 4])
      firsts[Int(elements[0])] += 1
    }
    #expect(firsts.allSatisfy { abs($0 - 1000) < 150 })
  }

  @Test func `an index is drawn as often as its probability says, never with probability 0`() {
    var stream = RandomStream(seed: 8, stream: .choice)
    var counts = [0, 0, 0, 0]
    for _ in 0..<10_000 { counts[stream.index(probabilities: [0.2, 0, 0.7, 0.1])] += 1 }
    #expect(abs(counts[0] - 2000) < 200 && abs(counts[2] - 7000) < 230 && abs(counts[3] - 1000) < 150)
    #expect(counts[1] == 0)
  }
}
