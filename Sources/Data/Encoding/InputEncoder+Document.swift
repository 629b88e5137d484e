// Encoders as JSON, in the form in which a trained model keeps them.

import Engine
package import JSON

extension InputEncoder {
  /// What `init(document:)` reads.
  package var document: JSONValue {
    let columns = zip(names, encodings).map { name, encoding -> JSONValue in
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
    if let shape { document["shape"] = .array(JSONArray(numbers: shape.map(Double.init))) }
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
    if let text = document["unknown"] {
      guard let policy = text.stringValue.flatMap(UnknownPolicy.init) else { return nil }
      unknown = policy
    }
    if let shape = document["shape"] {
      guard let sizes = shape.arrayValue?.compactMap(\.intValue), RowShape(dimensions: sizes)?.count == width
      else { return nil }
      self.shape = sizes
    }
    if let document = document["format"] {
      guard let format = TableFormat(document: document) else { return nil }
      self.format = format
    }
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
