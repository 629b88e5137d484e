// CSV by bytes: what is accepted, what each oddity means, and the exact place of every violation.

import Data
import Engine
import Testing

private func table(_ text: String, _ dialect: Dialect = Dialect()) throws(CSVError) -> CSVTable {
  try CSVTable(Array(text.utf8), dialect: dialect, maximumRows: 5, maximumColumns: 4)
}

private func rows(_ text: String) throws -> [[String?]] {
  let table = try table(text)
  let columns = table.texts(of: Array(table.names.indices))
  return (0..<table.rowCount).map { row in
    table.names.indices.map { column in columns[column].map { table.text(of: $0[row]) } }
  }
}

/// A number, NaN for a text, and nil for a missing value.
private func value(_ field: String) throws -> Double? {
  let table = try table("a\n\(field)\n")
  let number = table.numbers(of: 0)[0]
  let isText = table.firstText(of: 0) == 0
  let isMissing = try #require(table.texts(of: [0])[0]).contains(where: table.isMissing)
  #expect(number.isNaN == (isText || isMissing) && !(isText && isMissing))
  return isMissing ? nil : number
}

@Suite struct CSVTests {
  @Test(arguments: [
    ("a,b\n1,2\n", [["1", "2"]]),
    ("a,b\r\n1,2\r\n", [["1", "2"]]),
    ("a,b\n1,2", [["1", "2"]]),
    ("a,b\n\"x,y\",2", [["x,y", "2"]]),
    ("a,b\n\"x\"\"y\",2", [["x\"y", "2"]]),
    ("a,b\n\"\"\"\"\"\",\"\"", [["\"\"", ""]]),
    ("a,b\n\"x\r\ny\",2\n3,4", [["x\r\ny", "2"], ["3", "4"]]),
    ("a,b\n,\n", [["", ""]]),
    ("a,b\n\n1,2\n\n", [["1", "2"]]),
    ("a\n\n1\n", [[""], ["1"]]),
    ("a,b\n 1 , x \n", [["1", "x"]]),
    ("a,b\nü,x\ry\n", [["ü", "x\ry"]]),
    ("a, b\n 1, \"x, y\" \n", [["1", "x, y"]]),
    ("a,b\n1,5\"\n", [["1", "5\""]]),
    ("\n\na,b\n1,2\n", [["1", "2"]]),
    ("a,b\n1,\u{A0}x\u{A0}\n", [["1", "x"]]),
  ])
  func `texts are read as RFC 4180 has them`(text: String, expected: [[String]]) throws {
    #expect(try rows(text) == expected)
  }

  @Test(arguments: [
    ("", CSVError(reason: .empty, row: 1)),
    ("a,b\n", CSVError(reason: .noRows, row: 1)),
    ("a,a\n1,2", CSVError(reason: .duplicateName("a", first: 1), row: 1, column: 2)),
    ("a,b,a \n1,2,3", CSVError(reason: .duplicateName("a", first: 1), row: 1, column: 3)),
    ("a,b\u{7}\n1,2", CSVError(reason: .controlInName, row: 1, column: 2)),
    ("a,b\n1,2\n3\n", CSVError(reason: .raggedRow(found: 1, expected: 2), row: 3)),
    ("a,b\n1,2,3\n", CSVError(reason: .raggedRow(found: 3, expected: 2), row: 2)),
    ("a,b\n1,\"2\n", CSVError(reason: .unterminatedQuote, row: 2, column: 2)),
    ("a,b\n\"1\"x,2\n", CSVError(reason: .textAfterQuote, row: 2, column: 1)),
    ("a,b,c,d,e\n", CSVError(reason: .tooManyColumns(limit: 4), row: 1, column: nil)),
    ("a\n1\n2\n3\n4\n5\n6", CSVError(reason: .tooManyRows(limit: 5), row: 7)),
  ])
  func `violations are found at their place`(text: String, expected: CSVError) {
    #expect(throws: expected) { try table(text) }
  }

  @Test(arguments: [
    ("1", 1.0), ("-0.5", -0.5), ("+2.", 2), (".25", 0.25), ("1e3", 1000), ("1E-3", 0.001), (" 7\t", 7),
    ("123456789012345678901234567890", 1.2345678901234568e29), ("0.1", 0.1),
    ("1.7976931348623157e308", .greatestFiniteMagnitude),
    ("0.30000000000000004", 0.30000000000000004), ("5e-324", .leastNonzeroMagnitude), ("00012", 12),
  ])
  func `decimals are read exactly`(text: String, number: Double) throws {
    #expect(try value(text) == number)
  }

  @Test(arguments: ["0x10", "inf", "1_000", "1e", "e5", "--1", "1.2.3", "1e400", "+", ".", "12a", "1 2"])
  func `other texts are no numbers`(text: String) throws {
    #expect(try value(text)?.isNaN == true)
  }

  @Test(arguments: ["NA", "nan", "NaN", "null", "NULL", "N/A", "n/a", "#N/A", "  ", "\"\""])
  func `missing values have their marks`(text: String) throws {
    #expect(try value(text) == nil)
  }

  @Test func `a quoted mark of a missing value is a text`() throws {
    #expect(try value("\"NA\"")?.isNaN == true)
  }

  @Test func `rows are counted with blank lines and the header`() throws {
    let table = try table("a,b\n\n1,2\n\n3,4\n")
    #expect(table.recordNumber(of: 1) == 5)
  }

  @Test(arguments: 0..<8) func `numbers of any form are the standard library's`(seed: UInt64) throws {
    var random = RandomStream(seed: seed, stream: .synthetic)
    func text() -> String {
      let sign = ["", "", "-", "+"][random.below(4)]
      let before = (0..<random.below(12)).map { _ in "\(random.below(10))" }.joined()
      let behind = (0...random.below(12)).map { _ in "\(random.below(10))" }.joined()
      let exponent = ["", "", "", "e5", "E-07", "e+12", "e-30"][random.below(7)]
      return sign + before + "." + behind + exponent
    }
    for end in ["\n", "\r\n"] {
      let rows = (0..<300).map { _ in (0..<3).map { _ in text() } }
      let csv = (["a,b,c"] + rows.map { $0.joined(separator: ",") }).joined(separator: end)
      let table = try CSVTable(Array(csv.utf8), maximumRows: 1000, maximumColumns: 4)
      for column in 0..<3 {
        #expect(table.firstText(of: column) == nil)
        #expect(table.numbers(of: column).map(\.bitPattern) == rows.map { Double($0[column])?.bitPattern })
      }
    }
  }

  @Test func `quoted and plain records make one table`() throws {
    let table = try table("a,b,c\n1,\"2\",x\n\n3,4,\"y,\"\n5,,\n\"6\",NA,7")
    #expect(table.numbers(of: 0) == [1, 3, 5, 6])
    #expect(table.numbers(of: 1).map { $0.isNaN ? -1 : $0 } == [2, 4, -1, -1])
    #expect(table.firstText(of: 1) == nil)
    #expect(table.firstText(of: 2) == 0)
    let fields = table.texts(of: [2, 0])
    #expect(fields[2]?.map { table.text(of: $0) } == ["x", "y,", "", "7"])
    #expect(fields[2]?.map { table.isMissing($0) } == [false, false, true, false])
    #expect(fields[0]?.map { table.text(of: $0) } == ["1", "3", "5", "6"])
    #expect((0..<4).map { table.recordNumber(of: $0) } == [2, 4, 5, 6])
  }

  @Test(arguments: [
    ("1,5", 1.5), ("-0,25", -0.25), ("1.234,5", 1234.5), ("1.234.567", 1_234_567), ("12", 12), ("1e3", 1000),
  ])
  func `numbers with a decimal comma and grouped digits are read`(text: String, number: Double) throws {
    var dialect = Dialect()
    dialect.delimiter = UInt8(ascii: ";")
    dialect.decimal = UInt8(ascii: ",")
    dialect.thousands = UInt8(ascii: ".")
    #expect(try table("a;b\n\(text);1\n", dialect).numbers(of: 0) == [number])
  }

  @Test(arguments: ["1.5", "1,2,3", ",", "12.34,5", "1.2345", "1,5e", "1 000"])
  func `what groups and commas do not explain is a text`(text: String) throws {
    var dialect = Dialect()
    dialect.delimiter = UInt8(ascii: ";")
    dialect.decimal = UInt8(ascii: ",")
    dialect.thousands = UInt8(ascii: ".")
    #expect(try table("a;b\n\(text);1\n", dialect).firstText(of: 0) == 0)
  }

  @Test func `marks of missing values may be numbers`() throws {
    let table = try CSVTable(
      Array("a,b\n-999,x\n1,-\n-999.0,-\n".utf8), missingMarks: ["-999", "-"], maximumRows: 5,
      maximumColumns: 4)
    #expect(table.numbers(of: 0).map { $0.isNaN ? -1 : $0 } == [-1, 1, -1])
    #expect(try #require(table.texts(of: [1])[1]).map { table.isMissing($0) } == [false, true, true])
  }

  @Test func `comments are passed over and escapes are undone`() throws {
    var dialect = Dialect()
    dialect.comment = UInt8(ascii: "#")
    dialect.escape = UInt8(ascii: "\\")
    let read = try table("# by hand\na,b\n1,\"x\\\"y\"\n# more\n2,z\n", dialect)
    #expect(read.numbers(of: 0) == [1, 2])
    #expect(try #require(read.texts(of: [1])[1]).map { read.text(of: $0) } == ["x\"y", "z"])
    #expect(throws: CSVError(reason: .duplicateName("a", first: 1), row: 3, column: 2)) {
      try table("# by hand\n\na,a\n1,2\n", dialect)
    }
  }

  @Test(arguments: [
    (",a,b\n1,2,3\n", ["x1", "a", "b"], [0]), ("a,b,\n1,2,\n", ["a", "b", "x3"], [2]),
    ("a,b\nr,1,2\ns,3,4\n", ["x1", "a", "b"], [0]), ("a,b\n1,2,\n3,4,\n", ["a", "b", "x3"], [2]),
    ("a,,x2\n1,2,3\n", ["a", "x2_", "x2"], [1]),
  ])
  func `columns without a name are given one`(text: String, names: [String], nameless: [Int]) throws {
    let table = try table(text)
    #expect(table.names == names)
    #expect(table.nameless == nameless)
  }
}
