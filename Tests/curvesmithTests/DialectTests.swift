// Headers, separators, encodings and files of other kinds: read for what they are, or called by their names.

import Foundation
import JSON
import Testing

@Suite struct DialectTests {
  struct Sample: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var csv: [UInt8]
    var expectation: Expectation
    var target: String

    init(_ name: String, _ csv: String, _ expectation: Expectation, target: String = "y") {
      self.init(name, Array(csv.utf8), expectation, target: target)
    }

    init(_ name: String, _ csv: [UInt8], _ expectation: Expectation, target: String = "y") {
      testDescription = name
      self.csv = csv
      self.expectation = expectation
      self.target = target
    }
  }

  static let plain = Table.classes
  static let body = String(plain.drop { $0 != "\n" }.dropFirst())
  static func separated(by separator: String) -> String { plain.replacing(",", with: separator) }
  /// Each line with something before and after it.
  static func lines(_ text: String = plain, _ change: (Int, Substring) -> String) -> String {
    text.split(separator: "\n").enumerated().map { change($0.offset, $0.element) + "\n" }.joined()
  }
  static let halves = Table.text { ["\(Table.a($0)).5", "\(Table.b($0)).25", Table.kind($0)] }
  static let numberBody = String(Table.numbers.drop { $0 != "\n" }.dropFirst())

  static let headers: [Sample] = [
    Sample(
      "R's row names", lines { $0 == 0 ? "\"\",\($1)" : "\"\($0)\",\($1)" },
      .readsAndSays(plain, ["first column", "name"])),
    Sample(
      "R's row names that are texts", lines { $0 == 0 ? "\"\",\($1)" : "\"row \($0)\",\($1)" },
      .readsAndSays(plain, ["first column", "name"])),
    Sample(
      "an index without a name", lines { $0 == 0 ? ",\($1)" : "\($0 - 1),\($1)" },
      .readsAndSays(plain, ["first column", "name"])),
    Sample(
      "an index that was saved twice", lines { $0 == 0 ? "Unnamed: 0,\($1)" : "\($0 - 1),\($1)" },
      .says(["Unnamed: 0"])),
    Sample("trailing commas", lines { _, line in "\(line)," }, .reads(plain)),
    Sample("two trailing commas", lines { _, line in "\(line),," }, .reads(plain)),
    Sample(
      "trailing commas below the header", lines { $0 == 0 ? "\($1)" : "\($1)," },
      .readsOrSays(plain, ["row 1"])),
    Sample("two blank lines first", "\n\n" + plain, .readsOrSays(plain, ["blank"])),
    Sample("a line of spaces first", "  \n" + plain, .readsOrSays(plain, ["blank"])),
    Sample("a line of commas first", ",,\n" + plain, .readsOrSays(plain, ["line 1"])),
    Sample(
      "blank lines within and after", lines { $0 % 10 == 5 ? "\n\($1)" : "\($1)" } + "\n\n", .reads(plain)),
    Sample("spaces after commas", separated(by: ", "), .reads(plain)),
    Sample("spaces around commas", separated(by: "  ,  "), .reads(plain)),
    Sample(
      "spaces before quotes", lines { $0 == 0 ? "a, \"b\", y" : "\($1)" }, .readsOrSays(plain, ["quote"])),
    Sample(
      "columns in line",
      lines { _, line in line.split(separator: ",").map { $0.padding(6) }.joined(separator: ",") },
      .reads(plain)),
    Sample("a target in other case", "A,B,Y\n" + body, .readsOrSays(plain, ["did you mean", "Y"])),
    Sample("two names alike", "a,a,y\n" + body, .refuses(["`a`", "twice"])),
    Sample("two names alike but for a space", "a,a ,y\n" + body, .refuses(["`a`", "twice"])),
    Sample("a column in the middle without a name", "a,,y\n" + body, .says(["name"])),
    Sample("a name with a line end", "\"a\nof it\",b,y\n" + body, .reads(plain)),
    Sample("a name with a comma", "\"a, of it\",b,y\n" + body, .reads(plain)),
    Sample("a title above the header", "Results of May\n\n" + plain, .refuses([""])),
    Sample("a comment above the header", "# made by hand\n" + plain, .says(["#"])),
    Sample("units below the header", "a,b,y\ncm,kg,\n" + body, .says(["`a`"])),
    Sample("no header over classes", body, .says(["header"]), target: "x3"),
    Sample("no header over numbers", numberBody, .says(["header"]), target: "x3"),
    Sample("a header and no row", "a,b,y\n", .refuses(["row"])),
    Sample("a header alone without its line end", "a,b,y", .refuses(["row"])),
    Sample("one row", "a,b,y\n1,2,no\n", .says([""])),
    Sample("a row with a field too many", plain + "1,2,no,4\n", .refuses(["4", "3"])),
    Sample("a row with a field too few", plain + "1,2\n", .refuses(["2", "3"])),
  ]

  static let dialects: [Sample] = [
    Sample("semicolons", separated(by: ";"), .reads(plain)),
    Sample("tabs", separated(by: "\t"), .reads(plain)),
    Sample("pipes", separated(by: "|"), .reads(plain)),
    Sample(
      "semicolons and decimal commas", halves.replacing(",", with: ";").replacing(".", with: ","),
      .reads(halves)),
    Sample(
      "tabs and decimal commas", halves.replacing(",", with: "\t").replacing(".", with: ","), .reads(halves)),
    Sample("semicolons and decimal points", halves.replacing(",", with: ";"), .reads(halves)),
    Sample("semicolons that are announced", "sep=;\n" + separated(by: ";"), .reads(plain)),
    Sample("commas that are announced", "sep=,\n" + plain, .reads(plain)),
    Sample(
      "semicolons between quotes",
      lines { _, line in line.split(separator: ",").map { "\"\($0)\"" }.joined(separator: ";") },
      .reads(plain)),
    Sample(
      "all fields between quotes",
      lines { _, line in line.split(separator: ",").map { "\"\($0)\"" }.joined(separator: ",") },
      .reads(plain)),
    Sample("spaces as separators", separated(by: " "), .says(["space"])),
    Sample("a byte order mark", [0xEF, 0xBB, 0xBF] + Array(plain.utf8), .reads(plain)),
    Sample(
      "UTF-16, little end first", [0xFF, 0xFE] + plain.utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] },
      .readsOrSays(plain, ["UTF-16"])),
    Sample(
      "UTF-16, big end first", [0xFE, 0xFF] + plain.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] },
      .readsOrSays(plain, ["UTF-16"])),
    Sample(
      "UTF-16 with tabs, as spreadsheets save it",
      [0xFF, 0xFE] + separated(by: "\t").utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] },
      .readsOrSays(plain, ["UTF-16"])),
    Sample(
      "UTF-16 without a mark", plain.utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] },
      .readsOrSays(plain, ["UTF-16"])),
    Sample("CRLF", plain.replacing("\n", with: "\r\n"), .reads(plain)),
    Sample("CR alone", plain.replacing("\n", with: "\r"), .readsOrSays(plain, ["CR alone"])),
    Sample("CRLF and LF mixed", lines { $0 % 2 == 0 ? "\($1)\r" : "\($1)" }, .reads(plain)),
    Sample("no line end at the end", String(plain.dropLast()), .reads(plain)),
    Sample(
      "windows-1252",
      Array("a,b,y\n".utf8)
        + (0..<48).flatMap { Array("\($0 % 7),\($0 % 5),caf".utf8) + [$0 % 2 == 0 ? 0xE9 : 0xE8, 0x0A] },
      .says(["windows-1252"])),
    Sample("a quote that is never closed", plain + "1,\"2,no\n", .refuses(["row 50"])),
  ]

  static func binary(_ head: [UInt8]) -> [UInt8] {
    head + (0..<300).map { UInt8(truncatingIfNeeded: $0 * 37) }
  }

  static let files: [Sample] = [
    Sample("gzip", binary([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]), .refuses(["gzip"])),
    Sample(
      "Excel workbook",
      binary(
        [0x50, 0x4B, 3, 4, 20, 0, 0, 0, 0, 0] + [UInt8](repeating: 0, count: 20)
          + Array("[Content_Types].xml".utf8)), .refuses(["Excel"])),
    Sample(
      "ZIP archive",
      binary(
        [0x50, 0x4B, 3, 4, 20, 0, 0, 0, 0, 0] + [UInt8](repeating: 0, count: 20) + Array("data.csv".utf8)),
      .refuses(["ZIP"])),
    Sample(
      "NPZ archive",
      binary(
        [0x50, 0x4B, 3, 4, 20, 0, 0, 0, 0, 0] + [UInt8](repeating: 0, count: 20) + Array("arr_0.npy".utf8)),
      .refuses(["npz"])),
    Sample(
      "old Excel workbook", binary([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]), .refuses(["Excel"])),
    Sample("Parquet", binary(Array("PAR1".utf8)), .refuses(["Parquet"])),
    Sample("Arrow", binary(Array("ARROW1".utf8)), .refuses(["Arrow"])),
    Sample("HDF5", binary([0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]), .refuses(["HDF5"])),
    Sample("pickle", binary([0x80, 0x04, 0x95]), .refuses(["pickle"])),
    Sample("zstd", binary([0x28, 0xB5, 0x2F, 0xFD]), .refuses(["zst"])),
    Sample("bzip2", binary(Array("BZh91AY".utf8)), .refuses(["bzip2"])),
    Sample("xz", binary([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0]), .refuses(["xz"])),
    Sample("PDF", binary(Array("%PDF-1.7\n".utf8)), .refuses(["PDF"])),
    Sample("PNG", binary([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]), .refuses(["PNG"])),
    Sample("SQLite", binary(Array("SQLite format 3\0".utf8)), .refuses(["SQLite"])),
    Sample("zeros", [UInt8](repeating: 0, count: 400), .refuses(["not a table"])),
    Sample(
      "a web page", "<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body>a,b,y</body></html>\n",
      .refuses(["page"])),
    Sample("XML", "<?xml version=\"1.0\"?>\n<rows><row a=\"1\"/></rows>\n", .refuses(["XML"])),
    Sample(
      "JSON Lines", (0..<40).map { "{\"a\": \($0 % 7), \"y\": \"\(Table.kind($0))\"}\n" }.joined(),
      .refuses(["JSON"])),
    Sample(
      "a JSON array",
      "[" + (0..<40).map { "{\"a\": \($0 % 7), \"y\": \"\(Table.kind($0))\"}" }.joined(separator: ",\n")
        + "]", .refuses(["JSON"])),
    Sample("a JSON object", "{\"inputs\": [[1, 2], [3, 4]],\n \"targets\": [1, 2]}\n", .refuses(["JSON"])),
    Sample(
      "ARFF", "@relation t\n@attribute a numeric\n@attribute y {yes,no}\n@data\n1,yes\n2,no\n", .refuses([""])
    ),
    Sample("nothing", "", .refuses([""])),
    Sample("one line end", "\n", .refuses([""])),
    Sample("a mark and nothing", [0xEF, 0xBB, 0xBF], .refuses([""])),
  ]

  @Test(arguments: headers)
  func `a header as people write it`(sample: Sample) async throws { try await check(sample) }

  @Test(arguments: dialects)
  func `a dialect as programs write it`(sample: Sample) async throws { try await check(sample) }

  @Test(arguments: files)
  func `a file that is no table is called by its name`(sample: Sample) async throws {
    try await check(sample)
  }

  private func check(_ sample: Sample) async throws {
    let spec = Case.spec(target: sample.target)
    try await LiveService.run { client in
      let outcome = try await client.outcome(spec, csv: sample.csv)
      try await sample.expectation.check(sample.testDescription, outcome, by: client, spec: Case.spec())
    }
  }
}

extension Substring {
  /// The text with spaces behind it up to a width.
  fileprivate func padding(_ width: Int) -> String {
    self + String(repeating: " ", count: Swift.max(0, width - count))
  }
}
