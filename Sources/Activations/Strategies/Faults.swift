// The faults of a strategy's options while they are collected, and the checks that several strategies share.

import Text

/// Collects faults.
package struct Faults {
  private(set) var all: [StrategyError.Fault] = []

  var isEmpty: Bool { all.isEmpty }

  mutating func add(_ path: [String], _ detail: String) {
    all.append(StrategyError.Fault(path, detail))
  }

  /// The catalogue's entry, or a fault that suggests the nearest name.
  mutating func activation(_ name: String, at path: [String]) -> Activation? {
    if let entry = Catalogue.named(name) { return entry }
    add(path, "unknown activation \(quoted(name))" + WrittenCall.advice(on: name))
    return nil
  }

  /// The catalogue's entry, which must have parameters.
  mutating func parametricActivation(_ name: String, at path: [String]) -> Activation? {
    guard let entry = activation(name, at: path) else { return nil }
    if !entry.parameters.isEmpty { return entry }
    let parametric = Catalogue.all.filter { !$0.parameters.isEmpty }.map(\.name)
    let kin = parametric.filter { $0.contains(entry.name) }
    let examples = kin.isEmpty ? ["prelu", "swish", "parametric_sigmoid"] : Array(kin.prefix(3))
    add(path, "\(entry.name) has no parameters to train; take one that has, such as \(listed(examples))")
    return nil
  }

  /// All the entries, or nil and a fault for each that is unknown or given twice.
  mutating func activations(_ names: [String], at path: [String]) -> [Activation]? {
    var entries: [Activation] = []
    for (index, name) in names.enumerated() {
      let place = path + [String(index)]
      guard let entry = activation(name, at: place) else { continue }
      if entries.contains(where: { $0.name == entry.name }) {
        add(place, "\(entry.name) is given twice")
      } else {
        entries.append(entry)
      }
    }
    return entries.count == names.count && names.count >= 2 ? entries : nil
  }

  /// The initial value must be one that the constraint can give.
  mutating func checkDomain(of parameter: Parameter, at path: [String]) {
    switch parameter.constraint {
    case .positive where parameter.initial <= 0:
      add(path, "`\(parameter.name)` is positive, \(text(of: parameter.initial)) is not")
    case .unit where parameter.initial <= 0 || parameter.initial >= 1:
      add(path, "`\(parameter.name)` is between 0 and 1, \(text(of: parameter.initial)) is not")
    case .none, .positive, .unit, .simplex, .share, .affine:
      break
    }
  }

  /// 1 to 3 layers of 1 to 64 units.
  mutating func checkWidths(_ widths: [Int], at path: [String]) {
    if !(1...3).contains(widths.count) { add(path, "\(widths.count) hidden layers; give 1 to 3") }
    for (index, width) in widths.enumerated() where !(1...64).contains(width) {
      add(path + [String(index)], "\(width) units; give 1 to 64")
    }
  }
}
