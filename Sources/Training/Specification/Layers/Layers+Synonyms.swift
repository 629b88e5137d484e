// What Keras, PyTorch, Ludwig and ONNX call layers and their members, with our names.

extension Layers {
  /// Our name of a member that another library has; offered where the layer has such a member and lacks it.
  package static let synonyms = [
    // Convolutions and poolings.
    "out_channels": "filters", "num_filters": "filters", "channels": "filters",
    "kernel": "kernel_size", "filter_size": "kernel_size", "kernel_shape": "kernel_size",
    "kernel_size": "pool_size", "pool": "pool_size", "window": "pool_size", "window_size": "pool_size",
    "stride": "strides", "pool_strides": "strides", "dilation": "dilation_rate",
    "dilations": "dilation_rate", "auto_pad": "padding", "bias": "use_bias",
    // Units.
    "hidden_size": "units", "state_size": "units", "hidden_units": "units", "num_units": "units",
    "out_features": "units", "output_size": "units",
    // Activations.
    "nonlinearity": "activation", "activation_function": "activation", "act": "activation",
    "inner_activation": "recurrent_activation", "gate_activation": "recurrent_activation",
    // Recurrence.
    "reduce_output": "return_sequences", "direction": "bidirectional", "merge": "merge_mode",
    "linear_before_reset": "reset_after",
    // The rest.
    "num_embeddings": "input_dim", "vocab_size": "input_dim", "embedding_dim": "output_dim",
    "embedding_size": "output_dim", "padding_idx": "mask_zero", "p": "rate", "probability": "rate",
    "target_shape": "shape",
  ]

  /// Our types by what others call them, in lower case and without what parts words; an ending `1d` or `2d` that is not
  /// here may follow.
  package static let typeSynonyms = [
    "linear": "dense", "fullyconnected": "dense", "fc": "dense", "convolution1d": "conv1d",
    "convolution2d": "conv2d", "simplernn": "rnn", "elman": "rnn", "maxpool": "max_pool",
    "maxpooling": "max_pool", "avgpool": "average_pool", "avgpooling": "average_pool",
    "averagepool": "average_pool", "averagepooling": "average_pool", "meanpool": "average_pool",
    "globalmaxpool": "global_max_pool", "globalmaxpooling": "global_max_pool",
    "adaptivemaxpool": "global_max_pool", "globalavgpool": "global_average_pool",
    "globalaveragepool": "global_average_pool", "globalaveragepooling": "global_average_pool",
    "adaptiveavgpool": "global_average_pool", "batchnorm": "batch_norm", "batchnormalization": "batch_norm",
    "layernorm": "layer_norm", "layernormalization": "layer_norm", "spatialdropout": "spatial_dropout",
    "dropout1d": "spatial_dropout", "dropout2d": "spatial_dropout", "gather": "embedding",
    "unflatten": "reshape", "lstmcell": "lstm", "grucell": "gru", "rnncell": "rnn",
    "bidirectional": #""bidirectional": true"#,
  ]

  /// What another library's type of layer is here, in words for a sentence; nil where the name is unknown.
  package static func type(ofOtherLibrary name: String) -> String? {
    let word = name.lowercased().filter { !"_- ".contains($0) }
    let known =
      typeSynonyms[word]
      ?? (["1d", "2d"].contains(String(word.suffix(2))) ? typeSynonyms[String(word.dropLast(2))] : nil)
    return known.map { known in
      names.contains(known) ? "`\(known)`" : "`\(known)` in the layer `lstm`, `gru` or `rnn`"
    }
  }
}
