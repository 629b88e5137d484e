// Job specifications that the tests send.

/// Small specifications, as JSON texts.
enum Specifications {
  /// Ends within milliseconds.
  static let quick = """
    {"name": "xor", "metadata": {"team": "tests"}, "seed": 3,
     "data": {"inputs": [[0, 0], [0, 1], [1, 0], [1, 1]], "targets": [false, true, true, false],
              "validation_fraction": 0, "standardize": false},
     "model": {"hidden": [2]}, "activation": {"strategy": "parametric", "function": "parametric_tanh"},
     "training": {"epochs": 12}}
    """

  /// The same rows with another seed.
  static let other = quick.replacing("\"seed\": 3", with: "\"seed\": 4")

  /// Does not end by itself while a test runs.
  static let endless = """
    {"data": {"synthetic": {"kind": "two_moons", "rows": 20000}}, "activation": "tanh", "model": {"hidden": [8]},
     "training": {"epochs": 100000}}
    """

  /// A job whose end can be waited for, or not.
  static func long(epochs: Int) -> String {
    """
    {"data": {"synthetic": {"kind": "two_moons", "rows": 1000}}, "activation": "tanh", "model": {"hidden": [8]},
     "training": {"epochs": \(epochs)}}
    """
  }

  /// A regression whose loss leaves the range of numbers at once.
  static let diverging = """
    {"data": {"inputs": [[1], [2], [3], [4]], "targets": [1, 2, 3, 4], "validation_fraction": 0},
     "activation": "relu", "training": {"epochs": 50, "optimizer": {"name": "sgd", "learning_rate": 1e12}}}
    """

  static let csv = "width,height,big\n1,2,no\n2,3,no\n8,9,yes\n9,7,yes\n1,1,no\n7,8,yes\n"

  /// A form with the parts `spec` and `data`.
  static func form(spec: String, data: String = csv, boundary: String = "edge") -> [UInt8] {
    form([("spec", "application/json", spec), ("data", "text/csv", data)], boundary: boundary)
  }

  static func form(_ parts: [(name: String, type: String, content: String)], boundary: String = "edge")
    -> [UInt8]
  {
    form(octets: parts.map { ($0.name, $0.type, Array($0.content.utf8)) }, boundary: boundary)
  }

  static func form(
    octets parts: [(name: String, type: String, content: [UInt8])], boundary: String = "edge"
  ) -> [UInt8] {
    let body = parts.flatMap { name, type, content in
      Array(
        ("--\(boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"; filename=\"f\"\r\n"
          + "Content-Type: \(type)\r\n\r\n").utf8) + content + Array("\r\n".utf8)
    }
    return body + Array("--\(boundary)--\r\n".utf8)
  }

  static let formType = ("Content-Type", "multipart/form-data; boundary=edge")

  /// The specification of a form with `csv`.
  static let formSpec = """
    {"data": {"target": "big", "validation_fraction": 0}, "activation": "sigmoid", "training": {"epochs": 3}}
    """
}
