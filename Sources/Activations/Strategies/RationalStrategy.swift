// `rational`: a trained quotient of polynomials whose divisor is never below 1.

import Text

/// A safe Padé activation unit P(x) / Q(x), started as a named function.
///
/// Source: Molina, Schramowski and Kersting 2020, arXiv:1907.06732.
package struct RationalStrategy: ActivationStrategy {
  /// How the divisor is kept from 0.
  package enum Form: String, Sendable, OptionWord {
    /// Q = 1 + Σ |bⱼ xʲ|.
    case a
    /// Q = 1 + |Σ bⱼ xʲ|.
    case b
  }

  /// Of the numerator and of the divisor.
  package var degrees = [5, 4]
  /// Name or alias of the function that training starts from.
  package var initial = "leaky_relu"
  /// How the divisor is kept from 0.
  package var form = Form.a
  /// The coefficients to start from, a₀ … as `a` and b₁ … as `b`; nil: those of a fit.
  package var values: [String: [Double]]?
  /// Who shares one parameter set.
  package var granularity: Granularity = .layer
  package var common = CommonOptions()

  package init() {}

  package static let name = "rational"
  package static let summary = "a trained quotient of two polynomials, safe from poles"
  package static let options: [StrategyOption<Self>] = [
    StrategyOption("degrees", .degrees, \.degrees, "degrees of the numerator and of the divisor"),
    StrategyOption(
      "initial", .function(parametricOnly: false), \.initial,
      "the function that training starts from, fitted on [-3, 3]"),
    StrategyOption(
      "form", \.form, "how the divisor is kept from 0: 1 + sum |b_j x^j| (a) or 1 + |sum b_j x^j| (b)"),
    .granularity(\.granularity),
    StrategyOption(
      "values", .arrays, \.values,
      "coefficients to start from instead of a fit: {a: [a_0, a_1, …], b: [b_1, b_2, …]}, as a job's activations "
        + "list them; the degrees must be theirs. A coefficient b of 0 may never move"),
  ]

  package func specification(seed: UInt64, _ faults: inout Faults) -> ActivationSpecification? {
    guard let start = faults.activation(initial, at: ["initial"]) else { return nil }
    checkValues(&faults)
    guard faults.isEmpty else { return nil }
    let rational: Activation
    if let values, let numerator = values["a"], let divisor = values["b"] {
      rational = activation(numerator, divisor)
    } else {
      let fit = RationalFit.cached(of: start, degrees: (degrees[0], degrees[1]), form: form)
      rational = activation(fit.numerator, fit.divisor)
    }
    return .single(rational, function: nil, granularity: granularity, common, .arrays)
  }

  /// Given coefficients must be those of the degrees, and small enough for single precision.
  private func checkValues(_ faults: inout Faults) {
    guard let values else { return }
    let counts = ["a": degrees[0] + 1, "b": degrees[1]]
    for name in values.keys.sorted() where counts[name] == nil {
      faults.add(["values", name], "unknown array; a rational function has the arrays `a` and `b`")
    }
    for (name, count) in counts.sorted(by: { $0.key < $1.key }) {
      guard let given = values[name] else {
        faults.add(["values", name], "needs the array `\(name)`; its length for these degrees is \(count)")
        continue
      }
      if given.count != count {
        faults.add(["values", name], "has the length \(given.count), which for these degrees is \(count)")
      }
      for (index, number) in given.enumerated() where Swift.abs(number) > 1e6 {
        faults.add(["values", name, String(index)], "\(text(of: number)) is beyond 1000000")
      }
    }
  }

  /// P(x) / Q(x) that starts from these coefficients, a₀ first and b₁ first.
  private func activation(_ numeratorValues: [Double], _ divisorValues: [Double]) -> Activation {
    let a = numeratorValues.indices.map { "a_\($0)" }
    let b = divisorValues.indices.map { "b_\($0 + 1)" }
    // Horner's rule, in |x| for the form whose terms are all positive.
    let numerator = a.dropLast().reversed().reduce(.parameter(a[a.count - 1])) {
      Expression.parameter($1) + .x * $0
    }
    let weights = b.map { form == .a ? abs(.parameter($0)) : Expression.parameter($0) }
    let base: Expression = form == .a ? abs(.x) : .x
    let sum = weights.dropLast().reversed().reduce(weights[weights.count - 1]) { $1 + base * $0 } * base
    return Activation(
      "rational", "a trained quotient of polynomials", numerator / (1 + (form == .a ? sum : abs(sum))),
      parameters: zip(a, numeratorValues).map { .free($0, $1) } + zip(b, divisorValues).map { .free($0, $1) },
      kinks: [0], smoothness: .continuous, source: "")
  }
}
