// Missing values and targets: what is left out, what is refused, and what the client should know.

import Data
import JSON
import Testing

private func csv(_ targets: [String], header: String = "a,b,y") -> String {
  ([header] + targets.enumerated().map { "\($0 * 7 % 23).5,\($0 * 5 % 9),\($1)" }).joined(separator: "\n")
}

@Suite struct TargetTests {
  @Test(arguments: [
    (#""target": " y", "features": ["y"]"#, "#/data/features/0: the column `y` is the target"),
    (#""target": "y", "features": ["a", " a"]"#, "#/data/features/1: the column `a` is named twice"),
    (#""target": "y", "types": {"a": "number", "a ": "category"}"#, "the column `a` is named twice"),
  ])
  func `two spellings of a column are one column`(members: String, fault: String) throws {
    let text = "a,y\n" + (0..<20).map { "\($0 * 7 % 13).5,\($0 % 9).25\n" }.joined()
    let found = try faults(members, file: Array(text.utf8))
    #expect(found.count == 1 && found[0].contains(fault), "\(found)")
  }

  @Test(arguments: ["error", "mean", "drop"])
  func `a row without its target is left out under any policy`(policy: String) throws {
    let targets = (0..<30).map { $0 % 10 == 3 ? "N/A" : "\($0 * 3 % 17).5" }
    let found = try load(#""target": "y", "missing": "\#(policy)""#, csv: csv(targets))
    #expect(found.codes == ["missing_targets"] && found.dataset.rowCount == 27)
    #expect(found.warnings[0].message.contains("3 of 30 rows") && found.dataset.task == .regression)
  }

  @Test func `rows sent inline may lack targets too`() throws {
    let found = try load(#""inputs": [[1], [2], [3], [4]], "targets": ["u", null, "v", "u"]"#)
    #expect(found.codes.first == "missing_targets" && found.dataset.rowCount == 3)
  }

  @Test func `a table without any target is refused`() throws {
    let found = try faults(#""target": "y""#, csv: csv((0..<20).map { _ in "" }))
    #expect(found.count == 1 && found[0].contains("no row has a value of the target `y`"), "\(found)")
  }

  @Test func `a column that lacks many values is one fault, a few are named`() throws {
    func text(_ missing: Int) -> String {
      (["a,b,y"] + (0..<30).map { "\($0 < missing ? "" : "\($0 * 7 % 11)"),\($0 % 4),\($0 % 5).5" })
        .joined(separator: "\n")
    }
    let many = try faults(#""target": "y""#, csv: text(12))
    #expect(many.count == 1 && many[0].contains("`a` lacks 12 of 30 values, the first in row 2"), "\(many)")
    #expect(try faults(#""target": "y""#, csv: text(2)).count == 2)
    #expect(try load(#""target": "y", "missing": "drop""#, csv: text(12)).dataset.rowCount == 18)
  }

  @Test(arguments: [("0", "1", "binary"), ("1", "2", "binary")])
  func `few whole numbers are named as possible classes`(first: String, second: String, task: String) throws {
    let text = csv((0..<30).map { $0 % 3 == 0 ? first : second })
    let found = try load(#""target": "y""#, csv: text)
    #expect(found.codes == ["few_whole_numbers"] && found.dataset.task == .regression)
    #expect(found.warnings[0].message.contains("`\(task)`"))
    #expect(try load(#""target": "y""#, csv: text, task: .regression).codes.isEmpty)
    #expect(try load(#""target": "y""#, csv: text, task: .binary).dataset.task == .binary)
  }

  @Test func `a target of one value is said so`() throws {
    #expect(try load(#""target": "y""#, csv: csv((0..<30).map { _ in "3" })).codes == ["constant_target"])
  }

  @Test func `classes that a part of the rows lacks are named`() throws {
    let ordered = csv((0..<30).map { $0 < 24 ? "low" : "high" })
    let found = try load(#""target": "y", "split": "ordered", "validation_fraction": 0.2"#, csv: ordered)
    #expect(found.codes == ["class_without_training_rows", "class_without_validation_rows"])
    #expect(found.warnings[0].message.contains("`high`"))
    let rare = try load(#""target": "y""#, csv: csv((0..<30).map { $0 == 4 ? "ill" : "well" }))
    #expect(rare.codes == ["one_row_class", "class_without_validation_rows"])
    #expect(rare.warnings[1].message.contains("no validation row has the class `ill`"))
    let names = try load(#""target": "y""#, csv: csv((0..<12).map { "n\($0)" }))
    #expect(names.codes.first == "one_row_per_class")
  }

  @Test func `large targets keep their digits`() throws {
    let values = (0..<60).map { 1_700_000_000 + $0 * 37 % 101 }
    let found = try load(
      #""target": "y", "validation_fraction": 0, "split": "ordered""#, csv: csv(values.map { "\($0)" })
    ).dataset
    let decoded = found.targetEncoder.decode(found.training.targets)
    for (value, number) in zip(values, decoded) { #expect(abs(Double(value) - number) < 1e-4) }
  }
}
