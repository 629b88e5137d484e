// A function's name as code writes it, with numbers: `leaky_relu(0.2)`, `elu_0.5`, `nn.ELU(alpha=0.5)`.

import Text

/// A name with modules and arguments around it, taken apart.
struct WrittenCall {
  /// Without modules: `ELU` of `torch.nn.ELU(alpha=0.5)`.
  private(set) var name: String
  /// Those of the arguments that are numbers.
  private(set) var arguments: [(keyword: String?, value: Double)] = []

  /// Nil for a text that is neither a call, nor ends in a number, nor names a module.
  init?(_ text: String) {
    guard text.utf8.count <= 200 else { return nil }
    let head: Substring
    if let open = text.firstIndex(of: "("), text.hasSuffix(")") {
      head = text[..<open]
      arguments = text[text.index(after: open)...].dropLast().split(separator: ",").compactMap { argument in
        let sides = argument.split(separator: "=", maxSplits: 1).map { Self.trimmed($0) }
        guard let last = sides.last, let value = Double(last), value.isFinite else { return nil }
        return (sides.count == 2 ? sides[0] : nil, value)
      }
    } else if let (name, value) = Self.withNumber(text) {
      head = name
      arguments = [(nil, value)]
    } else {
      head = text[...]
    }
    let last = head.split(separator: ".", omittingEmptySubsequences: false).last ?? head
    name = Self.trimmed(last)
    if name.isEmpty || name == text { return nil }
  }

  /// A name and the number behind it: after a separator, or with a decimal point.
  private static func withNumber(_ text: String) -> (Substring, Double)? {
    for index in text.indices.dropFirst() {
      let isSeparated = "_-=: ".contains(text[index])
      let number = isSeparated ? text[index...].dropFirst() : text[index...]
      guard let first = number.first, first.isNumber || first == "." || isSeparated && first == "-",
        isSeparated || number.contains("."), let value = Double(number), value.isFinite
      else { continue }
      return (text[..<index], value)
    }
    return nil
  }

  private static func trimmed(_ text: Substring) -> String {
    let start = text.drop { $0 == " " }
    return String(start.reversed().drop { $0 == " " }.reversed())
  }
}

extension WrittenCall {
  /// What to write in place of a name that the catalogue does not have, as the end of a sentence.
  static func advice(on text: String) -> String {
    guard let call = WrittenCall(text) else { return didYouMean(Catalogue.nearest(to: text)) }
    guard let entry = Catalogue.named(call.name) else { return didYouMean(Catalogue.nearest(to: call.name)) }
    return call.arguments.isEmpty ? didYouMean(entry.name) : "; a name takes no number: " + call.advice(entry)
  }

  /// What to write for the function with these arguments.
  private func advice(_ entry: Activation) -> String {
    guard let (function, values) = initialValues(entry) else { return "write `\(entry.name)`" }
    let initial = function.parameters.compactMap { parameter in
      values[parameter.name].map { "\"\(parameter.name)\": \(text(of: $0))" }
    }
    let parametric =
      "{\"strategy\": \"parametric\", \"function\": \"\(function.name)\", "
      + "\"initial\": {\(initial.joined(separator: ", "))}}"
    let all = function.parameters.initialValues.merging(values) { $1 }
    let fingerprint = Fingerprint(of: function.expression, parameters: all)
    if let same = Self.withoutParameters[fingerprint] {
      return "write `\(same)`, or to train it \(parametric)"
    }
    return "write \(parametric), with \"trainable\": [] if it is not to be trained"
  }

  /// The entry with parameters that the call means, and their values; nil if no argument is any of them.
  private func initialValues(_ entry: Activation) -> (Activation, [String: Double])? {
    if let number = entry.number, let function = Catalogue.named(number.function) {
      let meant = arguments.first { $0.keyword == number.parameter } ?? arguments[0]
      return (function, [number.parameter: meant.value])
    }
    let names = entry.parameters.map(\.name)
    var values: [String: Double] = [:]
    for (argument, name) in zip(arguments, names) where argument.keyword == nil {
      values[name] = argument.value
    }
    for argument in arguments {
      guard let keyword = argument.keyword else { continue }
      if names.contains(keyword) {
        values[keyword] = argument.value
      } else if arguments.count == 1, let first = names.first {
        values[first] = argument.value
      }
    }
    return values.isEmpty ? nil : (entry, values)
  }

  /// The first of the entries without parameters that is a function.
  private static let withoutParameters: [Fingerprint: String] = Dictionary(
    Catalogue.all.filter { $0.parameters.isEmpty && $0.training == nil }.map {
      (Fingerprint(of: $0.expression), $0.name)
    },
    uniquingKeysWith: { first, _ in first })
}
