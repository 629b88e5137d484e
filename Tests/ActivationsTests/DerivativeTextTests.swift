// The derivative as a formula that a person can read.

import Activations
import Testing

@Suite struct DerivativeTextTests {
  @Test(arguments: [
    ("identity", "1"), ("sigmoid", "sigmoid_slope(x)"), ("tanh", "tanh_slope(x)"),
    ("relu", "where(x > 0, 1, 0)"), ("softplus", "sigmoid(x)"), ("silu", "sigmoid(x) + x * sigmoid_slope(x)"),
    ("parametric_sigmoid", "sigmoid_slope(a * x + b) * a"),
    ("swish", "sigmoid(beta * x) + x * (sigmoid_slope(beta * x) * beta)"),
  ])
  func `derivative by x reads well`(_ name: String, _ text: String) throws {
    #expect(try #require(Catalogue.named(name)).expression.derivative(by: .x).description == text)
  }

  @Test(arguments: [
    ("a * x^3", "a", "x^3"), ("arctan(x)", "x", "1 / (x^2 + 1)"), ("asinh(x)", "x", "1 / sqrt(x^2 + 1)"),
    ("x / (1 + a^2)", "x", "1 / (1 + a^2)"), ("2 * (3 * x)", "x", "6"),
    ("cos(a * x)", "a", "-(sin(a * x) * x)"), ("b + x", "a", "0"),
    ("where(x > a, x, b * x)", "b", "where(x > a, 0, x)"),
  ])
  func `derivatives are simplified`(_ formula: String, _ variable: String, _ text: String) throws {
    let expression = try FormulaParser.parse(formula, parameters: ["a", "b"])
    let derivative = expression.derivative(by: variable == "x" ? .x : .parameter(variable))
    #expect(derivative.description == text)
  }
}
