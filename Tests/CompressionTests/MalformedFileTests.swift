// Every gzip file that is broken or means harm gets its exact error, whole or octet by octet.

import Compression
import Testing

@Suite struct MalformedFileTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let file: [UInt8]
    let error: GzipError

    init(_ description: String, _ file: [UInt8], _ error: GzipError) {
      testDescription = description
      self.file = file
      self.error = error
    }

    init(_ description: String, _ file: [UInt8], _ reason: String) {
      self.init(description, file, .malformed(reason: reason))
    }
  }

  private typealias H = Handmade

  static let cut: [Case] = [
    Case("nothing", [], .truncated),
    Case("half of the magic number", [0x1F], .truncated),
    Case("the magic number alone", [0x1F, 0x8B], .truncated),
    Case("a header less its last octet", H.header.dropLast(), .truncated),
    Case("a header alone", H.header, .truncated),
    Case("a cut block", Array(H.file[..<(H.file.count / 2)]), .truncated),
    Case("no end", H.file.dropLast(8), .truncated),
    Case("no size", H.file.dropLast(4), .truncated),
    Case("all but the last octet", H.file.dropLast(), .truncated),
    Case("an extra field cut in its length", H.header(flags: 4) + [9], .truncated),
    Case("an extra field longer than the file", H.header(flags: 4) + [0xFF, 0xFF, 1, 2, 3], .truncated),
    Case("a name without end", H.header(flags: 8) + Array("data.json".utf8), .truncated),
    Case("a comment without end", H.header(flags: 16) + Array("mine".utf8), .truncated),
    Case("a cut header checksum", H.header(flags: 2) + [0], .truncated),
    Case("a second member that is cut", H.file + H.file.dropLast(5), .truncated),
    Case("a second member of one octet", H.file + [0x1F], .truncated),
  ]

  static let malformed: [Case] = [
    Case("plain text", Array("{\"data\": {}}".utf8), "incorrect header check"),
    Case("another second octet", [0x1F, 0x8C] + H.file.dropFirst(2), "incorrect header check"),
    Case("zlib's own format", [0x78, 0x9C, 3, 0, 0, 0, 0, 1], "incorrect header check"),
    Case("bare deflate", Array(H.file.dropFirst(10).dropLast(8)), "incorrect header check"),
    Case("compress(1)'s magic number", [0x1F, 0x9D] + H.file.dropFirst(2), "incorrect header check"),
    Case("method 7", [0x1F, 0x8B, 7] + H.file.dropFirst(3), "unknown compression method"),
    Case("method 0", [0x1F, 0x8B, 0] + H.file.dropFirst(3), "unknown compression method"),
    Case("a reserved flag", H.header(flags: 0x20) + H.file.dropFirst(10), "unknown header flags set"),
    Case("every flag", H.header(flags: 0xFF) + H.file.dropFirst(10), "unknown header flags set"),
    Case(
      "a false header checksum", H.header(flags: 2) + [0, 0] + H.file.dropFirst(10), "header crc mismatch"),
    Case("block type 3", H.header + [0x07], "invalid block type"),
    Case(
      "a stored block whose lengths disagree", H.header + [1, 5, 0, 5, 0], "invalid stored block lengths"),
    Case("288 symbols", H.header + [0xFD, 0xFF, 0xFF], "too many length or distance symbols"),
    Case("a repetition of nothing", H.header + [0x03, 0x02, 0, 0], "invalid distance too far back"),
    Case("distance code 30", H.header + [0x03, 0x3E, 0, 0], "invalid distance code"),
    Case("length code 286", H.header + [0x1B, 0x03, 0, 0], "invalid literal/length code"),
    Case("a false checksum", H.file(flipping: H.file.count - 8), "incorrect data check"),
    Case("a false size", H.file(flipping: H.file.count - 4), "incorrect length check"),
    Case("a second header that is broken", H.file + [0x1F, 0x00, 8], "incorrect header check"),
    Case(
      "a second checksum that is false", H.file + H.file(flipping: H.file.count - 5), "incorrect data check"),
    Case("padding", H.file + [0], .trailingBytes),
    Case("a text after the end", H.file + Array("\n".utf8), .trailingBytes),
  ]

  static let hostile: [Case] = [
    Case(
      "a name of 100 KiB", H.header(flags: 8) + [UInt8](repeating: 0x41, count: 100 << 10),
      .headerTooLong(maximum: 64 << 10)),
    Case(
      "a comment of 100 KiB", H.header(flags: 16) + [UInt8](repeating: 0x41, count: 100 << 10),
      .headerTooLong(maximum: 64 << 10)),
    Case(
      "an extra field and a name, long together",
      H.header(flags: 12) + [0xFF, 0xFF] + [UInt8](repeating: 0x41, count: 100 << 10),
      .headerTooLong(maximum: 64 << 10)),
    Case(
      "blocks of nothing without end",
      H.header + [[UInt8]](repeating: [0, 0, 0, 0xFF, 0xFF], count: 20_000).flatMap { $0 },
      .headerTooLong(maximum: 64 << 10)),
    Case(
      "65 members", [[UInt8]](repeating: H.emptyMember, count: 65).flatMap { $0 },
      .tooManyMembers(maximum: 64)),
    Case(
      "100 000 empty members", [[UInt8]](repeating: H.emptyMember, count: 100_000).flatMap { $0 },
      .tooManyMembers(maximum: 64)),
    Case(
      "2 MiB of zeros", Gzip.compressed([UInt8](repeating: 0, count: 2 << 20), level: .best),
      .ratioTooHigh(maximum: 200)),
    Case(
      "more content than may be", Gzip.compressed(noise((16 << 20) + 1), level: .fast),
      .contentTooLarge(maximum: 16 << 20)),
  ]

  @Test(arguments: cut + malformed + hostile)
  func `a broken or hostile file has its exact error`(_ item: Case) {
    #expect(throws: item.error) { try Gzip.decompressed(item.file) }
  }

  @Test(arguments: cut + malformed)
  func `the error does not depend on where the file is cut`(_ item: Case) {
    #expect(throws: item.error) {
      let decoder = GzipDecoder()
      var output: [UInt8] = []
      for octet in item.file { try decoder.append([octet], to: &output) }
      try decoder.finish()
    }
  }

  @Test func `a name, a comment, an extra field and a header checksum within their bounds are looked past`()
    throws
  {
    let body = Handmade.file.dropFirst(10)
    let names = Handmade.header(flags: 28) + [2, 0, 1, 2] + Array("data.json\0by hand\0".utf8)
    #expect(try Gzip.decompressed(names + body) == Handmade.text)
    let long = Handmade.header(flags: 8) + [UInt8](repeating: 0x41, count: 60 << 10) + [0]
    #expect(try Gzip.decompressed(long + body) == Handmade.text)
  }

  @Test func `64 members are read, empty ones too`() throws {
    let files = [[UInt8]](repeating: Handmade.emptyMember, count: 62) + [Handmade.file, Handmade.file]
    #expect(try Gzip.decompressed(files.flatMap { $0 }) == Handmade.text + Handmade.text)
  }
}
