// The dialect of a text: every combination gives the same table, and what misled other readers does not mislead.

import Data
import Engine
import JSON
import Testing

/// A table of numbers, texts and dates, and how a program may write it.
private struct Writing: Sendable, CustomTestStringConvertible {
  var delimiter = ","
  var decimal = "."
  var hasHeader = true
  var encoding = "utf-8"
  var lineEnd = "\n"

  var testDescription: String {
    "\(delimiter.debugDescription) \(decimal) \(hasHeader) \(encoding) \(lineEnd.debugDescription)"
  }

  static let rows: [[String]] = (0..<60).map { row in
    let height = "\(150 + row * 7 % 41).\(row * 3 % 10)"
    let weight = "\(row * row % 23).\((row * 7 + 1) % 10)5"
    return [height, weight, ["réd", "green", "blue"][row % 3], "\(row * 5 % 17)"]
  }

  var bytes: [UInt8] {
    let header = hasHeader ? [["height", "weight", "colour", "y"]] : []
    let lines = (header + Self.rows).enumerated().map { index, row in
      row.map { field in
        let text = index == 0 && hasHeader ? field : field.replacing(".", with: decimal)
        return text.contains(delimiter) ? "\"\(text)\"" : text
      }.joined(separator: delimiter)
    }
    let text = lines.joined(separator: lineEnd) + lineEnd
    switch encoding {
    case "utf-16":
      return [0xFF, 0xFE] + text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    case "windows-1252": return text.unicodeScalars.map { UInt8($0.value & 0xFF) }
    case "utf-8 with mark": return [0xEF, 0xBB, 0xBF] + Array(text.utf8)
    default: return Array(text.utf8)
    }
  }

  static let all: [Writing] = [",", ";", "\t", "|"].flatMap { delimiter in
    [".", ","].flatMap { decimal in
      [true, false].flatMap { hasHeader in
        ["utf-8", "utf-8 with mark", "utf-16", "windows-1252"].flatMap { encoding in
          ["\n", "\r\n", "\r"].map { lineEnd in
            Writing(
              delimiter: delimiter, decimal: decimal, hasHeader: hasHeader, encoding: encoding,
              lineEnd: lineEnd)
          }
        }
      }
    }
  }
}

extension Loaded {
  fileprivate func member(_ name: String) -> JSONValue? { resolved[name] }
}

@Suite struct DialectTests {
  @Test(arguments: Writing.all)
  private func `however a table is written, it is the same`(writing: Writing) throws {
    let expected = try load(#""target": "y""#, file: Writing().bytes).dataset
    let members = writing.hasHeader ? #""target": "y""# : #""target": "x4""#
    let found = try load(members, file: writing.bytes)
    #expect(found.dataset.training == expected.training && found.dataset.validation == expected.validation)
    #expect(found.member("delimiter") == .string(writing.delimiter))
    #expect(found.member("decimal") == .string(writing.decimal))
    #expect(found.member("header") == .bool(writing.hasHeader))
    #expect(found.codes.contains("no_header") == !writing.hasHeader)
    #expect(found.codes.contains("guessed_encoding") == (writing.encoding == "windows-1252"))
  }

  @Test func `what was found reads the same again`() throws {
    for writing in [Writing(delimiter: ";", decimal: ",", encoding: "utf-16"), Writing(hasHeader: false)] {
      let found = try load(writing.hasHeader ? #""target": "y""# : #""target": "x4""#, file: writing.bytes)
      let text = String(decoding: found.resolved.serialized(), as: UTF8.self)
      let again = try load(String(text.dropFirst().dropLast()), file: writing.bytes)
      #expect(again.resolved == found.resolved)
      #expect(again.dataset.training == found.dataset.training)
      #expect(again.dataset.inputEncoder == found.dataset.inputEncoder)
    }
  }

  @Test(arguments: [
    // Spaces within fields of a tab-separated file, and commas within those of another.
    ("a b\tc d\ty\n1 2 3\tx y\t1\n4 5 6\tx z\t2\n7 8\tu v\t3\n", "y", "\t"),
    ("k;v;y\n['112', '112'];a;1\n['113', '114'];b;2\n['1', '2'];b;3\n", "y", ";"),
    ("code,label,y\nA,x|y,1\nB,z|w,2\nA,u|v,3\n", "y", ","),
    ("1,5;2,5;y\n1,5;2,5;3\n2,5;3,5;4\n", "y", ";"),
    ("sep=;\na;b;y\n1;2;3\n4;5;6\n", "y", ";"),
    ("sep=|\r\na|b|y\r\n1|2|3\r\n4|5|6\r\n", "y", "|"),
    ("a,b,y\r\n1,2,3\n4,5,6\r\n7,8,9", "y", ","),
  ])
  func `the delimiter is found`(text: String, target: String, delimiter: String) throws {
    #expect(try load(#""target": "\#(target)""#, csv: text).member("delimiter") == .string(delimiter))
  }

  @Test func `numbers between tabs with decimal commas and no header are read`() throws {
    let line = "3,6216\t8,6661\t-2,8073\n"
    let rows = (0..<20).map { "\($0),25\t\($0 * 7 % 5),5\t\($0 * 3 % 11),125\n" }.joined()
    let found = try load(#""target": "x3""#, csv: line + rows)
    #expect(found.member("delimiter") == "\t" && found.member("decimal") == ",")
    #expect(found.dataset.rowCount == 21 && found.codes.contains("no_header"))
  }

  @Test func `a ragged row keeps the delimiter and is named`() throws {
    let rows = (0..<30).map { "\($0 * 7 % 13)|\($0 % 4)|x\($0 % 3)" }
    let text = (["a|b|y"] + rows[..<20] + ["1|2"] + rows[20...]).joined(separator: "\n")
    #expect(
      try faults(#""target": "y""#, csv: text) == ["#/data: row 22: has 2 fields, but the others have 3"])
  }

  @Test func `a decimal comma behind the sample is found`() throws {
    let rows = (0..<2000).map { $0 < 1500 ? "\($0 % 7);\($0 % 5)" : "\($0 % 7),5;\($0 % 5)" }
    let found = try load(#""target": "y""#, csv: (["a;y"] + rows).joined(separator: "\n"))
    #expect(found.member("decimal") == "," && found.dataset.inputWidth == 1)
  }

  @Test(arguments: [
    (#""target": "0.5""#, true, ["numeric_header"]), (#""target": "x3""#, false, ["no_header"]),
    (#""target": "x3", "header": false"#, false, []), (#""target": "0.5", "header": true"#, true, []),
  ])
  func `a first line of numbers is a header only if its cells are named`(
    members: String, isHeader: Bool, codes: [String]
  ) throws {
    let rows = (1..<25).map { "\($0 * 3 % 7),\(10 + $0 * 5 % 13),\(Double($0 * 7 % 11) / 2 + 0.25)" }
    let found = try load(members, csv: (["0,10,0.5"] + rows).joined(separator: "\n"))
    #expect(found.member("header") == .bool(isHeader))
    #expect(found.codes == codes)
    #expect(found.dataset.rowCount == (isHeader ? 24 : 25))
  }

  @Test func `a year is a name where the client says so`() throws {
    let rows = (0..<12).map { "c\($0 % 3),\($0 * 5 % 7),\($0 * 3 % 11)" }
    let found = try load(#""target": "2020""#, csv: (["country,2019,2020"] + rows).joined(separator: "\n"))
    #expect(found.member("header") == true && found.dataset.rowCount == 12)
  }

  @Test(arguments: [
    ("delimiter", #""delimiter": "x""#), ("quote", #""quote": "ab""#), ("decimal", #""decimal": "·""#),
    ("thousands", #""thousands": ".", "decimal": ".""#), ("encoding", #""encoding": "ebcdic""#),
    ("na_values/0", #""na_values": [true]"#), ("quote", #""quote": ";", "delimiter": ";""#),
  ])
  func `a mark that cannot be one is refused`(member: String, members: String) throws {
    let found = try faults(#""target": "y", \#(members)"#, csv: "a,y\n1,2\n2,3\n")
    #expect(found.count == 1 && found[0].hasPrefix("#/data/\(member): "), "\(found)")
  }

  @Test func `nearly every generated table is read as it was meant`() throws {
    var wrong: [String] = []
    let count = 3000
    for seed in 0..<count {
      var random = RandomStream(seed: UInt64(seed), stream: .synthetic)
      let (text, delimiter, decimal) = Self.table(&random)
      let found = try? load(#""target": "y", "missing": "mean""#, csv: text)
      let isRight =
        found?.member("delimiter") == .string(delimiter)
        && (decimal == nil || found?.member("decimal") == decimal.map(JSONValue.string))
      if !isRight { wrong.append(text) }
    }
    #expect(wrong.count * 100 <= count, "\(wrong.count) of \(count): \(wrong.first ?? "")")
  }

  /// A table of up to six columns and thirty rows; the decimal mark is nil where no number has one.
  private static func table(_ random: inout RandomStream) -> (
    text: String, delimiter: String, decimal: String?
  ) {
    let delimiter = [",", ";", "\t", "|"][random.below(4)]
    let decimal = delimiter == "," || random.below(2) == 0 ? "." : ","
    var hasDecimal = false
    let kinds = [0] + (0..<random.below(5)).map { _ in random.below(5) }
    func cell(_ kind: Int) -> String {
      switch kind {
      case 0: return "\(random.below(1000))"
      case 1:
        hasDecimal = true
        return "\(random.below(100))\(decimal)\(random.below(90) + 10)"
      case 2: return ["red", "dark green", "blue, light", "x|y", "a;b"][random.below(5)]
      case 3: return "20\(10 + random.below(20))-0\(1 + random.below(9))-1\(random.below(9))"
      default: return random.below(9) == 0 ? "" : ["yes", "no"][random.below(2)]
      }
    }
    func quoted(_ text: String) -> String { text.contains(delimiter) ? "\"\(text)\"" : text }
    var lines = [(kinds.indices.map { "c\($0)" } + ["y"]).joined(separator: delimiter)]
    for _ in 0..<(12 + random.below(20)) {
      let row = kinds.map { quoted(cell($0)) } + ["\(random.below(50))"]
      lines.append(row.joined(separator: delimiter))
    }
    return (lines.joined(separator: "\n"), delimiter, hasDecimal ? decimal : nil)
  }
}
