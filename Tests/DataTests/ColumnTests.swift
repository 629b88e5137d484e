// The types of columns: what the cells of all rows together decide, and what is said of each decision.

import Data
import JSON
import Testing

/// A table with a column `a` of these cells, one of numbers, and a target `y`.
private func table(_ cells: [String]) -> String {
  let rows = cells.enumerated().map { "\($1),\($0 * 7 % 13),\($0 * 3 % 10).5" }
  return (["a,b,y"] + rows).joined(separator: "\n")
}

private func read(_ cells: [String], _ members: String = "") throws -> Loaded {
  try load(#""target": "y", "missing": "mean"\#(members)"#, csv: table(cells))
}

private func refused(_ cells: [String], _ members: String = "") throws -> [String] {
  try faults(#""target": "y", "missing": "mean"\#(members)"#, csv: table(cells))
}

/// Numbers without a rule, forty of them.
private let numbers = (0..<40).map { "\($0 * 17 % 41)" }

private func replacing(_ text: String, at rows: [Int]) -> [String] {
  numbers.enumerated().map { rows.contains($0) ? text : $1 }
}

extension Loaded {
  fileprivate func type(of name: String) -> JSONValue? { resolved["types"]?[name] }

  fileprivate var ignored: JSONValue? { resolved["ignore"] }
}

@Suite struct ColumnTests {
  @Test(arguments: ["?", "-", ".", "\"?\"", "\"NA\""])
  func `a mark among numbers is a missing value, and that is said`(mark: String) throws {
    let found = try read(replacing(mark, at: [3, 20]))
    #expect(found.type(of: "a") == "number" && found.codes == ["missing_mark"])
    #expect(found.warnings[0].message.contains("`a`"))
  }

  @Test(arguments: ["?", "-", "."])
  func `a mark among texts is a text`(mark: String) throws {
    let found = try read((0..<40).map { $0 % 9 == 0 ? mark : ["red", "blue"][$0 % 2] })
    #expect(found.type(of: "a") == "category" && found.codes.isEmpty)
    #expect(found.dataset.inputWidth == 4)
  }

  @Test(arguments: ["abc", "1e999", "0x1F", "1_000", "٣", "12 cm"])
  func `a stray text keeps the column one of numbers`(text: String) throws {
    let found = try refused(replacing(text, at: [4, 7]))
    #expect(found.count == 2)
    #expect(
      found[0].contains("row 6") && found[0].contains("`\(text)`") && found[0].contains("`a`"), "\(found)")
  }

  @Test func `many stray texts are one fault`() throws {
    let found = try refused(replacing("n.a.", at: [0, 1, 2, 3]))
    #expect(found.count == 1 && found[0].contains("4 such cells"), "\(found)")
  }

  @Test func `beyond a tenth of texts a column is one of classes, and that is said`() throws {
    let found = try read(
      replacing("x", at: [1, 2, 3, 4, 5]).map { $0.count > 1 ? String($0.suffix(1)) : $0 })
    #expect(found.type(of: "a") == "category" && found.codes == ["mixed_column"])
  }

  @Test func `a stray text is what the client says`() throws {
    let cells = replacing("none", at: [4])
    #expect(try read(cells, #", "na_values": ["none"]"#).type(of: "a") == "number")
    #expect(try read(cells, #", "types": {"a": "category"}"#).type(of: "a") == "category")
    #expect(try read(cells, #", "ignore": ["a"]"#).ignored == ["a"])
    #expect(try read(cells, #", "types": {"a": "ignore"}"#).ignored == ["a"])
  }

  @Test func `infinite values are faults of their own`() throws {
    let found = try refused(replacing("-inf", at: [4]))
    #expect(found.count == 1 && found[0].contains("`-inf` is not a finite number"), "\(found)")
  }

  @Test(arguments: [("12%", "percent_column"), ("$12", "currency_column"), ("-12.5 €", "currency_column")])
  func `percentages and amounts are their numbers`(form: String, code: String) throws {
    let cells = numbers.map { form.replacing("12", with: $0) }
    let found = try read(cells)
    #expect(found.type(of: "a") == "number" && found.codes == [code])
    #expect(try load(#""target": "a""#, csv: table(cells)).dataset.task == .regression)
  }

  @Test func `percentages among other numbers are refused`() throws {
    #expect(try refused(replacing("12%", at: [3]))[0].contains("write all in one way"))
  }

  @Test(arguments: [
    ("\"1,234\"", "`thousands` or `decimal`"), ("\"1,234,567\"", "`thousands`"), ("1 234", "`thousands`"),
    ("\"1\u{202F}234,5\"", "`thousands`"), ("1\u{A0}234", "`thousands`"),
    ("1'234", "`thousands`"), ("\"$1,234\"", "`decimal` or `thousands`"), ("1.234.567", "`thousands`"),
  ])
  func `grouped digits are refused with what to set`(text: String, remedy: String) throws {
    let found = try refused(numbers.map { _ in text }.enumerated().map { $0 % 2 == 0 ? $1 : "12" })
    #expect(found.count == 1 && found[0].contains(remedy) && found[0].contains("`a`"), "\(found)")
  }

  @Test func `grouped digits are read where the mark is given`() throws {
    let found = try read(numbers.map { "\"1,\(100 + (Int($0) ?? 0))\"" }, #", "thousands": ",""#)
    #expect(found.type(of: "a") == "number" && found.codes.isEmpty)
  }

  @Test(arguments: [" ", "\u{A0}", "\u{202F}", "\u{2009}"])
  func `a space between groups may be of any kind`(space: String) throws {
    let cells = numbers.map { "\u{A0}1\(space)\(100 + (Int($0) ?? 0))\(space)000\u{202F}" }
    let found = try read(cells, #", "thousands": " ""#)
    #expect(found.type(of: "a") == "number" && found.codes.isEmpty)
    let plain = try read(numbers.map { "1\(100 + (Int($0) ?? 0))000" })
    #expect(found.dataset.training == plain.dataset.training)
  }

  @Test func `the hundred and first number may have a fraction`() throws {
    let found = try read((0..<140).map { $0 < 100 ? "\($0 * 7 % 31)" : "1.5" })
    #expect(found.type(of: "a") == "number" && found.dataset.inputWidth == 2)
  }

  @Test(arguments: [
    ((0..<40).map { "2019-01-\(10 + $0 % 20)" }, "date_column"),
    ((0..<40).map { "\($0 % 28 + 1)/1/2019 12:30" }, "date_column"),
    ((0..<40).map { "name \($0)" }, "identifier_column"),
    ((0..<40).map { "\($0 + 100)" }, "identifier_column"),
    ((0..<40).map { "text \($0 % 30)" }, "free_text_column"),
    ((0..<40).map { _ in "same" }, "constant_feature"),
    ((0..<40).map { _ in "3.5" }, "constant_feature"), ((0..<40).map { _ in "" }, "empty_column"),
  ])
  func `columns that no network can use are left out, and that is said`(cells: [String], code: String) throws
  {
    let found = try read(cells)
    #expect(found.codes == [code] && found.ignored == ["a"])
    #expect(found.warnings[0].message.contains("`a`") && found.dataset.featureNames == ["b"])
    let named = try read(cells, #", "features": ["a", "b"]"#)
    #expect(named.dataset.featureNames == ["a", "b"] && named.ignored == [])
  }

  @Test func `a column that counts stays where nothing else is left`() throws {
    let found = try load(
      #""target": "y""#, csv: (["t,y"] + (0..<30).map { "\($0),\($0 * $0 % 7).5" }).joined(separator: "\n"))
    #expect(found.dataset.featureNames == ["t"] && found.codes.isEmpty)
  }

  @Test func `where no feature is left the fault says why`() throws {
    let text = (["id,y"] + (0..<30).map { "n\($0),\($0 * $0 % 7)" }).joined(separator: "\n")
    let found = try faults(#""target": "y""#, csv: text)
    #expect(found.count == 1 && found[0].contains("`id` has another value in every row"), "\(found)")
  }

  @Test func `leading zeros make classes unless the client says otherwise`() throws {
    let cells = (0..<40).map { "0071\($0 % 5)" }
    let found = try read(cells)
    #expect(found.type(of: "a") == "category" && found.codes == ["leading_zeros"])
    #expect(try read(cells, #", "types": {"a": "number"}"#).type(of: "a") == "number")
  }

  @Test func `numbers are classes where the client says so`() throws {
    let cells = (0..<40).map { "\($0 % 3)" }
    #expect(try read(cells, #", "types": {"a": "category"}"#).dataset.inputWidth == 4)
    let target = try load(#""target": "a", "types": {"a": "category"}"#, csv: table(cells))
    #expect(target.dataset.task == .multiclass && target.dataset.targetEncoder.labels == ["0", "1", "2"])
  }

  @Test func `one word in several spellings is one truth value`() throws {
    let found = try read((0..<40).map { ["TRUE", "false", "True", "FALSE"][$0 % 4] })
    #expect(found.type(of: "a") == "boolean" && found.dataset.inputWidth == 3)
  }

  @Test func `spaces around texts and names do not count`() throws {
    let rows = (0..<20).map { " \(["red", "blue"][$0 % 2])\($0 % 3 == 0 ? " " : ""), \($0 % 5) , \($0 % 7)" }
    let found = try load(#""target": "y""#, csv: (["a , b, y"] + rows).joined(separator: "\n"))
    #expect(found.dataset.featureNames == ["a", "b"] && found.dataset.inputWidth == 3)
  }

  @Test func `row names and the ends of lines are no columns`() throws {
    let rows = (0..<20).map { "r\($0),\($0 * 7 % 9),\($0 % 5)," }
    for header in [",a,y,", "\"\",\"a\",\"y\",\"\""] {
      let found = try load(#""target": "y""#, csv: ([header] + rows).joined(separator: "\n"))
      #expect(found.dataset.featureNames == ["a"])
      #expect(found.codes.prefix(2) == ["row_names", "nameless_column"])
      #expect(found.ignored == ["x1", "x4"])
    }
    let short = (["a,y"] + (0..<20).map { "r\($0),\($0 * 7 % 9),\($0 % 5)" }).joined(separator: "\n")
    #expect(try load(#""target": "y""#, csv: short).codes.first == "row_names")
  }

  @Test func `a table as R writes it is read`() throws {
    let rows = (0..<50).map { row in
      let measured = row % 7 == 0 ? "NA" : "\(Double(row * 13 % 37) / 4)"
      return
        "\"\(row + 1)\",\(measured),\"\(["a", "b"][row % 2])\",\"2001-0\(row % 9 + 1)-01\",TRUE,\(row * 3 % 11)"
    }
    let text = (["\"\",\"Sepal.Length\",\"group\",\"day\",\"flag\",\"y\""] + rows).joined(separator: "\n")
    let found = try load(#""target": "y", "missing": "mean""#, csv: text)
    #expect(found.dataset.featureNames == ["Sepal.Length", "group"])
    #expect(Set(found.codes) == ["row_names", "date_column", "constant_feature"])
  }

  @Test(arguments: [
    (#""types": {"q": "number"}"#, "#/data/types/q"), (#""ignore": ["b", "q"]"#, "#/data/ignore/1"),
    (#""types": {"a": "text"}"#, "#/data/types/a"), (#""ignore": ["y"]"#, "#/data/target"),
    (#""features": ["a"], "ignore": ["a"]"#, "#/data/features/0"),
    (#""types": {"a": "number"}, "ignore": ["a"]"#, "#/data/ignore/0"),
  ])
  func `what the client says of columns that are not there is a fault`(members: String, pointer: String)
    throws
  {
    let found = try refused(numbers, ", " + members)
    #expect(found.count == 1 && found[0].hasPrefix(pointer + ":"), "\(found)")
  }
}
