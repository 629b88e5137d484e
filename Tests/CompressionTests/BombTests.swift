// A small file that would become a large content is refused at once, with no more memory than the limit.

import Compression
import Testing

@Suite struct BombTests {
  /// 1 GiB of zeros in 1 MB: 64 members of 16 MiB.
  private static let bomb: [UInt8] = {
    let member = Gzip.compressed([UInt8](repeating: 0, count: 16 << 20), level: .best)
    return [[UInt8]](repeating: member, count: 64).flatMap { $0 }
  }()

  @Test(arguments: [(200, 1 << 20), (1032, 16 << 20), (1032, 100_000)])
  func `a gibibyte in a megabyte is refused within a second and 64 KiB`(ratio: Int, maximum: Int) {
    #expect(Self.bomb.count < 1_100_000)
    var limits = GzipLimits()
    limits.maximumRatio = ratio
    limits.maximumBytes = maximum
    var output: [UInt8] = []
    let decoder = GzipDecoder(limits: limits)
    let time = ContinuousClock().measure {
      #expect(throws: GzipError.self) { try decoder.append(Self.bomb, to: &output) }
    }
    #expect(time < .seconds(1))
    #expect(output.count <= maximum + 64 << 10)
  }

  @Test func `the ratio says nothing about a mebibyte, and DEFLATE's own bound lets everything pass`() throws
  {
    let zeros = [UInt8](repeating: 0, count: 1 << 20)
    #expect(try Gzip.decompressed(Gzip.compressed(zeros, level: .best)) == zeros)
    var limits = GzipLimits()
    limits.maximumRatio = 1032
    let more = zeros + zeros
    #expect(try Gzip.decompressed(Gzip.compressed(more, level: .best), limits: limits) == more)
  }

  @Test func `a content of exactly the limit is taken, and one octet more is not`() throws {
    var limits = GzipLimits()
    limits.maximumBytes = 100_000
    let content = noise(100_001)
    let exact = Array(content.dropLast())
    #expect(try Gzip.decompressed(Gzip.compressed(exact, level: .fast), limits: limits) == exact)
    #expect(throws: GzipError.contentTooLarge(maximum: 100_000)) {
      try Gzip.decompressed(Gzip.compressed(content, level: .fast), limits: limits)
    }
  }
}
