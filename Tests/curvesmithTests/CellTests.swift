// What people write into the cells of a column of numbers, and what becomes of the column.

import JSON
import Testing

/// The column `b` of a plain table is written differently; `a` and the target stay.
@Suite struct CellTests {
  /// A table whose column `a` is as given, over classes.
  static func table(_ cell: (Int) -> String) -> String {
    Table.text { [cell($0), "\(Table.b($0))", Table.kind($0)] }
  }

  /// A table of numbers with one odd cell in row 21 of column `a`, line 22 of the file.
  static func stray(_ cell: String) -> String { table { $0 == 20 ? cell : "\(Table.a($0))" } }

  @Test(arguments: [
    "NA", "na", "N/A", "n/a", "#N/A", "NULL", "null", "Null", "NaN", "nan", "?", "-", ".", " NA ", " ", "  ?",
  ])
  func `a usual mark of a missing value is missing`(mark: String) async throws {
    try await LiveService.run { client in
      let filled = Case.spec(data: ["missing": "mean"])
      let empty = try await client.outcome(filled, csv: Self.stray(""))
      let marked = try await client.outcome(filled, csv: Self.stray(mark))
      #expect(empty.trained && marked.isSame(as: empty), "\(marked)")

      let refused = try await client.outcome(Case.spec(), csv: Self.stray(mark))
      #expect(refused.status == 422 && refused.says(["`a`"]), "\(refused)")
      #expect(refused.remarks.count == 1, "one fault says it all: \(refused)")
    }
  }

  @Test(arguments: [
    "unknown", "12x", "see note", "1O5", "#DIV/0!", "#REF!", "<5", ">100", "~7", "3/4", "1.2.3", "--", "0x1F",
    "1_000", "٣", "TRUE", "abc,\"", "missing", "not available", "5 or 6", "1e", "e5", "+", "*",
  ])
  func `a text that is no number is named with its column and line`(text: String) async throws {
    let quoted = "\"" + text.replacing("\"", with: "\"\"") + "\""
    try await LiveService.run { client in
      let outcome = try await client.outcome(Case.spec(data: ["missing": "mean"]), csv: Self.stray(quoted))
      #expect(outcome.says(["`a`", "22"]), "\(outcome)")
    }
  }

  @Test(arguments: ["inf", "-inf", "Infinity", "+Inf", "-INFINITY", "1e999", "-1e400"])
  func `a number that is not finite is a fault of its own`(text: String) async throws {
    try await LiveService.run { client in
      let outcome = try await client.outcome(Case.spec(data: ["missing": "mean"]), csv: Self.stray(text))
      #expect(outcome.status == 422 && outcome.says(["`a`", "22"]), "\(outcome)")
    }
  }

  @Test(arguments: ["tbd", "N/A", "?", "-", "", "see note", "#VALUE!", "12 (est.)"])
  func `an odd cell in a target of numbers leaves the job a regression`(text: String) async throws {
    let csv = Table.text {
      ["\(Table.a($0))", "\(Table.b($0))", $0 == 20 ? text : Table.number($0)]
    }
    try await LiveService.run { client in
      let outcome = try await client.outcome(Case.spec(), csv: csv)
      #expect(outcome.says(["`y`"]), "\(outcome)")
      if outcome.trained { #expect(outcome.task == "regression", "\(outcome)") }
    }
  }

  /// Ways to write 1, 2, 3 … in every row, each with the plain number that is meant.
  static let notations: [(name: String, cell: @Sendable (Int) -> String, plain: @Sendable (Int) -> String)] =
    [
      ("decimal comma", { "\"\(a($0)),5\"" }, { "\(a($0)).5" }),
      ("decimal comma, two digits", { "\"\(a($0)),25\"" }, { "\(a($0)).25" }),
      ("negative decimal comma", { "\"-\(a($0)),5\"" }, { "-\(a($0)).5" }),
      ("thousands", { "\"\(a($0) + 1),234\"" }, { "\(a($0) + 1)234" }),
      ("thousands and decimals", { "\"\(a($0) + 1),234.50\"" }, { "\(a($0) + 1)234.50" }),
      ("millions", { "\"\(a($0) + 1),234,567\"" }, { "\(a($0) + 1)234567" }),
      ("points for thousands", { "\"\(a($0) + 1).234.567\"" }, { "\(a($0) + 1)234567" }),
      ("points and a decimal comma", { "\"\(a($0) + 1).234,5\"" }, { "\(a($0) + 1)234.5" }),
      ("spaces for thousands", { "\(a($0) + 1) 234" }, { "\(a($0) + 1)234" }),
      ("narrow spaces for thousands", { "\(a($0) + 1)\u{202F}234" }, { "\(a($0) + 1)234" }),
      ("apostrophes for thousands", { "\(a($0) + 1)'234" }, { "\(a($0) + 1)234" }),
      ("per cent", { "\(a($0))%" }, { "\(a($0))" }),
      ("per cent with decimals", { "\(a($0)).5%" }, { "\(a($0)).5" }),
      ("per cent after a space", { "\(a($0)) %" }, { "\(a($0))" }),
      ("dollars", { "$\(a($0))" }, { "\(a($0))" }),
      ("dollars and cents with thousands", { "\"$\(a($0) + 1),234.50\"" }, { "\(a($0) + 1)234.50" }),
      ("negative dollars", { "-$\(a($0))" }, { "-\(a($0))" }),
      ("euros", { "€\(a($0))" }, { "\(a($0))" }),
      ("euros after a space", { "\(a($0)) €" }, { "\(a($0))" }),
      ("pounds", { "£\(a($0))" }, { "\(a($0))" }),
      ("yen", { "¥\(a($0))" }, { "\(a($0))" }),
      ("currency codes", { "USD \(a($0))" }, { "\(a($0))" }),
      ("parentheses for negatives", { "(\(a($0) + 1))" }, { "-\(a($0) + 1)" }),
      ("a minus sign of typography", { "\u{2212}\(a($0) + 1)" }, { "-\(a($0) + 1)" }),
      ("a unit", { "\(a($0)) kg" }, { "\(a($0))" }),
      ("a unit without a space", { "\(a($0))cm" }, { "\(a($0))" }),
    ]
  static func a(_ row: Int) -> Int { Table.a(row) }

  @Test(arguments: notations.indices)
  func `a column in another notation is read, or named with what to do`(index: Int) async throws {
    let notation = Self.notations[index]
    try await LiveService.run { client in
      let outcome = try await client.outcome(Case.spec(), csv: Self.table(notation.cell))
      let plain = try await client.outcome(Case.spec(), csv: Self.table(notation.plain))
      #expect(plain.trained)
      #expect(outcome.says(["`a`"]) || outcome.isSame(as: plain), "\(notation.name): \(outcome)")
      // Never a class for each number without a word.
      if outcome.trained, outcome.remarks.isEmpty { #expect(outcome.parameters == plain.parameters) }
    }
  }

  @Test(arguments: ["+5", "5.", ".5", "1e3", "1E-3", "-0", "007.5", "1e0", "  3  ", "+.5e+1"])
  func `every decimal notation of one number is that number`(text: String) async throws {
    try await LiveService.run { client in
      let value = try #require(Double(text.replacing(" ", with: "")))
      let outcome = try await client.outcome(Case.spec(), csv: Self.stray(text))
      let plain = try await client.outcome(Case.spec(), csv: Self.stray("\(value)"))
      #expect(outcome.isSame(as: plain), "\(outcome)")
    }
  }

  @Test func `a column of which more than a tenth are texts is one of classes, with a warning`() async throws
  {
    let csv = Self.table { $0 % 4 == 0 ? "low" : "\(Table.a($0))" }
    try await LiveService.run { client in
      let outcome = try await client.outcome(Case.spec(), csv: csv)
      #expect(outcome.trained && outcome.says(["`a`"]), "\(outcome)")
    }
  }

  @Test func `postal codes with leading zeros are not numbers without a word`() async throws {
    let csv = Self.table { "0\(1000 + Table.a($0))" }
    try await LiveService.run { client in
      let outcome = try await client.outcome(Case.spec(), csv: csv)
      let numbers = try await client.outcome(Case.spec(), csv: Self.table { "\(1000 + Table.a($0))" })
      #expect(outcome.says(["`a`"]) || (outcome.trained && !outcome.isSame(as: numbers)), "\(outcome)")
    }
  }

  @Test func `a column without any value is said to have none`() async throws {
    try await LiveService.run { client in
      for mark in ["", "NA", "?", " "] {
        let outcome = try await client.outcome(
          Case.spec(data: ["missing": "mean"]), csv: Self.table { _ in mark })
        #expect(outcome.says(["`a`", "no value"]), "\(mark): \(outcome)")
      }
    }
  }

  @Test func `a column that lacks many values is one fault, with how many of how many`() async throws {
    let csv = Self.table { $0 % 3 == 0 ? "" : "\(Table.a($0))" }
    try await LiveService.run { client in
      let outcome = try await client.outcome(Case.spec(), csv: csv)
      #expect(
        outcome.status == 422 && outcome.remarks.count == 1 && outcome.says(["`a`", "16", "48"]), "\(outcome)"
      )
    }
  }

  @Test func `rows without a target are left out and counted, the features are filled`() async throws {
    let whole = (0..<Table.rows).filter { $0 % 8 != 7 }
    let row = { (row: Int) in [row % 5 == 0 ? "" : "\(Table.a(row))", "\(Table.b(row))"] }
    let gaps = Table.text { row($0) + [$0 % 8 == 7 ? "" : Table.number($0)] }
    let plain = Table.text(rows: whole.count) { row(whole[$0]) + [Table.number(whole[$0])] }
    try await LiveService.run { client in
      let spec = Case.spec(data: ["missing": "mean"])
      let outcome = try await client.outcome(spec, csv: gaps)
      #expect(outcome.says(["6", "48", "`y`", "left out"]), "\(outcome)")
      #expect(outcome.isSame(as: try await client.outcome(spec, csv: plain)), "\(outcome)")
    }
  }
}
