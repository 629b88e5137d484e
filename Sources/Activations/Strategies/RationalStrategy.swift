// `rational`: a trained quotient of polynomials whose divisor is never below 1.

/// A safe Padé activation unit P(x) / Q(x), started as a named function.
///
/// Source: Molina, Schramowski and Kersting 2020, arXiv:1907.06732.
public struct RationalStrategy: Sendable, Hashable {
  /// How the divisor is kept from 0.
  public enum Form: String, Sendable, CaseIterable {
    /// Q = 1 + Σ |bⱼ xʲ|.
    case a
    /// Q = 1 + |Σ bⱼ xʲ|.
    case b
  }

  /// Of the numerator and of the divisor.
  public var degrees = [5, 4]
  /// Name or alias of the function that training starts from.
  public var initial = "leaky_relu"
  public var form = Form.a
  public var granularity: Granularity = .layer
  public var common = CommonOptions()

  public init() {}

  static let description = StrategyDescription(
    "rational", "a trained quotient of two polynomials, safe from poles",
    [
      OptionDescription(
        "degrees", .degrees, default: .list([.number(5), .number(4)]),
        "degrees of the numerator and of the divisor"),
      OptionDescription(
        "initial", .function(parametricOnly: false), default: .string("leaky_relu"),
        "the function that training starts from, fitted on [-3, 3]"),
      OptionDescription(
        "form", .choice(Form.allCases.map(\.rawValue)), default: .string("a"),
        "how the divisor is kept from 0: 1 + sum |b_j x^j| (a) or 1 + |sum b_j x^j| (b)"),
      .granularity,
    ])

  init(_ options: inout OptionReader) {
    degrees = options.integers("degrees")
    initial = options.string("initial")
    form = options.choice("form")
    granularity = options.choice("granularity")
    common = CommonOptions(&options)
  }

  var resolved: [OptionMember] {
    [
      OptionMember("degrees", .list(degrees.map { .number(Double($0)) })),
      OptionMember("initial", .string(initial)),
      OptionMember("form", .string(form.rawValue)),
      OptionMember("granularity", .string(granularity.rawValue)),
    ]
  }

  func specification(_ faults: inout Faults) -> ActivationSpecification? {
    guard let start = faults.activation(initial, at: ["initial"]), faults.isEmpty else { return nil }
    let fit = RationalFit.cached(of: start, degrees: (degrees[0], degrees[1]), form: form)
    return .single(
      activation(fit), strategy: "rational", function: nil, granularity: granularity, common)
  }

  private func activation(_ fit: RationalFit) -> Activation {
    let a = fit.numerator.indices.map { "a_\($0)" }
    let b = fit.divisor.indices.map { "b_\($0 + 1)" }
    // Horner's rule, in |x| for the form whose terms are all positive.
    let numerator = a.dropLast().reversed().reduce(.parameter(a[a.count - 1])) {
      Expression.parameter($1) + .x * $0
    }
    let weights = b.map { form == .a ? abs(.parameter($0)) : Expression.parameter($0) }
    let base: Expression = form == .a ? abs(.x) : .x
    let sum = weights.dropLast().reversed().reduce(weights[weights.count - 1]) { $1 + base * $0 } * base
    return Activation(
      "rational", "a trained quotient of polynomials", numerator / (1 + (form == .a ? sum : abs(sum))),
      parameters: zip(a, fit.numerator).map { .free($0, $1) } + zip(b, fit.divisor).map { .free($0, $1) },
      kinks: [0], smoothness: .continuous, source: "")
  }
}
