// Parameter sharing over matrices of many shapes, against a naive loop.

import Activations
import Testing

@Suite struct SharingTests {
  /// Below, at and above the tile's width, with remainders.
  static let shapes: [(rows: Int, units: Int)] = [
    (1, 1), (3, 1), (700, 1), (1, 7), (50, 7), (37, 8), (2, 255), (3, 256), (3, 257), (2, 600), (513, 2),
    (5, 130),
  ]

  @Test(arguments: CompiledActivation.Sharing.allCases, shapes)
  func `a pass matches a naive loop`(_ sharing: CompiledActivation.Sharing, _ shape: (rows: Int, units: Int))
    throws
  {
    let (rows, units) = shape
    for name in ["swish", "pelu"] {
      let activation = CompiledActivation(try #require(Catalogue.named(name)))
      let sets = activation.sets(sharing, rows: rows, units: units)
      var random = Noise(UInt64(rows * 1000 + units))
      let x = random.array(rows * units, 3)
      let dy = random.array(rows * units, 1)
      let raw = random.array(activation.parameters.count * sets, 1)
      let pass = activation.run(x: x, dy: dy, rows: rows, units: units, raw: raw, sharing: sharing, start: 2)

      var sums = Array(repeating: 2.0, count: raw.count)
      for index in x.indices where abs(x[index]) > 1e-3 {
        let set = activation.set(sharing, row: index / units, column: index % units)
        let own = activation.parameters.indices.map { Double(raw[$0 * sets + set]) }
        let (point, upstream) = (Double(x[index]), Double(dy[index]))
        #expect(agree(Double(pass.y[index]), activation.reference(x: point, raw: own), 2e-6))
        #expect(agree(Double(pass.dx[index]), upstream * activation.referenceSlope(x: point, raw: own), 5e-6))
        for parameter in own.indices {
          sums[parameter * sets + set] +=
            upstream * activation.referenceSlope(x: point, raw: own, by: parameter)
        }
      }
      for index in raw.indices { #expect(agree(Double(pass.dparameters[index]), sums[index], 1e-3)) }
    }
  }

  @Test(arguments: Subject.all)
  func `results do not depend on the cut into tiles`(_ subject: Subject) {
    let activation = subject.activation
    let raw = activation.parameters.initialRaw.map(Float.init)
    var random = Noise(3)
    let x = random.array(600, 4)
    let dy = random.array(600, 1)
    let whole = activation.run(x: x, dy: dy, rows: 1, units: 600, raw: raw, sharing: .all)
    let column = activation.run(x: x, dy: dy, rows: 600, units: 1, raw: raw, sharing: .unit)
    #expect(whole.y == column.y)
    #expect(whole.dx == column.dx)
  }

  @Test(arguments: CompiledActivation.Sharing.allCases)
  func `same input gives the same bits`(_ sharing: CompiledActivation.Sharing) {
    for subject in Subject.strategies {
      let activation = subject.activation
      let sets = activation.sets(sharing, rows: 33, units: 20)
      let raw = activation.parameters.initialRaw.flatMap { Array(repeating: Float($0), count: sets) }
      var random = Noise(11)
      let x = random.array(660, 2)
      let dy = random.array(660, 1)
      let workspace = activation.makeWorkspace(maximumRows: 40, units: 20)
      let passes = (0..<2).map { _ in
        activation.run(
          x: x, dy: dy, rows: 33, units: 20, raw: raw, sharing: sharing, workspace: workspace)
      }
      #expect(passes[0] == passes[1])
    }
  }

  /// The engine overwrites upstream gradients and pre-activations in place.
  @Test(arguments: Subject.all)
  func `a pass works in place`(_ subject: Subject) throws {
    let activation = subject.activation
    let raw = activation.parameters.initialRaw.map(Float.init)
    var random = Noise(5)
    let x = random.array(300, 3)
    let dy = random.array(300, 1)
    let apart = activation.run(x: x, dy: dy, rows: 30, units: 10, raw: raw, sharing: .all)
    let workspace = activation.makeWorkspace(maximumRows: 30, units: 10)
    var (values, gradients) = (x, dy)
    var sums = raw.map { _ in Float(0) }
    try values.withUnsafeMutableBufferPointer { values in
      try gradients.withUnsafeMutableBufferPointer { gradients in
        let value = try #require(values.baseAddress)
        let gradient = try #require(gradients.baseAddress)
        activation.backward(
          x: value, dy: gradient, dx: gradient, rows: 30, units: 10, parameters: raw, dparameters: &sums,
          sharing: .all, workspace: workspace)
        activation.forward(
          x: value, y: value, rows: 30, units: 10, parameters: raw, sharing: .all, workspace: workspace)
      }
    }
    #expect(values == apart.y)
    #expect(gradients == apart.dx)
    #expect(sums == apart.dparameters)
  }

  /// What the pass forward leaves for the pass back changes no bit, and is not written past its end.
  @Test(arguments: Subject.all)
  func `a record changes nothing`(_ subject: Subject) {
    let activation = subject.activation
    let cases: [(CompiledActivation.Sharing, Int, Int)] = [
      (.all, 7, 130), (.unit, 40, 9), (.unit, 3, 300), (.row, 5, 70),
    ]
    for (sharing, rows, units) in cases {
      let sets = activation.sets(sharing, rows: rows, units: units)
      let raw = activation.parameters.initialRaw.flatMap { Array(repeating: Float($0), count: sets) }
      var random = Noise(5)
      let x = random.array(rows * units, 3)
      let dy = random.array(rows * units, 1)
      let plain = activation.run(x: x, dy: dy, rows: rows, units: units, raw: raw, sharing: sharing)
      var record = Array(repeating: Float.nan, count: rows * units * activation.recordedCount + 1)
      let recorded = record.withUnsafeMutableBufferPointer {
        activation.run(
          x: x, dy: dy, rows: rows, units: units, raw: raw, sharing: sharing, record: $0.baseAddress)
      }
      #expect(plain == recorded)
      #expect(record.firstIndex { $0.isNaN } == record.count - 1)
    }
  }

  @Test func `no rows are no work`() throws {
    let activation = CompiledActivation(try #require(Catalogue.named("swish")))
    let workspace = activation.makeWorkspace(maximumRows: 0, units: 3)
    var (sink, sums): ([Float], [Float]) = ([9], [9])
    for sharing in CompiledActivation.Sharing.allCases {
      activation.backward(
        x: [0], dy: [0], dx: &sink, rows: 0, units: 3, parameters: [1, 1, 1], dparameters: &sums,
        sharing: sharing, workspace: workspace)
    }
    #expect(sink == [9] && sums == [9])
  }
}

extension CompiledActivation {
  fileprivate func sets(_ sharing: Sharing, rows: Int, units: Int) -> Int {
    switch sharing {
    case .all: 1
    case .unit: units
    case .row: rows
    }
  }

  fileprivate func set(_ sharing: Sharing, row: Int, column: Int) -> Int {
    switch sharing {
    case .all: 0
    case .unit: column
    case .row: row
    }
  }
}
