// What is wrong with rows that have a shape, each at its own place.

import Data
import JSON
import Testing

@Suite struct ShapeFaultTests {
  @Test(
    arguments: [
      (
        "a step with another number of features",
        #""inputs": [[[1, 2], [3, 4]], [[1, 2], [3]]], "targets": [0, 1]"#,
        ["#/data/inputs/1/1: expected 2 numbers as in the other steps, got 1"]
      ),
      (
        "a ragged line of an image",
        #""inputs": [[[[1], [2]], [[3], [4]]], [[[1], [2]], [[3]]]], "targets": [0, 1]"#,
        ["#/data/inputs/1/1: expected 2 pixels as in the other lines, got 1"]
      ),
      (
        "an image with a line less",
        #""inputs": [[[[1], [2]], [[3], [4]]], [[[1], [2]]]], "targets": [0, 1]"#,
        ["#/data/inputs/1: expected 2 lines as in the other images, got 1"]
      ),
      (
        "a pixel with another number of channels",
        #""inputs": [[[[1], [2]]], [[[1], [2, 3]]]], "targets": [0, 1]"#,
        ["#/data/inputs/1/0/1: expected 1 number as in the other pixels, got 2"]
      ),
      (
        "five dimensions", #""inputs": [[[[[1]]]], [[[[1]]]]], "targets": [0, 1]"#,
        [
          "#/data/inputs: rows of 4 dimensions are not read; a row is [features], [steps, features] or [height, width, channels]"
        ]
      ),
      (
        "a row without steps", #""inputs": [[[1], [2]], [], [[3]]], "targets": [0, 1, 2]"#,
        ["#/data/inputs/1: a row needs at least one step"]
      ),
      (
        "a number instead of a step", #""inputs": [[[1], [2]], [[1], 2]], "targets": [0, 1]"#,
        ["#/data/inputs/1/1: expected an array of numbers, got a number"]
      ),
      (
        "a text within a step", #""inputs": [[[1], [2]], [[1], ["2"]]], "targets": [0, 1]"#,
        ["#/data/inputs/1/1/0: expected a number, got a string"]
      ),
      (
        "a missing value", #""inputs": [[[1], [2]], [[1], [null]]], "targets": [0, 1]"#,
        ["#/data/inputs/1/1/0: the value is missing; set `missing` to `mean` or `drop` to allow this"]
      ),
      (
        "numbers that do not divide into the shape",
        #""inputs": [[1, 2, 3, 4], [5, 6, 7, 8]], "targets": [0, 1], "input_shape": [3, 2]"#,
        ["#/data/input_shape: [3, 2] takes 6 numbers, a row has 4"]
      ),
      (
        "another shape than the nested rows have",
        #""inputs": [[[1, 2], [3, 4]], [[5, 6], [7, 8]]], "targets": [0, 1], "input_shape": [2, 3]"#,
        ["#/data/input_shape: [2, 3] is given, but the first row is [2, 2]"]
      ),
      (
        "more steps than the shape has",
        #""inputs": [[[1], [2]], [[5], [6], [7]]], "targets": [0, 1], "input_shape": [2, 1]"#,
        ["#/data/inputs/1: has 3 steps, more than the 2 of `input_shape`"]
      ),
      (
        "a shape of four sizes",
        #""inputs": [[1], [2]], "targets": [0, 1], "input_shape": [1, 1, 1, 1]"#,
        ["#/data/input_shape: must have between 1 and 3 elements, got 4"]
      ),
      (
        "a shape with a zero", #""inputs": [[1], [2]], "targets": [0, 1], "input_shape": [0, 1]"#,
        ["#/data/input_shape/0: must be between 1 and 10000, got 0"]
      ),
      (
        "a shape too large", #""inputs": [[1], [2]], "targets": [0, 1], "input_shape": [1000, 1000]"#,
        ["#/data/input_shape: a row has at most 10000 numbers"]
      ),
      (
        "an unknown layout",
        #""inputs": [[[1]], [[2]]], "targets": [0, 1], "input_layout": "channels_middle""#,
        ["#/data/input_layout: expected one of `channels_last` and `channels_first`, got `channels_middle`"]
      ),
      (
        "a layout of vectors", #""inputs": [[1], [2]], "targets": [0, 1], "input_layout": "channels_first""#,
        ["#/data/input_layout: only rows with a shape have a layout"]
      ),
      (
        "a layout that is not that of the rows",
        #""inputs": [[[[1, 2]], [[3, 4]]], [[[1, 2]], [[3]]]], "targets": [0, 1], "input_layout": "channels_first""#,
        ["#/data/inputs/1/1/0: expected 2 numbers as in the other lines, got 1"]
      ),
      (
        "lengths beyond the row",
        #""inputs": [[1, 2], [3, 4]], "targets": [0, 1], "input_shape": [2, 1], "lengths": [3, 0]"#,
        [
          "#/data/lengths/0: must be a whole number from 1 to 2, the steps of a row, got 3",
          "#/data/lengths/1: must be a whole number from 1 to 2, the steps of a row, got 0",
        ]
      ),
      (
        "too few lengths",
        #""inputs": [[1, 2], [3, 4]], "targets": [0, 1], "input_shape": [2, 1], "lengths": [2]"#,
        ["#/data/lengths: must have one entry per row of inputs (2), got 1"]
      ),
      (
        "lengths of vectors", #""inputs": [[1, 2], [3, 4]], "targets": [0, 1], "lengths": [1, 1]"#,
        ["#/data/lengths: only rows of steps have lengths; rows are [2]"]
      ),
      (
        "lengths of rows that tell them",
        #""inputs": [[[1], [2]], [[3]]], "targets": [0, 1], "lengths": [2, 1]"#,
        ["#/data/lengths: the rows tell their lengths by themselves"]
      ),
      (
        "lengths that are no array",
        #""inputs": [[[1], [2]], [[3]]], "targets": [[1, 2], [3]], "lengths": 3"#,
        ["#/data/lengths: expected an array of whole numbers, one for each row, got a number"]
      ),
      (
        "targets of another number of steps in one row",
        #""inputs": [[[1], [2]], [[3], [4]]], "targets": [[1, 2], [3]]"#,
        ["#/data/targets/1: the model makes 2 of the 2 steps of this row, and it has 1 target"]
      ),
      (
        "a row without targets", #""inputs": [[[1], [2]], [[3], [4]]], "targets": [[1, 2], []]"#,
        ["#/data/targets/1: a row needs a target for at least one step"]
      ),
      (
        "a target of another kind",
        #""inputs": [[[1], [2]], [[3], [4]]], "targets": [["a", "b"], ["a", 1]]"#,
        ["#/data/targets/1/1: expected a string like the first target, got a number"]
      ),
      (
        "a step with another number of targets",
        #""inputs": [[[1], [2]], [[3], [4]]], "targets": [[[1, 2], [3, 4]], [[5, 6], [7]]]"#,
        ["#/data/targets/1/1: expected 2 numbers as in the other steps, got 1"]
      ),
      (
        "a stratified split of sequences",
        #""inputs": [[[1], [2]], [[3], [4]]], "targets": [["a", "b"], ["a", "a"]], "split": "stratified""#,
        ["#/data/split: a stratified split needs one class for each row, but the targets are sequences"]
      ),
    ] as [(String, String, [String])])
  func `inline rows`(what: String, members: String, expected: [String]) throws {
    #expect(try faults { try load(members) } == expected)
  }

  @Test(
    arguments: [
      (
        #""inputs": [[1, 2], [3, 8]], "targets": [0, 1]"#,
        ["#/data/inputs/1/1: token 8 is not below `input_dim` 8"]
      ),
      (
        #""inputs": [[1, 2], [3, -1], [0.5, 0]], "targets": [0, 1, 2]"#,
        [
          "#/data/inputs/1/1: -1 is no token: tokens are whole numbers from 0 to 7",
          "#/data/inputs/2/0: 0.5 is no token: tokens are whole numbers from 0 to 7",
        ]
      ),
      (
        #""inputs": [[1, 2], [3, null]], "targets": [0, 1], "missing": "mean""#,
        ["#/data/inputs/1/1: a token cannot be missing"]
      ),
      (
        #""inputs": [[1, 2], [3, null]], "targets": [0, 1]"#,
        ["#/data/inputs/1/1: the value is missing; set `missing` to `mean` or `drop` to allow this"]
      ),
    ])
  func tokens(members: String, expected: [String]) throws {
    #expect(try faults { try load(members, tokens: TokenSet(count: 8)) } == expected)
  }

  @Test func `what a table says of its rows`() throws {
    let csv = "a,b,n,y\n1,2,2,0\n3,4,3,1\n"
    #expect(
      try faults(#""target": "y", "input_shape": [2, 1], "lengths": "n""#, csv: csv)
        == ["#/data: row 3, column 3 (`n`): must be a whole number from 1 to 2, the steps of a row, got 3"])
    #expect(
      try faults(#""target": "y", "input_shape": [2, 1], "lengths": "steps""#, csv: csv)
        == ["#/data/lengths: the data has no column `steps`"])
    #expect(
      try faults(#""target": "y", "input_shape": [2, 1], "lengths": "y""#, csv: csv)
        == ["#/data/lengths: the column `y` is the target"])
    #expect(
      try faults(#""target": "y", "input_shape": [2, 2]"#, csv: csv)
        == ["#/data/input_shape: [2, 2] takes 4 numbers, a row has 3"])
    #expect(
      try faults(#""target": "y", "input_shape": [2, 1]"#, csv: "a,b,y\n1,x,0\n2,y,1\n3,x,2\n")
        == ["#/data: the column `b` holds classes; rows with a shape are numbers"])
    #expect(
      try faults(#""target": "y", "lengths": ["n"]"#, csv: csv)
        == ["#/data/lengths: expected the name of a column, got an array"])
  }

  @Test func `arrays of other dimensions, kinds and counts`() throws {
    let targets = npy("|u1", "(2,)", [0, 1])
    func found(_ inputs: [UInt8], _ targets: [UInt8], lengths: [UInt8]? = nil, _ members: String = "") throws
      -> [String]
    {
      try faults { try load(members, arrays: ArrayFiles(inputs: inputs, targets: targets, lengths: lengths)) }
    }
    let five = try found(npy("|u1", "(2, 1, 1, 1, 1)", [0, 1]), targets)
    #expect(five.count == 1 && five[0].hasPrefix("#/data/inputs: byte"))
    #expect(
      try found(Array("1,2\n".utf8), targets)
        == ["#/data/inputs: an array in NumPy's format (NPY) is needed, not a text"])
    #expect(
      try found(npy("|u1", "(3, 1, 2)", Array(0..<6)), targets)
        == ["#/data/targets: must have one entry per row of inputs (3), got 2"])
    #expect(
      try found(npy("|u1", "(2, 2, 1, 1)", Array(0..<4)), npy("|u1", "(2, 2, 1)", [0, 1, 2, 3]))
        == ["#/data/targets: only sequences have targets of [2, 1] for a row"])
    #expect(
      try found(npy("<f4", "(2, 1, 1)", singles([1, .infinity])), targets)
        == ["#/data/inputs: row 2, number 1: the value is infinite"])
    #expect(
      try found(npy("|u1", "(2, 2, 1)", Array(0..<4)), targets, lengths: npy("|u1", "(2,)", [2, 3]))
        == ["#/data/lengths: row 2: must be a whole number from 1 to 2, the steps of a row, got 3"])
    #expect(
      try found(npy("|u1", "(2, 2, 1)", Array(0..<4)), targets, #""input_shape": [4, 1]"#)
        == ["#/data/input_shape: [4, 1] is given, but the rows are [2, 1]"])
    #expect(
      try found(npy("|u1", "(2, 2, 1)", Array(0..<4)), Array("a,b\n1,2\n3,4\n".utf8))
        == ["#/data/targets: one column is needed, the text has 2"])
    #expect(
      try found(npy("|u1", "(2, 2, 1)", Array(0..<4)), targets, #""target": "y""#)
        == [
          "#/data/target: the part `targets` holds what is to be predicted; only a table in the part `data` has a column for it"
        ])
    #expect(
      try found(npy("|u1", "(2, 2, 1)", Array(0..<4)), targets, #""features": ["x"]"#)
        == [
          "#/data/features: the arrays in the parts `inputs` and `targets` have no named columns; only a table in the part `data` has"
        ])
  }

  @Test func `nothing is filled up that would be more than the limits`() throws {
    var limits = DataLimits()
    limits.maximumColumns = 3
    #expect(
      try faults {
        try load(#""inputs": [[[1], [2], [3], [4]], [[1]]], "targets": [0, 1]"#, limits: limits)
      } == [
        "#/data/inputs: 2 rows of [4, 1] are 8 values; at most 3 values per row and 200000000 in all are allowed"
      ])
  }

  @Test func `targets are not filled up beyond the limits either`() throws {
    var limits = DataLimits()
    limits.maximumValues = 8
    #expect(
      try faults {
        try load(
          #""inputs": [[[1], [2]], [[1], [2]], [[3], [1]]], "targets": [[1], [1, 2, 3], [2]]"#, limits: limits
        )
      } == ["#/data/targets: 3 rows of 3 steps are 9 targets; at most 8 are allowed"])
  }

  @Test func `tokens of another dimension are no tokens`() throws {
    let loaded = try load(
      #""inputs": [[[1, 2], [3, 0]], [[5, 6], [7, 0]]], "targets": [0, 1]"#,
      tokens: TokenSet(count: 8, masksZero: true))
    #expect(loaded.dataset.inputEncoder.form == RowForm(try #require(InputShape([2, 2]))))
    #expect(loaded.dataset.lengths == nil)
  }
}
