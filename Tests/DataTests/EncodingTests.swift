// Data on its way to the engine: kinds of columns, standardisation by training rows, missing values, synthetic problems.

import Data
import Engine
import JSON
import Testing

private func dataset(_ csv: String, _ members: String) throws -> Dataset {
  try load(members, csv: csv).dataset
}

@Suite struct EncodingTests {
  @Test func `numbers are standardized by the training rows alone`() throws {
    let data = try dataset(
      "a,y\n1,1\n3,2\n5,3\n100,4\n", #""target": "y", "validation_fraction": 0.25, "split": "ordered""#)
    let deviation = (8.0 / 3).squareRoot()
    #expect(data.training.inputs == [-2, 0, 2].map { Float($0 / deviation) })
    #expect(data.validation.inputs == [Float(97 / deviation)])
    #expect(data.targetEncoder.decode(data.validation.targets).map { Float($0) } == [4])
  }

  @Test func `constant columns become zero`() throws {
    let data = try dataset(
      "a,b,y\n7,1,1\n7,2,2\n7,3,3\n", #""target": "y", "features": ["a", "b"], "validation_fraction": 0"#)
    #expect(stride(from: 0, to: 6, by: 2).map { data.training.inputs[$0] } == [0, 0, 0])
  }

  @Test func `class columns are one-hot in sorted order`() throws {
    let data = try dataset(
      "colour,y\nred,1\nblue,2\n\"a,b\",3\n", #""target": "y", "validation_fraction": 0, "standardize": true"#
    )
    #expect(data.training.inputs == [0, 0, 1, 0, 1, 0, 1, 0, 0])
  }

  @Test func `missing values are filled with the training mean`() throws {
    let data = try dataset(
      "a,c,y\n1,u,1\n,v,2\n3,,3\n5,u,4\n",
      #""target": "y", "validation_fraction": 0, "missing": "mean", "standardize": false"#)
    #expect(data.training.inputs == [1, 1, 0, 3, 0, 1, 3, 2.0 / 3, 1.0 / 3, 5, 1, 0])
  }

  @Test func `rows with missing values are dropped`() throws {
    let data = try dataset(
      "a,y\n1,1\nNA,2\n3,\n5,4\n",
      #""target": "y", "validation_fraction": 0, "missing": "drop", "standardize": false"#)
    #expect(data.training.inputs == [1, 5] && data.training.targets == [1, 4])
  }

  @Test func `numbers become classes when the task says so`() throws {
    let data = try load(
      #""inputs": [[1], [2], [3], [4]], "targets": [7, 3, 7, 10], "validation_fraction": 0"#,
      task: .multiclass
    ).dataset
    #expect(data.targetEncoder.labels == [3, 7, 10])
    #expect(data.training.targets == [1, 0, 1, 2])
  }

  @Test func `false sorts before true`() throws {
    let data = try load(
      #""inputs": [[1], [2]], "targets": [true, false], "validation_fraction": 0"#
    ).dataset
    #expect(data.task == .binary)
    #expect(data.targetEncoder.labels == [false, true])
    #expect(data.training.targets == [1, 0])
  }

  @Test func `several targets are regressed together`() throws {
    let data = try dataset(
      "a,y,z\n1,2,10\n2,4,20\n3,6,30\n",
      #""target": ["z", "y"], "validation_fraction": 0, "standardize": false"#)
    #expect(data.training.targets == [10, 2, 20, 4, 30, 6])
    #expect(data.task == .regression)
  }

  @Test(arguments: SyntheticKind.allCases)
  func `synthetic data follow their seed`(kind: SyntheticKind) throws {
    func table(_ seed: UInt64) -> Table {
      SyntheticData(kind: kind, rows: 50, noise: 0.1, seed: seed).table()
    }
    #expect(table(1) == table(1))
    #expect(table(1) != table(2))
    #expect(table(1).rowCount == 50)
    if case .classes(let codes, let labels) = table(1).targets[0].values {
      #expect(labels == [0, 1])
      #expect(codes.filter { $0 == 1 }.count == 25)
    }
  }

  @Test func `four rows of XOR are its truth table`() {
    let table = SyntheticData(kind: .xor, rows: 4, noise: 0, seed: 0).table()
    #expect(table.features.map(\.values) == [.numbers([0, 0, 1, 1]), .numbers([0, 1, 0, 1])])
    #expect(table.targets[0].values == .classes(codes: [0, 1, 1, 0], labels: [0, 1]))
  }

  @Test func `circles have their radii`() {
    let table = SyntheticData(kind: .circles, rows: 10, noise: 0, seed: 0).table()
    guard case .numbers(let x) = table.features[0].values, case .numbers(let y) = table.features[1].values
    else {
      Issue.record("circles are numbers")
      return
    }
    for row in 0..<10 {
      let radius = (x[row] * x[row] + y[row] * y[row]).squareRoot()
      #expect(abs(radius - (row % 2 == 0 ? 1 : 0.5)) < 1e-12)
    }
  }

  @Test(arguments: [1, 3, 255, 256, 257, 1000], [0, 1e-3, 1, 1e6, -1e9])
  func `moments of any count and mean are the textbook's`(count: Int, mean: Double) {
    var random = RandomStream(seed: UInt64(count), stream: .synthetic)
    var values = (0..<count).map { _ in mean + random.normal() }
    let expectedMean = values.reduce(0) { $0 + ($1 - mean) } / Double(count) + mean
    let squares = values.reduce(0) { $0 + ($1 - expectedMean) * ($1 - expectedMean) }
    // Missing values do not count, wherever they stand.
    for position in [0, count / 2, count] { values.insert(.nan, at: position) }
    let encoder = InputEncoder(
      features: [Column(name: "x", values: .numbers(values))], rows: Array(values.indices), standardize: true,
      missing: .mean)
    guard case .number(let found, _, let scale) = encoder.encodings[0] else {
      Issue.record("not a number")
      return
    }
    #expect(abs(found - expectedMean) <= 1e-13 * max(1, abs(expectedMean)))
    let deviation = count == 1 ? 1 : (squares / Double(count)).squareRoot()
    #expect(abs(scale - deviation) <= 1e-9 * deviation)
  }

  @Test func `equal values have their mean exactly`() {
    for value in [0.1, 1e30, -7.3] {
      let column = Column(name: "x", values: .numbers([Double](repeating: value, count: 700)))
      let encoder = InputEncoder(features: [column], rows: Array(0..<700), standardize: true, missing: .error)
      #expect(encoder.encodings == [.number(mean: value, center: value, scale: 1)])
    }
  }
}
