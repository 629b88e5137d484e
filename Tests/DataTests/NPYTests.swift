// NumPy's files: every kind of element in both orders, and the exact byte of every lie.

import Data
import JSON
import Testing

/// A file as `numpy.save` writes it, with any header.
private func file(
  _ header: String, _ data: [UInt8], version: UInt8 = 1, length: Int? = nil
) -> [UInt8] {
  let length = length ?? header.utf8.count
  var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [version, 0]
  for shift in 0..<(version == 1 ? 2 : 4) { bytes.append(UInt8(truncatingIfNeeded: length >> (8 * shift))) }
  return bytes + Array(header.utf8) + data
}

private func header(_ type: String, _ shape: String, fortran: Bool = false) -> String {
  "{'descr': '\(type)', 'fortran_order': \(fortran ? "True" : "False"), 'shape': \(shape), }   \n"
}

private func little<Number: FixedWidthInteger>(_ numbers: [Number]) -> [UInt8] {
  numbers.flatMap { number in withUnsafeBytes(of: number.littleEndian) { Array($0) } }
}

private func big<Number: FixedWidthInteger>(_ numbers: [Number]) -> [UInt8] {
  numbers.flatMap { number in withUnsafeBytes(of: number.bigEndian) { Array($0) } }
}

private func read(_ bytes: [UInt8]) throws(NPYError) -> NPYArray {
  try NPYArray(bytes, maximumRows: 100, maximumColumns: 20)
}

extension NPYArray {
  fileprivate var columns: [[Double]] { (0..<columnCount).map { numbers(of: $0) } }
}

private let floats: [Float] = [1.5, -2, 3.25, .leastNonzeroMagnitude, .greatestFiniteMagnitude, -0.0]

@Suite struct NPYTests {
  @Test(arguments: [
    ("<f4", little(floats.map(\.bitPattern))), (">f4", big(floats.map(\.bitPattern))),
    ("<f8", little(floats.map { Double($0).bitPattern })), (">f8", big(floats.map { Double($0).bitPattern })),
  ])
  func `floats are read to the bit`(type: String, data: [UInt8]) throws {
    let rows = try read(file(header(type, "(3, 2)"), data))
    #expect(
      rows.columns == [
        [1.5, 3.25, Double(Float.greatestFiniteMagnitude)], [-2, Double(Float.leastNonzeroMagnitude), 0],
      ])
    #expect(rows.columns[1][2].sign == .minus)
    let columns = try read(file(header(type, "(3, 2)", fortran: true), data))
    #expect(columns.columns.map { $0.map(\.bitPattern) }[0] == [1.5, -2, 3.25].map(\.bitPattern))
    #expect(try read(file(header(type, "(6,)"), data)).columns == [floats.map { Double($0) }])
  }

  @Test(arguments: [
    ("|i1", little([Int8]([-128, 127]))), ("<i1", little([Int8]([-128, 127]))),
    ("<i2", little([Int16]([-128, 127]))), (">i2", big([Int16]([-128, 127]))),
    ("<i4", little([Int32]([-128, 127]))), (">i4", big([Int32]([-128, 127]))),
    ("<i8", little([Int64]([-128, 127]))), (">i8", big([Int64]([-128, 127]))),
  ])
  func `integers are read in every size`(type: String, data: [UInt8]) throws {
    #expect(try read(file(header(type, "(1, 2)"), data)).columns == [[-128], [127]])
  }

  @Test(arguments: [
    ("|u1", little([UInt8]([200, 1]))), ("<u2", little([UInt16]([200, 1]))),
    (">u2", big([UInt16]([200, 1]))),
    ("<u4", little([UInt32]([200, 1]))), ("<u8", little([UInt64]([200, 1]))),
    (">u8", big([UInt64]([200, 1]))),
  ])
  func `naturals are read in every size`(type: String, data: [UInt8]) throws {
    let array = try read(file(header(type, "(2,)"), data))
    #expect(array.columns == [[200, 1]])
    #expect(!array.isBoolean)
  }

  @Test func `every version and spelling of the header is read`() throws {
    for version: UInt8 in 1...3 {
      #expect(try read(file(header("|u1", "(2, 1)"), [7, 8], version: version)).columns == [[7, 8]])
    }
    let other = #"{"shape":(2,1),"descr":"|u1","fortran_order":False}"# + "\n"
    #expect(try read(file(other, [7, 8])).columns == [[7, 8]])
  }

  @Test func `matrices of any shape are turned`() throws {
    for (rows, width) in [(1, 20), (7, 3), (8, 8), (9, 1), (100, 13)] {
      let numbers = (0..<rows * width).map { UInt16($0) }
      let array = try read(file(header("<u2", "(\(rows), \(width))"), little(numbers)))
      let expected = (0..<width).map { column in (0..<rows).map { Double($0 * width + column) } }
      #expect(array.columns == expected)
    }
  }

  @Test(arguments: [
    ([UInt8]("a,b\n1,2".utf8), 0, NPYError.Reason.magic),
    ([0x93] + Array("NUMPY".utf8), 6, .shortHeader),
    (file("", [], version: 4), 6, .version(major: 4, minor: 0)),
    (file(header("|u1", "(1,)"), [1], length: 1000), 72, .shortHeader),
    (file("", [], version: 2, length: 1 << 31), 8, .longHeader(limit: 65_536)),
    (file("{'descr': '|O', 'fortran_order': False, 'shape': (1,)}\n", [0]), 20, .unsupportedType("|O")),
    (file(header("<U4", "(1,)"), [0]), 20, .unsupportedType("<U4")),
    (file(header("<f2", "(1,)"), [0, 0]), 20, .unsupportedType("<f2")),
    (file(header("|f4", "(1,)"), [0, 0, 0, 0]), 20, .unsupportedType("|f4")),
    (file("{'descr': [('a', '<f4')], }\n", []), 20, .unsupportedType("structure")),
    (file("{'descr': '<f4', 'descr': '<f4'}\n", []), 27, .repeatedKey("descr")),
    (file("{'descr': '<f4', 'order': 1}\n", []), 27, .unknownKey("order")),
    (file("{'descr': '<f4', 'shape': (1,)}\n", []), 10, .missingKey("fortran_order")),
    (file("{'descr': '<f4' 'shape': (1,)}\n", []), 26, .header(expected: "`}`")),
    (file("__import__('os')\n", []), 10, .header(expected: "`{`")),
    (file("{'fortran_order': 0}\n", []), 28, .header(expected: "True or False")),
    (file("{'shape': (1)}\n", []), 22, .header(expected: "`,` or `)`")),
    (file("{'shape': (-1,)}\n", []), 21, .header(expected: "a number")),
    (file("{'shape': (1,", []), 23, .header(expected: "a number")),
    (file(header("|u1", "(1,)") + "x\n", [1]), 70, .header(expected: "spaces up to a line end")),
    (file(header("|u1", "()"), [1]), 60, .dimensions(0, allowed: 1...2)),
    (file(header("|u1", "(1, 1, 1)"), [1]), 60, .dimensions(3, allowed: 1...2)),
    (file(header("|u1", "(0, 3)"), []), 60, .empty),
    (file(header("|u1", "(101,)"), [1]), 60, .tooManyRows(limit: 100)),
    (file(header("<f8", "(99999999999999999999, 2)"), []), 60, .tooManyRows(limit: 100)),
    (file(header("|u1", "(1, 21)"), [1]), 60, .tooManyColumns(limit: 20)),
    (file(header("<f4", "(2,)"), [0, 0, 0, 0, 0]), 76, .dataSize(found: 5, expected: 8)),
    (file(header("<i2", "(2,)"), [0, 0, 0, 0, 0]), 75, .dataSize(found: 5, expected: 4)),
    (file(header("|b1", "(2,)"), [1, 2]), 72, .notBoolean(2)),
  ])
  func `lies are found at their byte`(bytes: [UInt8], offset: Int, reason: NPYError.Reason) {
    #expect(throws: NPYError(reason: reason, byteOffset: offset)) { try read(bytes) }
  }

  @Test func `any header cut short is an error and nothing worse`() {
    let whole = file(header("<f4", "(2, 3)"), [UInt8](repeating: 0, count: 24))
    for count in 0..<whole.count {
      #expect(throws: NPYError.self) { try read(Array(whole.prefix(count))) }
    }
  }

  // MARK: - As the data of a job

  private func data(_ bytes: [UInt8], _ members: String) throws -> Dataset {
    try load(members, file: bytes).dataset
  }

  @Test func `columns are named by their numbers`() throws {
    let bytes = file(header("|u1", "(4, 3)"), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
    let all = try data(bytes, #""target": "x3", "validation_fraction": 0, "standardize": false"#)
    #expect(all.featureNames == ["x1", "x2"])
    #expect(all.training.inputs == [1, 2, 4, 5, 7, 8, 10, 11])
    #expect(all.training.targets == [3, 6, 9, 12])
    #expect(all.task == .regression)
    let some = try data(bytes, #""target": ["x1", "x3"], "features": ["x2"], "validation_fraction": 0"#)
    #expect(some.targetNames == ["x1", "x3"])
  }

  @Test(arguments: [(700, 1), (5, 3), (257, 4), (3000, 17)], [true, false])
  func `single precision is encoded where it lies, to the same bits as from columns`(
    shape: (rows: Int, features: Int), standardize: Bool
  ) throws {
    let width = shape.features + 1
    var state: UInt32 = 7
    var numbers = (0..<shape.rows * width).map { _ -> Float in
      state = state &* 1_664_525 &+ 1_013_904_223
      return Float(state >> 8) / 65536 - 100
    }
    numbers[width * 2] = .nan
    for row in 0..<shape.rows { numbers[row * width + shape.features - 1] += 1e6 }
    let turned = (0..<width).flatMap { column in
      (0..<shape.rows).map { numbers[$0 * width + column] }
    }
    let name = "(\(shape.rows), \(width))"
    let features = shape.features > 2 ? #", "features": ["x3", "x1"]"# : ""
    for missing in ["mean", "drop"] {
      let members =
        #""target": "x\#(width)", "missing": "\#(missing)", "standardize": \#(standardize)\#(features)"#
      let place = try data(file(header("<f4", name), little(numbers.map(\.bitPattern))), members)
      let copied = try data(
        file(header("<f4", name, fortran: true), little(turned.map(\.bitPattern))), members)
      #expect(place.training == copied.training && place.validation == copied.validation)
      #expect(place.inputEncoder == copied.inputEncoder)
      let areFinite = place.training.inputs.allSatisfy { $0.isFinite }
      #expect(areFinite)
    }
  }

  @Test func `a constant column is told of`() throws {
    let numbers = (0..<300).flatMap { row -> [Float] in [Float(row), 2.5, Float(row % 7)] }
    let bytes = file(header("<f4", "(300, 3)"), little(numbers.map(\.bitPattern)))
    #expect(try load(#""target": "x3""#, file: bytes).codes == ["few_whole_numbers", "constant_feature"])
  }

  @Test func `boolean targets are classes`() throws {
    let bytes = file(header("|b1", "(4, 2)"), [1, 0, 0, 1, 1, 0, 0, 1])
    #expect(try data(bytes, #""target": "x2", "validation_fraction": 0"#).task == .binary)
  }

  @Test func `missing values and faults say where`() {
    let numbers: [Float] = [1, 2, .nan, 4]
    let bytes = file(header("<f4", "(2, 2)"), little(numbers.map(\.bitPattern)))
    let missing = #expect(throws: Refusal.self) { try data(bytes, #""target": "x2""#) }
    #expect(missing?.faults.first?.detail.hasPrefix("row 2, column 1: the value is missing") == true)
    let endless = file(
      header("<f4", "(2, 2)"), little([1, 2, 3, -.infinity].map { (x: Float) in x.bitPattern }))
    let infinite = #expect(throws: Refusal.self) {
      try data(endless, #""target": "x2", "missing": "drop""#)
    }
    #expect(infinite?.faults.map(\.detail) == ["row 2, column 2: the value is infinite"])
    let name = #expect(throws: Refusal.self) { try data(bytes, #""target": "y""#) }
    #expect(name?.faults.first?.pointer.fragment == "#/data/target")
    let short = #expect(throws: Refusal.self) {
      try data(Array(bytes.dropLast()), #""target": "x2""#)
    }
    #expect(short?.faults.first?.pointer.fragment == "#/data")
    #expect(short?.faults.first?.detail.hasPrefix("byte 88: 15 bytes of data") == true)
  }
}
