// What other libraries call layers and their members: every word of the tables is offered ours.

import Testing
import Training

/// The faults of a job over sequences with one layer.
private func found(_ layer: String) throws -> [String] {
  try faults(#"{"data": {\#(Rows.sequences)}, "activation": "tanh", "model": {"layers": [\#(layer)]}}"#)
}

@Suite struct SynonymTests {
  @Test(arguments: Layers.synonyms.map { ($0.key, $0.value) })
  func `a member of another library is offered ours`(word: String, ours: String) throws {
    /// A layer that has the member.
    let types = [
      "filters": "conv1d", "kernel_size": "conv1d", "strides": "conv1d", "dilation_rate": "conv1d",
      "padding": "conv1d", "pool_size": "max_pool", "use_bias": "dense", "units": "dense",
      "activation": "rnn", "recurrent_activation": "gru", "return_sequences": "gru", "bidirectional": "gru",
      "merge_mode": "gru", "reset_after": "gru", "input_dim": "embedding", "output_dim": "embedding",
      "mask_zero": "embedding", "rate": "dropout", "shape": "reshape",
    ]
    let type = try #require(types[ours], "no layer here has the member \(ours)")
    let faults = try found(#"{"type": "\#(type)", "\#(word)": 1}"#)
    #expect(
      faults.contains("#/model/layers/0/\(word): unknown member; did you mean `\(ours)`?"), "\(faults)")
  }

  @Test func `a member that is given already is not offered`() throws {
    let faults = try found(#"{"type": "gru", "units": 3, "hidden_size": 3}"#)
    #expect(faults == ["#/model/layers/0/hidden_size: unknown member"])
  }

  @Test(
    arguments: [
      ("SimpleRNN", "rnn"), ("LSTM", "lstm"), ("GRU", "gru"), ("RNN", "rnn"), ("LSTMCell", "lstm"),
      ("maxpool", "max_pool"), ("MaxPooling2D", "max_pool"), ("MaxPool2d", "max_pool"),
      ("MaxPool1d", "max_pool"),
      ("AvgPool1d", "average_pool"), ("AveragePooling2D", "average_pool"), ("AveragePool", "average_pool"),
      ("GlobalAveragePooling2D", "global_average_pool"), ("AdaptiveAvgPool2d", "global_average_pool"),
      ("GlobalMaxPool", "global_max_pool"), ("GlobalMaxPooling1D", "global_max_pool"),
      ("Conv1D", "conv1d"), ("Conv2d", "conv2d"), ("Convolution2D", "conv2d"), ("Embedding", "embedding"),
      ("BatchNormalization", "batch_norm"), ("BatchNorm1d", "batch_norm"), ("BatchNorm2d", "batch_norm"),
      ("LayerNormalization", "layer_norm"), ("LayerNorm", "layer_norm"), ("Linear", "dense"),
      ("Dense", "dense"),
      ("Flatten", "flatten"), ("Reshape", "reshape"), ("Unflatten", "reshape"), ("Dropout", "dropout"),
      ("Dropout2d", "spatial_dropout"), ("SpatialDropout1D", "spatial_dropout"), ("Gather", "embedding"),
    ])
  func `a type of another library is offered ours`(word: String, ours: String) throws {
    let faults = try found(#"{"type": "\#(word)"}"#)
    #expect(faults.count == 1 && faults[0].hasSuffix("did you mean `\(ours)`?"), "\(faults)")
  }

  @Test func `two directions are a member and not a layer`() throws {
    let faults = try found(#"{"type": "Bidirectional"}"#)
    #expect(
      faults.count == 1
        && faults[0].hasSuffix(#"did you mean `"bidirectional": true` in the layer `lstm`, `gru` or `rnn`?"#),
      "\(faults)")
  }

  @Test func `the tables name what there is`() {
    #expect(
      Layers.typeSynonyms.values.allSatisfy { Layers.names.contains($0) || $0.contains("bidirectional") })
    #expect(Layers.typeSynonyms.keys.allSatisfy { $0 == $0.lowercased() && !$0.contains("_") })
    #expect(Layers.type(ofOtherLibrary: "dense") == nil && Layers.type(ofOtherLibrary: "1d") == nil)
  }
}
