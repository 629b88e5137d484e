// Rows whose shapes, lengths, tokens, windows or targets are wrong.

import Training

private let last = #"[{"type": "gru", "units": 3}]"#
private let every = #"[{"type": "gru", "units": 3, "return_sequences": true}]"#
private let image = #"[{"type": "conv2d", "filters": 2, "kernel_size": 2}, {"type": "flatten"}]"#
private let embedding =
  #"[{"type": "embedding", "input_dim": 9, "output_dim": 2}, {"type": "rnn", "units": 2}]"#

/// Two rows and their targets.
private func two(_ inputs: String, targets: String = "[0.5, 1]", more: String = "") -> String {
  Rows.data(inputs, targets: targets) + (more.isEmpty ? "" : ", " + more)
}

/// A table in time order.
private func windows(
  _ name: String, _ members: String, csv: String = Rows.series, _ expected: (String, String)
) -> BadSpecification {
  BadSpecification(name, #""target": "b", \#(members)"#, last, csv: csv, expected)
}

extension BadSpecification {
  static let rows: [BadSpecification] = [
    // Ragged
    .init(
      "a step with another number of features", two("[[[1, 2], [3, 4]], [[1, 2], [3]]]"), last,
      ("#/data/inputs/1/1", "expected 2 numbers as in the other steps, got 1")),
    .init(
      "a ragged line", two("[[[[1], [2]], [[3], [4]]], [[[1], [2]], [[3]]]]"), image,
      ("#/data/inputs/1/1", "expected 2 pixels as in the other lines, got 1")),
    .init(
      "a line too few", two("[[[[1], [2]], [[3], [4]]], [[[1], [2]]]]"), image,
      ("#/data/inputs/1", "expected 2 lines as in the other images, got 1")),
    .init(
      "a channel too many", two("[[[[1], [2]], [[3], [4]]], [[[1], [2]], [[3], [4, 5]]]]"), image,
      ("#/data/inputs/1/1/1", "expected 1 number as in the other pixels, got 2")),
    .init("five dimensions", two("[[[[[1]]]], [[[[2]]]]]"), image, ("#/data/inputs", "rows of 4 dimensions")),
    .init(
      "a row without steps", two("[[[1], [2]], []]"), last,
      ("#/data/inputs/1", "a row needs at least one step")),
    .init(
      "rows without steps", two("[[], [[]]]"), last,
      ("#/data/inputs/0", "a row needs at least one step"),
      ("#/data/inputs/1/0", "a step needs at least one number")),
    .init(
      "images without pixels", two("[[[[]]], [[[]]]]"), image,
      ("#/data/inputs/0/0/0", "a pixel needs at least one number"),
      ("#/data/inputs/1/0/0", "a pixel needs at least one number")),
    .init(
      "a number instead of a step", two("[[[1], [2]], [[1], 2]]"), last,
      ("#/data/inputs/1/1", "expected an array of numbers, got a number")),
    .init(
      "a text within a step", two(#"[[[1], [2]], [[1], ["2"]]]"#), last,
      ("#/data/inputs/1/1/0", "expected a number, got a string")),
    .init(
      "a missing value", two("[[[1], [2]], [[1], [null]]]"), last,
      ("#/data/inputs/1/1/0", "set `missing` to `mean` or `drop`")),
    .init(
      "numbers beyond single precision", two("[[[1], [2]], [[1], [1e300]]]", targets: "[-1e39, 1]"), last,
      ("#/data/inputs/1/1/0", "32-bit numbers cannot hold 1e+300"),
      ("#/data/targets/0", "32-bit numbers cannot hold -1e+39")),
    // Shapes and layouts
    .init(
      "a shape of other numbers", #"\#(Rows.vectors), "input_shape": [8, 7, 1]"#, image,
      ("#/data/input_shape", "[8, 7, 1] takes 56 numbers, a row has 4")),
    .init(
      "another shape than the rows'", #"\#(Rows.sequences), "input_shape": [2, 3]"#, last,
      ("#/data/input_shape", "[2, 3] is given, but the first row is [3, 2]")),
    .init(
      "more steps than the shape", two("[[[1], [2]], [[5], [6], [7]]]", more: #""input_shape": [2, 1]"#),
      last,
      ("#/data/inputs/1", "has 3 steps, more than the 2 of `input_shape`")),
    .init(
      "a shape of four sizes", #"\#(Rows.vectors), "input_shape": [1, 2, 2, 1]"#, image,
      ("#/data/input_shape", "must have between 1 and 3 elements, got 4")),
    .init(
      "a shape with a zero", #"\#(Rows.vectors), "input_shape": [0, 4]"#, last,
      ("#/data/input_shape/0", "must be between 1 and 10000, got 0")),
    .init(
      "an unknown layout", #"\#(Rows.images), "input_layout": "nchw""#, image,
      ("#/data/input_layout", "expected one of `channels_last` and `channels_first`")),
    .init(
      "a layout of vectors", #"\#(Rows.vectors), "input_layout": "channels_first""#, nil,
      ("#/data/input_layout", "only rows with a shape have a layout")),
    .init(
      "a layout of tokens", #"\#(Rows.tokens), "input_layout": "channels_first""#, embedding,
      ("#/data/input_layout", "rows of tokens have no channels, and so no layout")),
    .init(
      "a shape of synthetic rows", #""synthetic": {"kind": "xor"}, "input_shape": [2, 1]"#, last,
      ("#/data/input_shape", "synthetic data are rows of features")),
    // Lengths
    .init(
      "lengths beyond the row",
      two("[[1, 2], [3, 4]]", more: #""input_shape": [2, 1], "lengths": [3, 0]"#), last,
      ("#/data/lengths/0", "must be a whole number from 1 to 2, the steps of a row, got 3"),
      ("#/data/lengths/1", "must be a whole number from 1 to 2, the steps of a row, got 0")),
    .init(
      "too few lengths", two("[[1, 2], [3, 4]]", more: #""input_shape": [2, 1], "lengths": [2]"#), last,
      ("#/data/lengths", "must have one entry per row of inputs (2), got 1")),
    .init(
      "lengths of rows that tell them", #"\#(Rows.ragged), "lengths": [3, 1, 2, 2, 1, 3]"#, last,
      ("#/data/lengths", "the rows tell their lengths by themselves")),
    .init(
      "lengths of vectors", two("[[1, 2], [3, 4]]", more: #""lengths": [1, 1]"#), nil,
      ("#/data/lengths", "only rows of steps have lengths; rows are [2]")),
    .init(
      "lengths of images", #"\#(Rows.images), "lengths": [1, 1, 1, 1, 1, 1]"#, image,
      ("#/data/lengths", "only rows of steps have lengths; rows are [4, 4, 1]")),
    .init(
      "lengths in a column that is not there",
      #""target": "y", "input_shape": [2, 1], "lengths": "steps""#, last,
      csv: "a,b,n,y\n1,2,2,0\n3,4,1,1\n", ("#/data/lengths", "the data has no column `steps`")),
    // Tokens
    .init(
      "a token that is not known", two("[[1, 2], [3, 9]]"), embedding,
      ("#/data/inputs/1/1", "token 9 is not below `input_dim` 9")),
    .init(
      "numbers that are no tokens", two("[[1, 2], [-1, 0.5]]"), embedding,
      ("#/data/inputs/1/0", "-1 is no token: tokens are whole numbers from 0 to 8"),
      ("#/data/inputs/1/1", "0.5 is no token")),
    .init(
      "tokens of a faulty embedding", Rows.tokens,
      #"[{"type": "embedding", "input_dim": 9, "output_dim": 0}, {"type": "rnn", "units": 2}]"#,
      ("#/model/layers/0/output_dim", "must be between 1 and 65536, got 0")),
    .init(
      "an embedding of images", Rows.images, embedding,
      ("#/model/layers/0", "`embedding` needs [steps] of whole numbers; the data has rows of [4, 4, 1]")),
    .init(
      "an embedding further on", Rows.vectors,
      #"[{"type": "dense", "units": 4}, {"type": "embedding", "input_dim": 9, "output_dim": 2}, {"type": "rnn", "units": 2}]"#,
      ("#/model/layers/1", "`embedding` reads whole numbers: it can only be the first layer")),
    .init(
      "tokens that may end earlier, as vectors", Rows.tokens,
      #"[{"type": "embedding", "input_dim": 9, "output_dim": 2, "mask_zero": true}, {"type": "flatten"}]"#,
      ("#/model/layers/1", "`flatten` needs rows of one length; these have 1 to 3 steps")),
    // Targets
    .init(
      "targets of other steps", two("[[[1], [2], [3]], [[4], [5], [6]]]", targets: "[[1, 2], [3, 4]]"), every,
      ("#/data/targets", "targets have 2 steps, the layers give 3 ([3, 1])")),
    .init(
      "targets of fewer steps in a row", two("[[[1], [2]], [[3], [4]]]", targets: "[[1, 2], [3]]"), every,
      ("#/data/targets/1", "the model makes 2 of the 2 steps of this row, and it has 1 target")),
    .init(
      "targets of rows that have fewer", two("[[[1], [2]], [[3], [4]]]", targets: "[[1, 2], [3]]"),
      #"[{"type": "gru", "units": 0}]"#, ("#/model/layers/0/units", "must be between 1 and 16384, got 0")),
    .init(
      "targets of steps, and one answer",
      two("[[[1], [2], [3]], [[4], [5], [6]]]", targets: "[[1, 2, 3], [3, 4, 5]]"), last,
      ("#/model/layers", "targets are sequences of 3 steps, and the layers give [3]: set `return_sequences`")),
    .init(
      "too few targets", two("[[[1], [2]], [[3], [4]]]", targets: "[1]"), last,
      ("#/data/targets", "must have one entry per row of inputs (2), got 1")),
    .init(
      "a row without targets", two("[[[1], [2]], [[3], [4]]]", targets: "[[1, 2], []]"), every,
      ("#/data/targets/1", "a row needs a target for at least one step")),
    .init(
      "a stratified split of sequences",
      two("[[[1], [2]], [[3], [4]]]", targets: #"[["a", "b"], ["a", "a"]]"#, more: #""split": "stratified""#),
      every,
      ("#/data/split", "a stratified split needs one class for each row, but the targets are sequences")),
    // Windows
    windows(
      "a window longer than the data", #""window": {"steps": 24}"#,
      ("#/data/window/steps", "24 steps and a horizon of 1 need 25 rows, the data has 12")),
    windows(
      "one window", #""window": {"steps": 11}"#,
      ("#/data/window", "make one window of the 12 rows; at least two are needed")),
    windows(
      "a window without steps", #""window": {"steps": 0}"#,
      ("#/data/window/steps", "must be between 1 and 10000, got 0")),
    windows(
      "a window with a member too many", #""window": {"steps": 3, "step": 1}"#,
      ("#/data/window/step", "unknown member")),
    windows(
      "a window with a shape", #""window": {"steps": 3}, "input_shape": [3, 2]"#,
      ("#/data/input_shape", "windows are [steps, features] by themselves")),
    windows(
      "a shuffled window", #""window": {"steps": 3}, "split": "random""#,
      ("#/data/split", "windows over time are split `ordered`")),
    windows(
      "a window of classes", #""window": {"steps": 2}"#,
      csv: "a,b\n" + (0..<9).map { "\($0 % 2 == 0 ? "x" : "y"),\($0)\n" }.joined(),
      ("#/data", "the column `a` holds classes; windows are of numbers")),
    windows(
      "no window that trains", #""window": {"steps": 5}, "validation_fraction": 0.6"#,
      ("#/data/window", "no window of 6 rows lies within those that train")),
    .init(
      "a window of inline rows", #"\#(Rows.vectors), "window": {"steps": 2}"#, last,
      ("#/data/window", "only a table in time order (CSV or NPY) can have this member")),
  ]
}
