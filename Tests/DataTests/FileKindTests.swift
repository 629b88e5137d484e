// Files that are no table: each is named as what it is, with what to do.

import Data
import Engine
import Testing

@Suite struct FileKindTests {
  private static let files: [(bytes: [UInt8], name: String)] = [
    ([0x1F, 0x8B, 8, 0, 0], "gzip"), ([0x28, 0xB5, 0x2F, 0xFD, 0], "zstd"),
    ([0x42, 0x5A, 0x68, 0x39], "bzip2"),
    (text("PAR1."), "Parquet"), (text("ARROW1"), "Arrow"), ([0x89, 0x48, 0x44, 0x46], "HDF5"),
    ([0xD0, 0xCF, 0x11, 0xE0], "Excel"), (archive("[Content_Types].xml"), "XLSX"), (archive("x.npy"), "NPZ"),
    (archive(""), "ZIP"), ([0x80, 0x04, 0x95], "pickle"), ([0x61, 0x2C, 0x62, 0, 1, 2], "binary"),
    (text("\n <!DOCTYPE html><p>"), "web page"), (text("<?xml version='1.0'?>"), "XML"),
    (text("{\"a\": 1}\n{\"a\": 2}\n"), "JSON Lines"), (text("{\"a\": [1, 2]}"), "JSON, not CSV"),
    (text("[[1, 2], [3, 4]]"), "JSON, not CSV"), (text("%PDF-1.7"), "PDF"),
    ([0x61, 0, 0x2C, 0, 0x79, 0, 0x0A, 0], "UTF-16"),
  ]

  private static func text(_ text: String) -> [UInt8] { Array(text.utf8) }

  private static func archive(_ name: String) -> [UInt8] {
    [0x50, 0x4B, 3, 4, 0, 0, 0, 0] + Array(name.utf8)
  }

  @Test(arguments: files)
  func `a file that is no table is named`(bytes: [UInt8], name: String) throws {
    let found = try faults(#""target": "y""#, file: bytes)
    #expect(found.count == 1 && found[0].contains(name), "\(found)")
  }

  @Test func `bytes that are no text in any encoding are refused at their place`() throws {
    let found = try faults(#""target": "y""#, file: Array("a,y\n1,".utf8) + [0xFF, 0x81, 0x0A])
    #expect(found.count == 1 && found[0].contains("byte 6") && found[0].contains("encoding"), "\(found)")
  }

  @Test(arguments: [false, true])
  func `half a character of UTF-16 is refused at its place, the byte order mark counted`(hasMark: Bool) throws
  {
    let units = (hasMark ? [0xFEFF] : []) + Array("a,y\n1".utf16) + [0xD800, 0x0A]
    let found = try faults(
      #""target": "y", "encoding": "utf-16le""#, file: units.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] })
    #expect(found.count == 1 && found[0].contains("byte \(hasMark ? 12 : 10):"), "\(found)")
  }

  @Test func `no bytes make the readers stop`() throws {
    let alphabet: [UInt8] =
      Array(",;\t|\"\n\r 0123456789.-eE%$abNA?#'".utf8) + [0, 0x80, 0xC2, 0xA0, 0xE2, 0xAF, 0xFF]
    let options = [
      "", #", "delimiter": ";", "decimal": ",", "thousands": ".""#, ##", "comment": "#", "escape": "'""##,
      #", "quote": "none", "header": false"#, #", "encoding": "windows-1252", "missing": "mean""#,
      #", "encoding": "utf-16le""#, #", "thousands": " ""#,
      #", "types": {"y": "number"}, "na_values": ["a"]"#,
    ]
    var accepted = 0
    for seed in 0..<4000 {
      var random = RandomStream(seed: UInt64(seed), stream: .synthetic)
      var bytes = Array("a,y\n".utf8)
      for _ in 0..<random.below(120) {
        // Often a digit or a line end, so that some of it is a table.
        bytes.append(
          random.below(3) == 0 ? Array("12,\n".utf8)[random.below(4)] : alphabet[random.below(alphabet.count)]
        )
      }
      let members = #""target": "y"\#(options[seed % options.count])"#
      if try faults(members, file: bytes).isEmpty { accepted += 1 }
    }
    #expect(accepted > 0)
  }

  @Test(.timeLimit(.minutes(1))) func `long fields, many quotes and many columns take linear time`() throws {
    let field = String(repeating: "x", count: 2_000_000)
    let quotes = String(repeating: "\"\"", count: 500_000)
    let wide = (0..<5000).map { "c\($0)" }.joined(separator: ",")
    let numbers = (0..<5000).map { "\($0 % 7)" }.joined(separator: ",")
    #expect(try faults(#""target": "y""#, csv: "a,b,y\n\(field),1,2\nx,2,3\nx,5,6\n").isEmpty)
    #expect(try faults(#""target": "y""#, csv: "a,b,y\n\"\(quotes)\",1,2\nx,2,3\nx,5,6\n").isEmpty)
    #expect(
      try faults(#""target": "y""#, csv: "\(wide),y\n\(numbers),1\n\(numbers.replacing("3", with: "4")),2\n")
        .isEmpty)
    #expect(try faults(#""target": "y""#, csv: "a,y\n1,\"\(quotes)\n").count == 1)
  }
}
