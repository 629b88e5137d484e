// Layers that do not fit what they read.

import Training

extension TrainingLimits {
  fileprivate static func values(_ count: Int) -> TrainingLimits {
    var limits = TrainingLimits()
    limits.maximumStepValues = count
    return limits
  }
}

private let dense = #"{"type": "dense", "units": 3}"#
private let flatten = #"{"type": "flatten"}"#
private let last = #"{"type": "gru", "units": 3}"#
private let every = #"{"type": "gru", "units": 3, "return_sequences": true}"#

private func convolution(_ members: String, axes: Int = 2) -> String {
  #"[{"type": "conv\#(axes)d", "filters": 2, \#(members)}, {"type": "flatten"}]"#
}

extension BadSpecification {
  static let layers: [BadSpecification] = [
    // Shapes that do not fit
    .init(
      "a convolution of vectors", Rows.images,
      "[\(flatten), {\"type\": \"conv2d\", \"filters\": 2, \"kernel_size\": 3}]",
      ("#/model/layers/1", "`conv2d` needs [height, width, channels]; layer 0 (`flatten`) gives [16]")),
    .init(
      "a convolution of sequences over images", Rows.images, convolution(#""kernel_size": 2"#, axes: 1),
      ("#/model/layers/0", "`conv1d` needs [steps, channels]; the data has rows of [4, 4, 1]")),
    .init(
      "a cell over vectors", Rows.vectors, #"[{"type": "lstm", "units": 3}]"#,
      (
        "#/model/layers/0",
        "`lstm` needs [steps, features]; the data has rows of 4 numbers: give `data.input_shape`"
      )),
    .init(
      "a cell over images", Rows.images, "[\(last)]",
      ("#/model/layers/0", "`gru` needs [steps, features]; the data has rows of [4, 4, 1]")),
    .init(
      "a cell over a last state", Rows.sequences, #"[{"type": "lstm", "units": 3}, \#(last)]"#,
      (
        "#/model/layers/1",
        "`gru` needs a sequence; layer 0 (`lstm`) gives only its last state [3]: set `return_sequences`"
      )),
    .init(
      "a global pooling of vectors", Rows.vectors, #"[{"type": "global_average_pool"}]"#,
      ("#/model/layers/0", "the data has rows of 4 numbers: give `data.input_shape`")),
    .init(
      "an output of images", Rows.images, "[\(dense)]",
      ("#/model/layers", "the layers give [4, 4, 3]: add `flatten` or `global_average_pool`")),
    .init(
      "an output of every step", Rows.sequences, "[\(every)]",
      ("#/model/layers", "the layers give [3, 3]: leave out `return_sequences`")),
    .init(
      "images and no layers", Rows.images, nil,
      ("#/model", "the layers give [4, 4, 32]: add `flatten` or `global_average_pool`")),
    .init(
      "a reshape to other numbers", Rows.images, #"[{"type": "reshape", "shape": [5, 3]}, \#(last)]"#,
      ("#/model/layers/0/shape", "[5, 3] takes 15 numbers, [4, 4, 1] has 16")),
    .init(
      "a reshape to four sizes", Rows.images, #"[{"type": "reshape", "shape": [2, 2, 2, 2]}, \#(last)]"#,
      ("#/model/layers/0/shape", "must have between 1 and 3 elements, got 4")),
    .init(
      "a residual layer that changes a shape", Rows.images,
      "[{\"type\": \"residual\", \"layers\": [\(dense)]}, \(flatten)]",
      ("#/model/layers/0", "adds what it reads, [4, 4, 1], to what its layers give, which is [4, 4, 3]")),
    .init(
      "rows of several lengths as vectors", Rows.ragged, "[\(flatten)]",
      ("#/model/layers/0", "`flatten` needs rows of one length; these have 1 to 3 steps")),
    .init(
      "a faulty layer inside a residual one", Rows.images,
      "[{\"type\": \"residual\", \"layers\": [{\"type\": \"dense\", \"units\": 0}]}, \(every)]",
      ("#/model/layers/0/layers/0/units", "must be between 1 and 65536, got 0")),
    // Windows
    .init(
      "a kernel larger than the image", Rows.images, convolution(#""kernel_size": 5"#),
      ("#/model/layers/0/kernel_size", "a kernel of 5 × 5 does not fit into [4, 4, 1]")),
    .init(
      "a kernel that spans more than the row", Rows.sequences,
      convolution(#""kernel_size": 3, "dilation_rate": 2"#, axes: 1),
      ("#/model/layers/0/kernel_size", "a kernel of 3 with dilation 2 spans 5 of 3 steps")),
    .init(
      "a pooling of nothing", Rows.images,
      #"[{"type": "conv2d", "filters": 2, "kernel_size": 2}, {"type": "max_pool", "pool_size": 4}, \#(flatten)]"#,
      ("#/model/layers/1/pool_size", "a window of 4 × 4 does not fit into [3, 3, 2]")),
    .init(
      "three sizes for two axes", Rows.images, convolution(#""kernel_size": [3, 3, 3]"#),
      ("#/model/layers/0/kernel_size", "expected a whole number from 1 to 1024 or 2 of them, got 3")),
    .init(
      "one size in an array for two axes", Rows.images, convolution(#""kernel_size": [3]"#),
      ("#/model/layers/0/kernel_size", "or 2 of them, got an array of 1")),
    .init(
      "an array for one axis", Rows.sequences, convolution(#""kernel_size": [3]"#, axes: 1),
      ("#/model/layers/0/kernel_size", "expected a whole number from 1 to 1024, got an array")),
    .init(
      "two sizes for a sequence", Rows.sequences, #"[{"type": "max_pool", "pool_size": [2, 2]}, \#(last)]"#,
      ("#/model/layers/0/pool_size", "2 numbers are for [height, width, channels]; give one for [3, 2]")),
    .init(
      "a kernel of nothing", Rows.images, convolution(#""kernel_size": 0"#),
      ("#/model/layers/0/kernel_size", "must be between 1 and 1024, got 0")),
    .init(
      "a stride of nothing and half a step", Rows.images,
      convolution(#""kernel_size": 2, "strides": [0, 1.5]"#),
      ("#/model/layers/0/strides/0", "must be between 1 and 1024, got 0"),
      ("#/model/layers/0/strides/1", "expected an integer, got 1.5")),
    .init(
      "a kernel without a size", Rows.images, #"[{"type": "conv2d", "filters": 2}, \#(flatten)]"#,
      ("#/model/layers/0/kernel_size", "required member is missing")),
    .init(
      "no filters", Rows.images, #"[{"type": "conv2d", "filters": 0, "kernel_size": 2}, \#(every)]"#,
      ("#/model/layers/0/filters", "must be between 1 and 65536, got 0")),
    .init(
      "an unknown padding", Rows.images, convolution(#""kernel_size": 9, "padding": "sam""#),
      ("#/model/layers/0/padding", "did you mean `same`?")),
    // Members and types
    .init(
      "a way to merge one direction", Rows.sequences, #"[{"type": "gru", "units": 3, "merge_mode": "sum"}]"#,
      ("#/model/layers/0/merge_mode", #"only with `"bidirectional": true`"#)),
    .init(
      "members of other cells", Rows.sequences,
      #"[{"type": "rnn", "units": 3, "reset_after": true, "unit_forget_bias": true}]"#,
      ("#/model/layers/0/reset_after", "unknown member"),
      ("#/model/layers/0/unit_forget_bias", "unknown member")),
    .init(
      "a name of another library", Rows.images, #"[{"type": "MaxPooling2D", "pool_size": 9}, \#(every)]"#,
      ("#/model/layers/0/type", "did you mean `max_pool`?")),
    .init(
      "no layer at all", Rows.images, #"[7, \#(every)]"#,
      ("#/model/layers/0", "expected an object, got a number")),
    .init(
      "no layers at all", Rows.images, #"{"type": "conv2d"}"#,
      ("#/model/layers", "expected an array, got an object")),
    .init(
      "a cell without units", Rows.sequences, #"[{"type": "gru"}, \#(flatten), \#(last)]"#,
      ("#/model/layers/0/units", "required member is missing")),
    .init(
      "a bias that is no truth value", Rows.vectors, #"[{"type": "dense", "units": 3, "use_bias": "no"}]"#,
      ("#/model/layers/0/use_bias", "expected true or false, got a string")),
    .init(
      "a dropout of everything", Rows.images, #"[{"type": "spatial_dropout", "rate": 1}, \#(flatten)]"#,
      ("#/model/layers/0/rate", "must be between 0 and 0.99, got 1")),
    // Functions
    .init(
      "a hypernetwork inside a cell", Rows.sequences,
      #"[{"type": "rnn", "units": 3, "activation": {"strategy": "hypernetwork"}}]"#,
      ("#/model/layers/0/activation/strategy", "put it into an `activation` layer behind")),
    .init(
      "a hypernetwork as gates", Rows.sequences,
      #"[{"type": "gru", "units": 3, "recurrent_activation": {"strategy": "hypernetwork"}}]"#,
      ("#/model/layers/0/recurrent_activation/strategy", "cannot be inside a recurrent cell")),
    .init(
      "the job's hypernetwork inside a cell", Rows.sequences, "[\(last)]",
      activation: #"{"strategy": "hypernetwork"}"#,
      ("#/model/layers/0", "the job's activation is a hypernetwork")),
    .init(
      "an unknown function, and a shape that does not fit", Rows.sequences,
      #"[{"type": "lstm", "units": 3, "output_activation": "shard"}, \#(last)]"#,
      ("#/model/layers/0/output_activation", "shard"),
      ("#/model/layers/1", "set `return_sequences`")),
    // Limits
    .init(
      "a row too large", Rows.images, #"[{"type": "conv2d", "filters": 32, "kernel_size": 1}, \#(flatten)]"#,
      limits: .values(500),
      ("#/model/layers/0", "[4, 4, 1] → 32 filters gives 512 numbers a row; at most 500 are allowed")),
    .init(
      "a step too large", Rows.images, #"[{"type": "conv2d", "filters": 8, "kernel_size": 1}, \#(flatten)]"#,
      limits: .values(500), ("#/training/batch_size", "values in all layers; at most 500 are allowed")),
    .init(
      "too many parameters", Rows.images,
      #"[\#(flatten), {"type": "dense", "units": 60000}, {"type": "dense", "units": 400}]"#,
      ("#/model", "the model has 25,020,801 parameters; at most 20,000,000 are allowed")),
  ]
}
