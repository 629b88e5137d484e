// Rows with a shape to predict: nested, flat, by name, out of arrays and tables.

import Data
import JSON
import Testing

private let plain = #""validation_fraction": 0, "standardize": false"#

/// What a model reads of rows of JSON.
private func encoded(_ encoder: InputEncoder, _ rows: String, lengths: String? = nil) throws -> [Float] {
  let faults = FaultCollector()
  let read = RowReader(encoder).rows(
    try array(rows), lengths: try lengths.map(array), at: JSONPointer().appending("inputs"), faults: faults)
  guard let read, faults.isEmpty else { throw Refusal(faults: faults.faults) }
  return encoder.encode(read.columns, rows: Array(0..<read.count), lengths: read.lengths)
}

private func encoded(_ encoder: InputEncoder, file: [UInt8]) throws -> [Float] {
  let faults = FaultCollector()
  let read = RowReader(encoder).rows(file: file, faults: faults)
  guard let read, faults.isEmpty else { throw Refusal(faults: faults.faults) }
  return encoder.encode(read.columns, rows: Array(0..<read.count), lengths: read.lengths)
}

private func array(_ text: String) throws -> JSONArray {
  try #require(try JSONParser.parse(Array(text.utf8)).arrayValue)
}

private func faults(of body: () throws -> [Float]) throws -> [String] {
  do {
    _ = try body()
    return []
  } catch let refusal as Refusal {
    return refusal.texts
  }
}

@Suite struct ShapedRowTests {
  @Test func `rows are encoded as in training, nested or flat`() throws {
    let members = #""inputs": [[[[1, 2], [3, 4]], [[5, 6], [7, 9]]], [[[0, 3], [0, 1]], [[2, 0], [0, 1]]]]"#
    let loaded = try load(
      #"\#(members), "targets": [0, 1], "input_layout": "channels_first", "validation_fraction": 0"#)
    let encoder = loaded.dataset.inputEncoder
    let nested = "[[[[1, 2], [3, 4]], [[5, 6], [7, 9]]], [[[0, 3], [0, 1]], [[2, 0], [0, 1]]]]"
    #expect(try encoded(encoder, nested) == loaded.dataset.training.inputs)
    #expect(
      try encoded(encoder, "[[1, 2, 3, 4, 5, 6, 7, 9], [0, 3, 0, 1, 2, 0, 0, 1]]")
        == loaded.dataset.training.inputs)
    let octets: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 9, 0, 3, 0, 1, 2, 0, 0, 1]
    for shape in ["(2, 2, 2, 2)", "(2, 8)"] {
      #expect(try encoded(encoder, file: npy("|u1", shape, octets)) == loaded.dataset.training.inputs)
    }
  }

  @Test func `shorter rows are filled up, where training had some`() throws {
    let ragged = try load(
      #""inputs": [[[1], [2], [3]], [[4]]], "targets": [0, 1], "validation_fraction": 0"#)
    let encoder = ragged.dataset.inputEncoder
    #expect(try encoded(encoder, "[[[1], [2], [3]], [[4]]]") == ragged.dataset.training.inputs)
    #expect(
      try encoded(encoder, "[[1, 2, 3], [4, 0, 0]]", lengths: "[3, 1]") == ragged.dataset.training.inputs)
    #expect(
      try faults { try encoded(encoder, "[[[1], [2], [3], [4]]]") }
        == ["#/inputs/0: has 4 steps, more than the 3 that the model takes"])
    #expect(
      try faults { try encoded(encoder, "[[[1]], []]") } == ["#/inputs/1: a row needs at least one step"])
    #expect(
      try faults { try encoded(encoder, "[[1, 2, 3]]", lengths: "[4]") }
        == ["#/lengths/0: must be a whole number from 1 to 3, the steps of a row, got 4"])
    let even = try load(#""inputs": [[[1], [2]], [[3], [4]]], "targets": [0, 1], \#(plain)"#)
    #expect(
      try faults { try encoded(even.dataset.inputEncoder, "[[[1], [2]], [[4]]]") }
        == ["#/inputs/1: expected 2 steps as in training, got 1"])
    #expect(
      try faults { try encoded(even.dataset.inputEncoder, "[[1, 2]]", lengths: "[1]") }
        == ["#/lengths: all rows of the training are [2, 1]"])
  }

  @Test func `rows of a table come by name, with the column of their steps`() throws {
    let table = try load(
      #""target": "y", "input_shape": [2, 1], "lengths": "steps", \#(plain)"#,
      csv: "a,steps,b,y\n1,2,3,0\n5,1,,1\n6,2,7,2\n", task: .regression)
    let encoder = table.dataset.inputEncoder
    #expect(
      try encoded(
        encoder, #"[{"a": 1, "b": 3, "steps": 2}, {"a": 5, "steps": 1}, {"steps": 2, "b": 7, "a": 6}]"#)
        == table.dataset.training.inputs)
    #expect(
      try encoded(encoder, file: Array("steps,b,a\n2,3,1\n1,,5\n2,7,6\n".utf8))
        == table.dataset.training.inputs)
    #expect(
      try faults { try encoded(encoder, #"[{"a": 1, "b": 3}]"#) }
        == ["#/inputs/0/steps: must be a whole number from 1 to 2, the steps of a row, got no number"])
    #expect(
      try faults { try encoded(encoder, file: Array("b,a\n2,3\n".utf8)) }
        == ["#: the data has no column `steps`"])
    #expect(
      try faults { try encoded(encoder, #"[{"a": 1, "b": "x", "steps": 2}]"#) }
        == ["#/inputs/0/b: expected a number, got a string"])
  }

  @Test func `tokens are checked, and padding ends a row`() throws {
    let loaded = try load(
      #""inputs": [[3, 1, 0], [1, 2, 3]], "targets": [0, 1], \#(plain)"#,
      tokens: TokenSet(count: 8, masksZero: true))
    let encoder = loaded.dataset.inputEncoder
    let collector = FaultCollector()
    let rows = RowReader(encoder).rows(
      try array("[[3, 1, 0], [4, 0, 0], [7]]"), at: JSONPointer(), faults: collector)
    #expect(collector.isEmpty)
    #expect(rows?.lengths == [2, 1, 1])
    #expect(
      try faults { try encoded(encoder, "[[1, 2, 8]]") }
        == ["#/inputs/0/2: token 8 is not below `input_dim` 8"])
    #expect(
      try faults { try encoded(encoder, "[[1, null, 2]]") }
        == ["#/inputs/0/1: a token cannot be missing"])
  }

  @Test func `every window of a table is predicted`() throws {
    let loaded = try load(
      #""target": "b", "window": {"steps": 2}, "validation_fraction": 0"#,
      csv: "a,b\n1,2\n3,5\n4,4\n0,1\n")
    let encoder = loaded.dataset.inputEncoder
    let rows = Array("a,b\n1,2\n3,5\n4,4\n".utf8)
    #expect(try encoded(encoder, file: rows) == loaded.dataset.training.inputs)
    #expect(
      try encoded(encoder, "[[[1, 2], [3, 5]], [[3, 5], [4, 4]]]") == loaded.dataset.training.inputs)
    #expect(
      try encoded(encoder, file: npy("|u1", "(3, 2)", [1, 2, 3, 5, 4, 4])) == loaded.dataset.training.inputs)
    #expect(
      try faults { try encoded(encoder, file: Array("a,b\n1,2\n".utf8)) }
        == ["#: a window takes 2 rows, there is 1"])
    #expect(
      try faults { try encoded(encoder, "[[1, 2, 3, 5]]") }
        == ["#/inputs: the model takes rows of [2, 2], nested so; these have 1 dimension"])
    #expect(
      try faults { try encoded(encoder, #"[{"a": 1, "b": 2}]"#) } == [
        "#/inputs: a row is [2, 2], step by step"
      ])
  }

  @Test func `rows of other shapes are refused with both`() throws {
    let loaded = try load(
      #""inputs": [[[1, 2], [3, 4]], [[5, 6], [7, 9]]], "targets": [0, 1], \#(plain)"#)
    let encoder = loaded.dataset.inputEncoder
    #expect(
      try faults { try encoded(encoder, "[[[[1]]]]") }
        == [
          "#/inputs: the model takes rows of [2, 2], nested so, or flat with 4 numbers; these have 3 dimensions"
        ])
    #expect(
      try faults { try encoded(encoder, "[[1, 2, 3]]") }
        == ["#/inputs/0: expected 4 numbers as in training, got 3"])
    #expect(
      try faults { try encoded(encoder, "[[[1, 2], [3]]]") }
        == ["#/inputs/0/1: expected 2 numbers as in training, got 1"])
    #expect(
      try faults { try encoded(encoder, "[[[1, 2], [3, null]]]") } == ["#/inputs/0/1/1: the value is missing"]
    )
    #expect(
      try faults { try encoded(encoder, "[[[1, 2], [3, 1e39]]]") }
        == ["#/inputs/0/1/1: the number is too large for this model"])
    #expect(
      try faults { try encoded(encoder, file: npy("|u1", "(1, 4, 1)", [1, 2, 3, 4])) }
        == ["#: the rows of the array are [4, 1], but the model takes [2, 2]"])
  }
}
