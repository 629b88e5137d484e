// CSV by bytes: what is accepted, what each oddity means, and the exact place of every violation.

import Data
import Engine
import Testing

private func table(_ text: String) throws(CSVError) -> CSVTable {
  try CSVTable(Array(text.utf8), maximumRows: 5, maximumColumns: 4)
}

private func rows(_ text: String) throws -> [[String?]] {
  let table = try table(text)
  let columns = table.texts(of: Array(table.names.indices))
  return (0..<table.rowCount).map { row in
    table.names.indices.map { column in columns[column].flatMap { table.text(of: $0[row]) } }
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
    ("\u{FEFF}a,b\n1,2", [["1", "2"]]),
    ("a,b\n\"x,y\",2", [["x,y", "2"]]),
    ("a,b\n\"x\"\"y\",2", [["x\"y", "2"]]),
    ("a,b\n\"\"\"\"\"\",\"\"", [["\"\"", ""]]),
    ("a,b\n\"x\r\ny\",2\n3,4", [["x\r\ny", "2"], ["3", "4"]]),
    ("a,b\n,\n", [["", ""]]),
    ("a,b\n\n1,2\n\n", [["1", "2"]]),
    ("a\n\n1\n", [[""], ["1"]]),
    ("a,b\n 1 , x \n", [[" 1 ", " x "]]),
    ("a,b\nü,x\ry\n", [["ü", "x\ry"]]),
  ])
  func textsAreReadAsRFC4180HasThem(text: String, expected: [[String]]) throws {
    #expect(try rows(text) == expected)
  }

  @Test(arguments: [
    ("", CSVError(reason: .empty, row: 1)),
    ("a,b\n", CSVError(reason: .noRows, row: 1)),
    ("a,a\n1,2", CSVError(reason: .duplicateName("a"), row: 1, column: 2)),
    ("a,\n1,2", CSVError(reason: .emptyName, row: 1, column: 2)),
    ("a,b\n1,2\n3\n", CSVError(reason: .raggedRow(found: 1, expected: 2), row: 3)),
    ("a,b\n1,2,3\n", CSVError(reason: .raggedRow(found: 3, expected: 2), row: 2)),
    ("a,b\n1,\"2\n", CSVError(reason: .unterminatedQuote, row: 2, column: 2)),
    ("a,b\n\"1\"x,2\n", CSVError(reason: .textAfterQuote, row: 2, column: 1)),
    ("a,b\n1,2\"\n", CSVError(reason: .quoteInField, row: 2, column: 2)),
    ("a,b,c,d,e\n", CSVError(reason: .tooManyColumns(limit: 4), row: 1, column: nil)),
    ("a\n1\n2\n3\n4\n5\n6", CSVError(reason: .tooManyRows(limit: 5), row: 7)),
  ])
  func violationsAreFoundAtTheirPlace(text: String, expected: CSVError) {
    #expect(throws: expected) { try table(text) }
  }

  @Test func bytesThatAreNoTextAreFoundInTheHeader() {
    #expect(throws: CSVError(reason: .invalidUTF8, row: 1, column: 2)) {
      try CSVTable([0x61, 0x2C, 0xFF, 0x0A, 0x31, 0x2C, 0x32], maximumRows: 5, maximumColumns: 4)
    }
  }

  @Test(arguments: [
    ("1", 1.0), ("-0.5", -0.5), ("+2.", 2), (".25", 0.25), ("1e3", 1000), ("1E-3", 0.001), (" 7\t", 7),
    ("123456789012345678901234567890", 1.2345678901234568e29), ("0.1", 0.1),
    ("1.7976931348623157e308", .greatestFiniteMagnitude),
    ("0.30000000000000004", 0.30000000000000004), ("5e-324", .leastNonzeroMagnitude), ("00012", 12),
  ])
  func decimalsAreReadExactly(text: String, number: Double) throws {
    #expect(try value(text) == number)
  }

  @Test(arguments: ["0x10", "inf", "1_000", "1e", "e5", "--1", "1.2.3", "1e400", "+", ".", "12a", "1 2"])
  func otherTextsAreNoNumbers(text: String) throws {
    #expect(try value(text)?.isNaN == true)
  }

  @Test(arguments: ["NA", "nan", "NaN", "null", "NULL", "  ", "\"\""])
  func missingValuesHaveTheirMarks(text: String) throws {
    #expect(try value(text) == nil)
  }

  @Test func aQuotedMarkIsAText() throws {
    #expect(try value("\"NA\"")?.isNaN == true)
  }

  @Test func rowsAreCountedWithBlankLinesAndTheHeader() throws {
    let table = try table("a,b\n\n1,2\n\n3,4\n")
    #expect(table.recordNumber(of: 1) == 5)
  }

  @Test(arguments: 0..<8) func numbersOfAnyFormAreTheStandardLibrarys(seed: UInt64) throws {
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

  @Test func quotedAndPlainRecordsMakeOneTable() throws {
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
}
