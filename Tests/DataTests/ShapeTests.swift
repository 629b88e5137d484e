// Rows with a shape: how nested rows, flat rows and arrays become sequences, images and tokens.

import Data
import JSON
import Testing

private let plain = #""validation_fraction": 0, "standardize": false"#

@Suite struct ShapeTests {
  @Test func `the depth of nested rows is the rank of their shape`() throws {
    let sequences = try load(
      #""inputs": [[[1, 2], [3, 4], [5, 6]], [[7, 8], [9, 10], [11, 12]]], "targets": [0, 1], \#(plain)"#)
    #expect(sequences.dataset.inputEncoder.shape == InputShape([3, 2]))
    #expect(sequences.dataset.training.inputs == (1...12).map(Float.init))
    #expect(sequences.dataset.training.lengths == nil)
    let images = try load(
      #""inputs": [[[[1, 5], [2, 6]], [[3, 7], [4, 8]]], [[[0, 0], [0, 0]], [[0, 0], [0, 1]]]], "#
        + #""targets": [0, 1], \#(plain)"#)
    #expect(images.dataset.inputEncoder.shape == InputShape([2, 2, 2]))
    #expect(images.dataset.training.inputs.prefix(8) == [1, 5, 2, 6, 3, 7, 4, 8])
    #expect(images.resolved["input_layout"] == "channels_last")
  }

  @Test func `channels that come first are put last once`() throws {
    let images = try load(
      #""inputs": [[[[1, 2], [3, 4]], [[5, 6], [7, 8]]], [[[0, 0], [0, 0]], [[0, 0], [0, 1]]]], "#
        + #""targets": [0, 1], "input_layout": "channels_first", \#(plain)"#)
    #expect(images.dataset.inputEncoder.shape == InputShape([2, 2, 2]))
    #expect(images.dataset.training.inputs.prefix(8) == [1, 5, 2, 6, 3, 7, 4, 8])
    let sequences = try load(
      #""inputs": [[[1, 2, 3], [4, 5, 6]], [[7, 8], [9, 10]]], "targets": [0, 1], "#
        + #""input_layout": "channels_first", \#(plain)"#)
    #expect(sequences.dataset.inputEncoder.shape == InputShape([3, 2]))
    #expect(sequences.dataset.training.inputs == [1, 4, 2, 5, 3, 6, 7, 9, 8, 10, 0, 0])
    #expect(sequences.dataset.training.lengths == [3, 2])
    let flat = try load(
      #""inputs": [[1, 2, 3, 4, 5, 6], [0, 0, 0, 0, 0, 1]], "targets": [0, 1], "input_shape": [2, 1, 3], "#
        + #""input_layout": "channels_first", \#(plain)"#)
    #expect(flat.dataset.inputEncoder.shape == InputShape([1, 3, 2]))
    #expect(flat.dataset.training.inputs.prefix(6) == [1, 4, 2, 5, 3, 6])
    #expect(flat.resolved["input_shape"] == [2, 1, 3])
  }

  @Test func `rows of different lengths are filled up behind their end`() throws {
    let ragged = try load(
      #""inputs": [[[1], [2], [3]], [[4]], [[5], [6]]], "targets": [0, 1, 2], \#(plain)"#)
    #expect(ragged.dataset.training.lengths == [3, 1, 2])
    #expect(ragged.dataset.training.inputs == [1, 2, 3, 4, 0, 0, 5, 6, 0])
    #expect(ragged.dataset.lengths == 1...3)
    // Given a shape, they are filled up to that.
    let wide = try load(
      #""inputs": [[[1], [2]], [[4]]], "targets": [0, 1], "input_shape": [3, 1], \#(plain)"#)
    #expect(wide.dataset.training.inputs == [1, 2, 0, 4, 0, 0])
    #expect(wide.dataset.training.lengths == [2, 1])
  }

  @Test func `flat rows have their lengths beside them`() throws {
    let inline = try load(
      #""inputs": [[1, 2, 3, 4], [5, 6, null, null]], "targets": [0, 1], "input_shape": [2, 2], "#
        + #""lengths": [2, 1], \#(plain)"#)
    #expect(inline.dataset.training.inputs == [1, 2, 3, 4, 5, 6, 0, 0])
    #expect(inline.dataset.training.lengths == [2, 1])
    let table = try load(
      #""target": "y", "input_shape": [2, 1], "lengths": "n", \#(plain)"#,
      csv: "a,n,b,y\n1,2,3,0\n5,1,,1\n6,2,7,2\n", task: .regression)
    #expect(table.dataset.featureNames == ["a", "b"])
    #expect(table.dataset.training.inputs == [1, 3, 5, 0, 6, 7])
    #expect(table.dataset.training.lengths == [2, 1, 2])
    #expect(table.resolved["lengths"] == "n")
  }

  @Test func `every channel has one mean and deviation, over the steps that training rows have`() throws {
    let loaded = try load(
      #""inputs": [[[1, 10], [3, 30]], [[5, 10]], [[100, 100], [100, 100]]], "targets": [0, 1, 2], "#
        + #""split": "ordered", "validation_fraction": 0.34"#)
    // By hand over (1, 10), (3, 30), (5, 10): the last row validates, and the second has one step.
    let (first, second) = (8.0 / 3, 800.0 / 9)
    let expected: [(mean: Double, deviation: Double)] = [
      (3, first.squareRoot()), (50.0 / 3, second.squareRoot()),
    ]
    let encodings = loaded.dataset.inputEncoder.encodings
    for (column, encoding) in encodings.enumerated() {
      guard case .number(let mean, let center, let scale) = encoding else {
        Issue.record("a channel is a number")
        continue
      }
      let wanted = expected[column % 2]
      #expect(abs(mean - wanted.mean) < 1e-12 && center == mean && abs(scale - wanted.deviation) < 1e-12)
    }
    #expect(loaded.dataset.training.inputs.suffix(2) == [0, 0])
    // A pixel that never changes is no remark, a channel is.
    #expect(!loaded.codes.contains("constant_feature"))
    let constant = try load(
      #""inputs": [[[1, 2], [1, 3]], [[1, 4], [1, 5]]], "targets": [0, 1], \#(plain)"#)
    #expect(
      constant.warnings.filter { $0.code == "constant_feature" }.map(\.message)
        == ["channel 1 has one value everywhere in all rows"])
  }

  @Test func `sequences have a target for each of their steps`() throws {
    let numbers = try load(
      #""inputs": [[[1], [2]], [[3]]], "targets": [[10, 20], [30]], \#(plain)"#)
    #expect(numbers.dataset.targetSteps == 2)
    #expect(numbers.dataset.training.targets == [10, 20, 30, 0])
    #expect(numbers.dataset.training.targetLengths == [2, 1])
    let several = try load(
      #""inputs": [[[1], [2]], [[3], [4]]], "targets": [[[1, 2], [3, 4]], [[5, 6], [7, 8]]], \#(plain)"#)
    #expect(several.dataset.targetNames == ["y1", "y2"])
    #expect(several.dataset.training.targets == (1...8).map(Float.init))
    #expect(several.dataset.training.targetLengths == nil)
    let classes = try load(
      #""inputs": [[[1], [2]], [[3], [4]]], "targets": [["b", "a"], ["a", "a"]], \#(plain)"#)
    #expect(classes.dataset.task == .binary)
    #expect(classes.dataset.training.targets == [1, 0, 0, 0])
    #expect(classes.resolved["split"] == "random")
  }

  @Test func `standardised targets are those of the steps that count`() throws {
    let loaded = try load(
      #""inputs": [[[1], [2]], [[3]]], "targets": [[10, 20], [30]], "validation_fraction": 0"#)
    guard case .numbers(_, let centers, _) = loaded.dataset.targetEncoder else {
      Issue.record("targets are numbers")
      return
    }
    #expect(centers == [20])
    #expect(loaded.dataset.training.targets[3] == 0)
  }

  @Test func `tokens stay as they are, and padding ends a row where 0 is none`() throws {
    let members = #""inputs": [[3, 0, 5, 0], [1, 2, 3, 4], [7, 0, 0, 0]], "targets": [0, 1, 2]"#
    let tokens = try load("\(members), \"validation_fraction\": 0", tokens: TokenSet(count: 8))
    #expect(tokens.dataset.training.inputs == [3, 0, 5, 0, 1, 2, 3, 4, 7, 0, 0, 0])
    #expect(tokens.dataset.training.lengths == nil)
    #expect(tokens.dataset.inputEncoder.shape == InputShape([4]))
    let masked = try load(
      "\(members), \"validation_fraction\": 0", tokens: TokenSet(count: 8, masksZero: true))
    #expect(masked.dataset.training.lengths == [3, 4, 1])
    let ragged = try load(
      #""inputs": [[3, 1], [1, 2, 3], [7]], "targets": [[1, 2], [3, 4, 5], [6]], "validation_fraction": 0"#,
      tokens: TokenSet(count: 8))
    #expect(ragged.dataset.training.lengths == [2, 3, 1])
    #expect(ragged.dataset.training.targetLengths == [2, 3, 1])
  }

  @Test func `arrays of octets become images, with targets out of an array or a text`() throws {
    let inputs = npy("|u1", "(3, 2, 2)", Array(1...12))
    let csv = try load(plain, arrays: ArrayFiles(inputs: inputs, targets: Array("label\nb\na\nb\n".utf8)))
    #expect(csv.dataset.inputEncoder.shape == InputShape([2, 2]))
    #expect(csv.dataset.training.inputs == (1...12).map(Float.init))
    #expect(csv.dataset.training.targets == [1, 0, 1])
    let array = try load(
      #""input_layout": "channels_first", \#(plain)"#,
      arrays: ArrayFiles(
        inputs: npy("|u1", "(2, 2, 1, 2)", Array(1...8)), targets: npy("<f4", "(2,)", singles([1.5, 2]))))
    #expect(array.dataset.inputEncoder.shape == InputShape([1, 2, 2]))
    #expect(array.dataset.training.inputs == [1, 3, 2, 4, 5, 7, 6, 8])
    #expect(array.dataset.training.targets == [1.5, 2])
    let lengths = try load(
      plain,
      arrays: ArrayFiles(
        inputs: inputs, targets: npy("<f4", "(3, 2, 1)", singles([1, 2, 3, 4, 5, 6])),
        lengths: npy("|u1", "(3,)", [2, 1, 2])))
    #expect(lengths.dataset.training.inputs == [1, 2, 3, 4, 5, 6, 0, 0, 9, 10, 11, 12])
    #expect(lengths.dataset.training.targets == [1, 2, 3, 0, 5, 6])
    #expect(lengths.dataset.training.targetLengths == [2, 1, 2])
  }

  @Test func `an array that has its first axis fastest is the same array`() throws {
    let numbers: [UInt8] = Array(1...12)
    // numpy.asfortranarray of the shape (2, 3, 2): the place of [i, j, k] is i + 2 j + 6 k.
    var columnMajor = numbers
    for row in 0..<2 {
      for step in 0..<3 {
        for feature in 0..<2 {
          columnMajor[row + 2 * step + 6 * feature] = numbers[row * 6 + step * 2 + feature]
        }
      }
    }
    let targets = npy("|u1", "(2,)", [0, 1])
    func inputs(_ file: [UInt8]) throws -> [Float] {
      try load(plain, arrays: ArrayFiles(inputs: file, targets: targets), task: .binary)
        .dataset.training.inputs
    }
    #expect(
      try inputs(npy("|u1", "(2, 3, 2)", columnMajor, isColumnMajor: true))
        == inputs(npy("|u1", "(2, 3, 2)", numbers)))
  }

  @Test func `an encoder comes back from its document`() throws {
    let images = try load(
      #""inputs": [[[[1, 2], [3, 4]], [[5, 6], [7, 8]]], [[[0, 0], [0, 0]], [[0, 0], [0, 1]]]], "#
        + #""targets": [0, 1], "input_layout": "channels_first", "validation_fraction": 0"#)
    let tokens = try load(
      #""inputs": [[3, 1], [1, 2, 3]], "targets": [0, 1], "validation_fraction": 0"#,
      tokens: TokenSet(count: 8, masksZero: true))
    let windows = try load(
      #""target": "b", "window": {"steps": 2}, "validation_fraction": 0"#, csv: "a,b\n1,2\n3,5\n4,4\n0,1\n")
    let lengths = try load(
      #""target": "y", "input_shape": [2, 1], "lengths": "n", "validation_fraction": 0"#,
      csv: "a,n,b,y\n1,2,3,0\n5,1,,1\n6,2,7,2\n", task: .regression)
    for encoder in [images, tokens, windows, lengths].map(\.dataset.inputEncoder) {
      #expect(InputEncoder(document: encoder.document) == encoder)
    }
  }
}
