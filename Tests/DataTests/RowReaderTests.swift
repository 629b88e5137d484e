// Rows to predict: the same values whichever way they come, in the terms of the training.

import Data
import JSON
import Testing

private let training =
  (["size,code,flag,y"]
  + (0..<40).map { row in
    "\(row * 7 % 13).5,\(["1", "2", "x"][row % 3]),\(["true", "false"][row % 2]),\(row % 9).25"
  }).joined(separator: "\n")

private func encoder(_ members: String = "", csv: String = training) throws -> InputEncoder {
  let encoder = try load(#""target": "y"\#(members)"#, csv: csv).dataset.inputEncoder
  // What is stored is what is used.
  return try #require(InputEncoder(document: encoder.document))
}

/// The encoded rows, or what is wrong with them.
private func encoded(
  _ encoder: InputEncoder, json text: String, unknown: UnknownPolicy? = nil
) throws -> (values: [Float], codes: [String], faults: [String]) {
  let faults = FaultCollector()
  let array = try #require(try JSONParser.parse(Array(text.utf8)).arrayValue)
  let rows = RowReader(encoder, unknown: unknown).rows(
    array, at: JSONPointer().appending("inputs"), faults: faults)
  return result(encoder, rows, faults)
}

private func encoded(
  _ encoder: InputEncoder, file: [UInt8], unknown: UnknownPolicy? = nil
) -> (values: [Float], codes: [String], faults: [String]) {
  let faults = FaultCollector()
  return result(encoder, RowReader(encoder, unknown: unknown).rows(file: file, faults: faults), faults)
}

private func result(
  _ encoder: InputEncoder, _ rows: Rows?, _ faults: FaultCollector
) -> (values: [Float], codes: [String], faults: [String]) {
  let values = rows.map { encoder.encode($0.columns, rows: Array(0..<$0.count)) } ?? []
  return (values, rows?.warnings.map(\.code) ?? [], Refusal(faults: faults.faults).texts)
}

@Suite struct RowReaderTests {
  @Test(arguments: [
    #"[[2.5, 1, true]]"#, #"[[2.5, "1", "true"]]"#, #"[[2.5, 1.0, "TRUE"]]"#,
    #"[{"size": 2.5, "flag": true, "code": "1"}]"#,
  ])
  func `a class is found by what it spells`(rows: String) throws {
    let encoder = try encoder()
    let expected = encoded(encoder, file: Array("size,code,flag\n2.5,1,true\n".utf8))
    #expect(expected.faults.isEmpty && !expected.values.isEmpty)
    #expect(try encoded(encoder, json: rows).values == expected.values)
  }

  @Test(arguments: [
    "flag;size;code\ntrue;2,5;1\n", "code\tother\tsize\tflag\n1\tz\t2.5\tTRUE\n", "2.5,1,true\n",
    "\u{FEFF}size, code, flag\n2.5, 1, true\n", ",size,code,flag\nr1,2.5,1,true\n",
  ])
  func `rows may be written in another dialect`(text: String) throws {
    let encoder = try encoder()
    let expected = try encoded(encoder, json: #"[[2.5, 1, true]]"#).values
    let found = encoded(encoder, file: Array(text.utf8))
    #expect(found.values == expected && found.faults.isEmpty, "\(found)")
  }

  @Test func `a model of a decimal comma reads one of one column`() throws {
    let text = (["t;y"] + (0..<30).map { "\($0 * 7 % 13),5;\($0 % 7),25" }).joined(separator: "\n")
    let encoder = try encoder(csv: text)
    #expect(
      encoded(encoder, file: Array("t\n2,5\n".utf8)).values == (try encoded(encoder, json: "[[2.5]]").values))
  }

  @Test func `an unknown class is a fault that names the option, or the training shares`() throws {
    let encoder = try encoder()
    let refused = try encoded(encoder, json: #"[[1, "z", true]]"#)
    #expect(refused.faults.count == 1 && refused.faults[0].contains("`unknown`"), "\(refused.faults)")
    let taken = try encoded(encoder, json: #"[[1, "z", true]]"#, unknown: .ignore)
    #expect(taken.codes == ["unknown_classes"] && taken.faults.isEmpty)
    #expect(abs(taken.values[1...3].reduce(0, +) - 1) < 1e-6 && taken.values[1] > 0.2)
    let stored = try self.stored(#", "unknown": "ignore""#)
    #expect(encoded(stored, file: Array("size,code,flag\n1,z,true\n".utf8)).values == taken.values)
  }

  private func stored(_ members: String) throws -> InputEncoder { try encoder(members) }

  @Test func `members that are no features are told of`() throws {
    let found = try encoded(encoder(), json: #"[{"size": 1, "code": "x", "flag": false, "y": 3}]"#)
    #expect(found.codes == ["unused_members"] && found.faults.isEmpty)
    let missing = try encoded(encoder(), json: #"[{"sise": 1, "code": "x", "flag": false}]"#)
    #expect(missing.faults.count == 1 && missing.faults[0].contains("to rename `sise`"), "\(missing.faults)")
  }

  @Test(arguments: [
    ("size,code\n1,x\n", "no column `flag`"), ("size,code,flag\nabc,x,true\n", "`abc` is not a number"),
    ("size,code,flag\n,x,true\n", "the value is missing"), ("size,code,flag\n1e300,x,true\n", "too large"),
  ])
  func `faulty rows are refused at their place`(text: String, fault: String) throws {
    let found = encoded(try encoder(), file: Array(text.utf8))
    #expect(found.faults.count == 1 && found.faults[0].contains(fault), "\(found.faults)")
  }

  @Test func `rows in UTF-8 are that, and others in the encoding of the training`() throws {
    let lines = ["town,y"] + (0..<30).map { "\(["K\u{F6}ln", "Bonn"][$0 % 2]),\($0 * 7 % 13).5" }
    let western = lines.joined(separator: "\n").unicodeScalars.map { UInt8($0.value & 0xFF) }
    let encoder = try load(#""target": "y""#, file: western).dataset.inputEncoder
    let expected = try encoded(encoder, json: "[[\"K\u{F6}ln\"]]")
    #expect(expected.faults.isEmpty && expected.values.count == 2)
    #expect(encoded(encoder, file: Array("town\nK\u{F6}ln\n".utf8)).values == expected.values)
    let rows = "town\nK\u{F6}ln\n".unicodeScalars.map { UInt8($0.value & 0xFF) }
    #expect(encoded(encoder, file: rows).values == expected.values)
  }

  @Test func `names of other columns are not taken for none`() throws {
    let found = encoded(try encoder(), file: Array("x1,x2,x3\n2.5,1,true\n".utf8))
    #expect(found.faults.count == 3 && found.faults[0].contains("no column `size`"), "\(found.faults)")
  }

  @Test func `more values than a training may have are refused`() throws {
    var limits = DataLimits()
    limits.maximumValues = 10
    let (encoder, faults) = (try encoder(), FaultCollector())
    let reader = RowReader(encoder, limits: limits)
    let row = "2.5,1,true\n"
    #expect(reader.rows(file: Array("size,code,flag\n\(row)".utf8), faults: faults) != nil)
    #expect(
      reader.rows(
        file: Array("size,code,flag\n\(String(repeating: row, count: 9))".utf8), faults: faults) == nil)
    #expect(faults.faults.count == 1 && faults.faults[0].detail.contains("send fewer rows"))
  }

  @Test func `percentages are read as they were in training`() throws {
    let text = (["p,y"] + (0..<30).map { "\($0 * 7 % 13)%,\($0 % 7).25" }).joined(separator: "\n")
    let encoder = try encoder(csv: text)
    #expect(
      encoded(encoder, file: Array("p\n5%\n".utf8)).values == (try encoded(encoder, json: "[[5]]").values))
  }

  @Test func `an encoder of an older form is still read`() throws {
    let document: JSONValue = [
      "missing": "mean", "columns": [["name": "a", "mean": 1, "center": 1, "scale": 2]],
    ]
    let encoder = try #require(InputEncoder(document: document))
    #expect(encoder.unknown == .error && encoder.format == nil)
    #expect(encoded(encoder, file: Array("a\n5\n".utf8)).values == [2])
  }
}
