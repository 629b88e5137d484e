// Encoders as JSON, in the form in which a trained model keeps them.

package import JSON

extension InputEncoder {
  /// What `init(document:)` reads.
  package var document: JSONValue {
    let columns = (form == nil ? Array(zip(names, encodings)) : []).map { name, encoding -> JSONValue in
      switch encoding {
      case .number(let mean, let center, let scale):
        ["name": .string(name), "mean": .number(mean), "center": .number(center), "scale": .number(scale)]
      case .classes(let labels, let shares):
        [
          "name": .string(name), "labels": .array(JSONArray(labels.map(JSONValue.string))),
          "shares": .array(JSONArray(numbers: shares)),
        ]
      }
    }
    var document: JSONObject = [
      "missing": .string(missing.rawValue), "columns": .array(JSONArray(columns)),
      "unknown": .string(unknown.rawValue),
    ]
    if let format { document["format"] = format.document }
    if let form { document["form"] = self.document(of: form) }
    return .object(document)
  }

  /// Nil where the document is none of an encoder. Documents without `unknown` and `format` are older.
  package init?(document: JSONValue) {
    guard let columns = document["columns"]?.arrayValue,
      let missing = document["missing"]?.stringValue.flatMap(MissingPolicy.init)
    else { return nil }
    var names: [String] = []
    var encodings: [FeatureEncoding] = []
    for column in columns {
      guard let name = column["name"]?.stringValue, let encoding = FeatureEncoding(document: column) else {
        return nil
      }
      names.append(name)
      encodings.append(encoding)
    }
    self.init(names: names, encodings: encodings, missing: missing)
    if let form = document["form"] {
      guard readForm(form) else { return nil }
    }
    if let text = document["unknown"] {
      guard let policy = text.stringValue.flatMap(UnknownPolicy.init) else { return nil }
      unknown = policy
    }
    if let document = document["format"] {
      guard let format = TableFormat(document: document) else { return nil }
      self.format = format
    }
  }
}

// MARK: - Rows with a shape

extension InputEncoder {
  /// The form with the encoding of each channel: all positions share it.
  private func document(of form: RowForm) -> JSONValue {
    let channels = (0..<form.shape.channels).map { channel -> JSONValue in
      let column = form.layout == .channelsLast ? channel : channel * form.shape.positions
      guard case .number(let mean, let center, let scale) = encodings[column] else {
        preconditionFailure("rows with a shape are numbers")
      }
      return ["mean": .number(mean), "center": .number(center), "scale": .number(scale)]
    }
    var document: JSONObject = [
      "shape": .array(JSONArray(numbers: form.shape.dimensions.map(Double.init))),
      "layout": .string(form.layout.rawValue), "lengths": .bool(hasLengths),
      "channels": .array(JSONArray(channels)),
    ]
    if let tokens = form.tokens {
      document["tokens"] = ["count": .integer(tokens.count), "mask_zero": .bool(tokens.masksZero)]
    }
    if let lengthsColumn { document["lengths_column"] = .string(lengthsColumn) }
    if let window { document["window"] = window.document }
    let names = columnNames
    if names != CSVHeader(count: names.count).names {
      document["names"] = .array(JSONArray(names.map(JSONValue.string)))
    }
    return .object(document)
  }

  /// False where the document is none of a form.
  private mutating func readForm(_ document: JSONValue) -> Bool {
    guard
      let shape = (document["shape"]?.arrayValue?.compactMap(\.intValue)).flatMap({ InputShape($0) }),
      let layout = document["layout"]?.stringValue.flatMap(InputLayout.init),
      let hasLengths = document["lengths"]?.boolValue,
      let channels = document["channels"]?.arrayValue?.compactMap({ FeatureEncoding(document: $0) }),
      channels.count == shape.channels
    else { return false }
    if let document = document["window"] {
      guard let window = WindowSection(document: document) else { return false }
      self.window = window
    }
    var tokens: TokenSet?
    if let document = document["tokens"] {
      guard let count = document["count"]?.intValue, let masksZero = document["mask_zero"]?.boolValue else {
        return false
      }
      tokens = TokenSet(count: count, masksZero: masksZero)
    }
    lengthsColumn = document["lengths_column"]?.stringValue
    let count = window == nil ? shape.count : shape.channels
    let names = document["names"]?.arrayValue?.compactMap(\.stringValue) ?? CSVHeader(count: count).names
    guard names.count == count else { return false }
    self.names = (0..<shape.count).map { names[$0 % count] }
    encodings = (0..<shape.count).map { channels[layout.place($0, in: shape).channel] }
    (form, self.hasLengths) = (RowForm(shape, layout: layout, tokens: tokens), hasLengths)
    return true
  }
}

extension FeatureEncoding {
  fileprivate init?(document: JSONValue) {
    if let labels = document["labels"]?.arrayValue?.compactMap(\.stringValue),
      let shares = document["shares"]?.arrayValue?.numbers, shares.count == labels.count
    {
      self = .classes(labels: labels, shares: shares)
    } else if let mean = document["mean"]?.doubleValue, let center = document["center"]?.doubleValue,
      let scale = document["scale"]?.doubleValue
    {
      self = .number(mean: mean, center: center, scale: scale)
    } else {
      return nil
    }
  }
}

extension TargetEncoder {
  /// What `init(document:)` reads.
  package var document: JSONValue {
    switch self {
    case .classes(let name, let labels): ["name": .string(name), "labels": .array(JSONArray(labels))]
    case .numbers(let names, let centers, let scales):
      [
        "names": .array(JSONArray(names.map(JSONValue.string))),
        "centers": .array(JSONArray(numbers: centers)),
        "scales": .array(JSONArray(numbers: scales)),
      ]
    }
  }

  /// Nil where the document is none of an encoder.
  package init?(document: JSONValue) {
    if let name = document["name"]?.stringValue, let labels = document["labels"]?.arrayValue {
      self = .classes(name: name, labels: Array(labels))
    } else if let names = document["names"]?.arrayValue?.compactMap(\.stringValue),
      let centers = document["centers"]?.arrayValue?.numbers,
      let scales = document["scales"]?.arrayValue?.numbers,
      names.count == centers.count, names.count == scales.count, !names.isEmpty
    {
      self = .numbers(names: names, centers: centers, scales: scales)
    } else {
      return nil
    }
  }
}
