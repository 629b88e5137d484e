// A trainable scalar of an activation: its name, where it starts and what keeps it in its domain.

import Glibc

/// How a parameter is kept in its domain: the optimiser moves a free *raw* value, and the activation sees the
/// constrained *value* computed from it. No projection, so that Adam's moments stay meaningful.
public enum Constraint: String, Sendable, Hashable, CaseIterable {
  /// Any real number: value = raw.
  case none
  /// Greater than 0: value = softplus(raw).
  case positive
  /// Between 0 and 1: value = sigmoid(raw).
  case unit
  /// All parameters of the activation with this constraint are positive and sum to 1: values = softmax(raws).
  case simplex
  /// All parameters of the activation with this constraint are positive and sum to 1: values = softplus(raws) / their
  /// sum.
  case share
  /// All parameters of the activation with this constraint sum to 1: values = raws + (1 − their sum) / their count.
  case affine
}

/// A scalar of an activation, trained with the weights unless `isTrainable` is false.
public struct Parameter: Sendable, Hashable {
  /// Unique in its activation: a letter, then letters, digits or underscores.
  public var name: String
  /// The value (not the raw value) that training starts from.
  public var initial: Double
  /// How it is kept in its domain.
  public var constraint: Constraint
  /// Whether gradients move it; if not, it is a constant of the compiled program.
  public var isTrainable: Bool

  /// A parameter; `initial` must be a value that the constraint can give.
  public init(_ name: String, initial: Double, constraint: Constraint = .none, isTrainable: Bool = true) {
    self.name = name
    self.initial = initial
    self.constraint = constraint
    self.isTrainable = isTrainable
  }
}

extension Parameter {
  static func free(_ name: String, _ initial: Double) -> Parameter { Parameter(name, initial: initial) }

  static func positive(_ name: String, _ initial: Double) -> Parameter {
    Parameter(name, initial: initial, constraint: .positive)
  }

  static func unit(_ name: String, _ initial: Double) -> Parameter {
    Parameter(name, initial: initial, constraint: .unit)
  }
}

extension Array where Element == Parameter {
  /// The values that raw values stand for, in the same order; `raw.count == count`.
  public func values(fromRaw raw: [Double]) -> [Double] {
    precondition(raw.count == count)
    let logits = indices.filter { self[$0].constraint == .simplex }.map { raw[$0] }
    let peak = logits.max() ?? 0
    let total = logits.reduce(0) { $0 + exp($1 - peak) }
    let shares = indices.filter { self[$0].constraint == .share }
      .reduce(0) { $0 + Unary.softplus.evaluate(raw[$1]) }
    let affine = indices.filter { self[$0].constraint == .affine }.map { raw[$0] }
    let rest = (1 - affine.reduce(0, +)) / Double(affine.count)
    return indices.map { index in
      switch self[index].constraint {
      case .none: raw[index]
      case .positive: Unary.softplus.evaluate(raw[index])
      case .unit: Unary.sigmoid.evaluate(raw[index])
      case .simplex: exp(raw[index] - peak) / total
      case .share: Unary.softplus.evaluate(raw[index]) / shares
      case .affine: raw[index] + rest
      }
    }
  }

  /// Raw values that stand for `values`, in the same order; simplex logits have mean 0, shares before their division
  /// mean 1.
  public func raw(fromValues values: [Double]) -> [Double] {
    precondition(values.count == count)
    let logs = indices.filter { self[$0].constraint == .simplex }.map { log(values[$0]) }
    let mean = logs.isEmpty ? 0 : logs.reduce(0, +) / Double(logs.count)
    let shares = filter { $0.constraint == .share }.count
    func inverseSoftplus(_ value: Double) -> Double { value + log(-expm1(-value)) }
    return indices.map { index in
      let value = values[index]
      return switch self[index].constraint {
      case .none: value
      case .positive: inverseSoftplus(value)
      case .share: inverseSoftplus(value * Double(shares))
      case .affine: value
      case .unit: log(value) - log1p(-value)
      case .simplex: log(value) - mean
      }
    }
  }

  /// The raw values that training starts from.
  public var initialRaw: [Double] { raw(fromValues: map(\.initial)) }

  /// The initial value of each parameter by its name.
  public var initialValues: [String: Double] {
    Dictionary(map { ($0.name, $0.initial) }, uniquingKeysWith: { first, _ in first })
  }
}
