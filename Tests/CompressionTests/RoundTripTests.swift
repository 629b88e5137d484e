// What is compressed comes back, wherever it is cut; and other programs' files are read.

import Compression
import Testing

@Suite struct RoundTripTests {
  private static let mixed = Handmade.text + noise(300) + [UInt8](repeating: 7, count: 400)

  @Test(arguments: [GzipLevel.fast, .best], [0, 1, 2, 65_535, 65_536, 65_537, 200_000])
  func `contents of every size come back`(_ level: GzipLevel, _ count: Int) throws {
    let content = noise(count / 2) + (0..<(count - count / 2)).map { UInt8(truncatingIfNeeded: $0 / 9) }
    #expect(try Gzip.decompressed(Gzip.compressed(content, level: level)) == content)
  }

  @Test func `a content cut anywhere is the same content`() throws {
    for cut in 0...Self.mixed.count {
      var file: [UInt8] = []
      var encoder = GzipEncoder(level: .fast)
      encoder.append(Array(Self.mixed[..<cut]), to: &file)
      encoder.append(Array(Self.mixed[cut...]), to: &file)
      encoder.finish(into: &file)
      #expect(try Gzip.decompressed(file) == Self.mixed)
    }
  }

  @Test func `a file cut anywhere holds the same content`() throws {
    let file = Gzip.compressed(Self.mixed, level: .best) + Gzip.compressed(Handmade.text, level: .fast)
    for cut in 0...file.count {
      var content: [UInt8] = []
      let decoder = GzipDecoder()
      try decoder.append(Array(file[..<cut]), to: &content)
      try decoder.append(Array(file[cut...]), to: &content)
      try decoder.finish()
      #expect(content == Self.mixed + Handmade.text)
    }
  }

  @Test func `after a flush the reader has everything so far`() throws {
    var encoder = GzipEncoder(level: .fast)
    let decoder = GzipDecoder()
    var content: [UInt8] = []
    for event in 0..<50 {
      var piece: [UInt8] = []
      encoder.append(Array("data: {\"epoch\": \(event)}\n\n".utf8), to: &piece)
      encoder.flush(into: &piece)
      try decoder.append(piece, to: &content)
      #expect(content.suffix(20).contains(UInt8(ascii: "}")))
      #expect(String(decoding: content, as: UTF8.self).hasSuffix("data: {\"epoch\": \(event)}\n\n"))
    }
    var end: [UInt8] = []
    encoder.finish(into: &end)
    try decoder.append(end, to: &content)
    try decoder.finish()
  }

  @Test func `an encoder that was dropped leaves nothing behind for the next`() throws {
    let expected = Gzip.compressed(Handmade.text, level: .fast)
    for _ in 0..<8 {
      var rest: [UInt8] = []
      var dropped = GzipEncoder(level: .fast)
      dropped.append(noise(70_000), to: &rest)
      #expect(Gzip.compressed(Handmade.text, level: .fast) == expected)
    }
  }

  @Test func `many tasks compress at a time`() async {
    let contents = (0..<64).map { noise(20_000 + $0, seed: UInt64($0)) }
    let files = await withTaskGroup(of: (Int, [UInt8]).self) { group in
      for (index, content) in contents.enumerated() {
        group.addTask { (index, Gzip.compressed(content, level: .fast)) }
      }
      return await group.reduce(into: [Int: [UInt8]]()) { $0[$1.0] = $1.1 }
    }
    for (index, content) in contents.enumerated() {
      #expect((try? Gzip.decompressed(files[index] ?? [])) == content)
    }
  }

  @Test func `Python's gzip is read`() throws {
    #expect(
      String(decoding: try Gzip.decompressed(Self.python), as: UTF8.self)
        == "a learned activation, a learned activation\n")
  }

  /// Written by `gzip.compress`.
  private static let python: [UInt8] = [
    0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0x4B, 0x54, 0xC8, 0x49, 0x4D, 0x2C,
    0xCA, 0x4B, 0x4D, 0x51, 0x48, 0x4C, 0x2E, 0xC9, 0x2C, 0x4B, 0x2C, 0xC9, 0xCC, 0xCF, 0xD3, 0x51,
    0x48, 0xC4, 0x22, 0xCA, 0x05, 0x00, 0x27, 0xB3, 0x80, 0x7D, 0x2B, 0x00, 0x00, 0x00,
  ]
}
