// The canonical form and the fingerprint: one text, and one hash, for one function.

import Activations
import Testing

@Suite struct CanonicalTests {
  private func canonical(_ text: String) throws -> String {
    try FormulaParser.parse(text, parameters: ["a", "b"]).canonical.description
  }

  @Test(arguments: [
    (
      ["2 * x * sigmoid(x)", "sigmoid(x) * x * 2", "x * (2 * sigmoid(x))", "-x * -2 * sigmoid(x)"],
      "2 * x * sigmoid(x)"
    ),
    (["x / 6 + 0.5", "0.5 + x / 6", "1/2 + x * (1/6)"], "x / 6 + 0.5"),
    (["max(0, min(1, x))", "max(min(x, 1), 0)", "max(min(min(1, x), 1), 0)"], "max(min(x, 1), 0)"),
    (["max(max(x, a), 0)", "max(a, max(0, x))"], "max(max(a, x), 0)"),
    (
      ["where(0 < x, x, a * x)", "where(x > 0, x, x * a)", "where(x <= 0, a * x, x)"],
      "where(x > 0, x, a * x)"
    ),
    (["a * x + b", "b + x * a", "-(-b - a * x)"], "a * x + b"),
    (["x * x * x", "x^2 * x", "x^3"], "x^3"),
    (["1 - exp(-x)", "-exp(-x) + 1", "-(exp(-x) - 1)"], "1 - exp(-x)"),
    (["x + x + 1 + 2", "3 + 2 * x"], "2 * x + 3"),
    (["x / a / b", "x / (a * b)", "x / (b * a)"], "x / (a * b)"),
    (["x * 0.1 * 3", "x * 3 * 0.1", "0.3 * x"], "0.3 * x"),
    (["tanh(-x)", "-tanh(x)"], "-tanh(x)"), (["exp(-(x / 3))", "exp(x / -3)"], "exp(-x / 3)"),
    (["abs(-2 * x)", "abs(x * 2)", "abs(-(x * 2))"], "abs(2 * x)"),
    (["x^0.5 + x^-1", "1 / x + sqrt(x)"], "1 / x + sqrt(x)"),
    (["sin(pi / 2) * x", "x"], "x"),
    (["x - x", "0 * x"], "0"),
  ])
  func `operands have one order`(_ texts: [String], _ expected: String) throws {
    for text in texts { #expect(try canonical(text) == expected, "\(text)") }
  }

  @Test(arguments: Subject.all)
  func `text reads back as the same function`(_ subject: Subject) throws {
    let activation = subject.activation
    let parameters = activation.constants.initialValues.merging(activation.parameters.initialValues) { $1 }
    let text = activation.expression.canonical.description
    var limits = FormulaParser.Limits()
    limits.nodes = 2000
    let read = try FormulaParser.parse(text, parameters: Set(parameters.keys), limits: limits)
    #expect(read.isSameFunction(as: activation.expression, parameters: parameters))
    #expect(
      Fingerprint(of: read, parameters: parameters)
        == Fingerprint(of: activation.expression, parameters: parameters))
    #expect(read.canonical.description == text)
  }

  @Test(arguments: [
    ("x / (1 + exp(-x))", "x * sigmoid(x)", true), ("tanh(x)", "2 * sigmoid(2 * x) - 1", true),
    ("log(1 + exp(x))", "softplus(x)", true), ("max(x, 0)", "(x + abs(x)) / 2", true),
    ("min(max(x, -1), 1)", "(abs(x + 1) - abs(x - 1)) / 2", true),
    ("(exp(x) - exp(-x)) / (exp(x) + exp(-x))", "tanh(x)", true),
    ("0.5 * x * (1 + erf(x / sqrt(2)))", "0.5 * x * erfc(-0.7071067811865476 * x)", true),
    ("x * sigmoid(1.702 * x)", "0.5 * x * (1 + erf(x / sqrt(2)))", false),
    ("max(x, 0)", "max(x, 0) + 0.000001 * min(x, 0)", false), ("x", "x + 0.00000001 * sin(x)", false),
    ("min(x, 6)", "x", false), ("1e-6 * tanh(x)", "1e-6 * sigmoid(x)", false),
  ])
  func `formulas of one function are recognised`(_ one: String, _ other: String, _ isSame: Bool) throws {
    let first = try FormulaParser.parse(one, parameters: [])
    let second = try FormulaParser.parse(other, parameters: [])
    #expect(first.isSameFunction(as: second) == isSame)
    #expect((Fingerprint(of: first) == Fingerprint(of: second)) == isSame)
  }

  @Test func `parameter values are of the identity`() throws {
    let swish = try #require(Catalogue.named("swish")).expression
    let silu = try #require(Catalogue.named("silu")).expression
    #expect(swish.isSameFunction(as: silu, parameters: ["beta": 1]))
    #expect(!swish.isSameFunction(as: silu, parameters: ["beta": 1.001]))
    #expect(Fingerprint(of: swish, parameters: ["beta": 1]) == Fingerprint(of: silu))
    #expect(Fingerprint(of: silu).description.count == 16)
  }
}

extension Expression {
  /// Whether two formulas are the same function at these parameter values, to a relative 1e-9 of their size.
  fileprivate func isSameFunction(as other: Expression, parameters: [String: Double] = [:]) -> Bool {
    let points =
      (0..<201).map { -4.9937561234 + 0.0499218765432 * Double($0) } + [-48.1234567891, 11.8312345671]
    let values = points.map { x in
      (evaluate(x: x, parameters: parameters), other.evaluate(x: x, parameters: parameters))
    }
    let scale = values.prefix(201).reduce(0) { max($0, abs($1.0)) }
    return values.allSatisfy { a, b in
      a == b || a.isNaN && b.isNaN || abs(a - b) <= 1e-9 * max(scale, min(abs(a), abs(b)))
    }
  }
}
