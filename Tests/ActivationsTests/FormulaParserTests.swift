// Formulas: what is read, what is refused and where, and that text and expression are one.

import Activations
import Testing

@Suite struct FormulaParserTests {
  @Test(arguments: Subject.all)
  func `text reads back as the same expression`(_ subject: Subject) throws {
    let names = Set((subject.activation.parameters + subject.activation.constants).map(\.name))
    let expression = subject.activation.expression
    var limits = FormulaParser.Limits()
    // A spline written out is longer than what a client may write.
    limits.nodes = 2000
    #expect(
      try FormulaParser.parse(expression.description, parameters: names, limits: limits) == expression)
  }

  @Test(arguments: Catalogue.all.map(\.name))
  func `derivatives read back as the same expression`(_ name: String) throws {
    let entry = try #require(Catalogue.named(name))
    let names = Set(entry.parameters.map(\.name))
    for variable in [Variable.x] + names.sorted().map(Variable.parameter) {
      let derivative = entry.expression.derivative(by: variable)
      #expect(try FormulaParser.parse(derivative.description, parameters: names) == derivative)
    }
  }

  @Test(arguments: [
    ("1 + 2 * x", 7.0), ("(1 + 2) * x", 9), ("-x^2", -9), ("(-x)^2", 9), ("2^-1 * x", 1.5), ("x^2^3", 6561),
    ("8 / 4 / x", 2.0 / 3), ("1 - 2 - x", -4), ("x - -2", 5), ("--x", 3), ("1e-3 * x", 0.003), (".5x0", .nan),
    ("min(x, 1) + max(x, 1)", 4), ("where(x >= 3, 1, 2)", 1), ("where(x > 3, 1, 2)", 2),
    ("where(x <= 2 + 1, 1, 2)", 1), ("where(x < 3, 1, 2)", 2), ("abs(-x)", 3), ("sign(-x)", -1),
    ("2e0 + x", 5),
    ("cos(pi) + x", 2), ("log(e) + x", 4), ("log1p(expm1(x))", 3), ("erf(x) + erfc(x)", 1),
    ("arctan(x / 3)", Double.pi / 4), ("asinh(x)", 1.8184464592320668),
  ])
  func `precedence is that of mathematics`(_ text: String, _ expected: Double) throws {
    if expected.isNaN {
      #expect(throws: FormulaError.self) { try FormulaParser.parse(text, parameters: []) }
    } else {
      let value = try FormulaParser.parse(text, parameters: []).evaluate(x: 3)
      #expect(agree(value, expected, 1e-12))
    }
  }

  @Test(arguments: [
    ("atan(x)", "arctan(x)"), ("arcsinh(x)", "asinh(x)"), ("ln(x)", "log(x)"), ("sgn(x)", "sign(x)"),
    ("logistic(x)", "sigmoid(x)"),
  ])
  func `synonyms are read and the canonical name is written`(_ synonym: String, _ canonical: String) throws {
    let expression = try FormulaParser.parse(synonym, parameters: [])
    #expect(expression.description == canonical)
    #expect(try FormulaParser.parse(canonical, parameters: []) == expression)
  }

  @Test(arguments: [
    ("", 0, "the formula is empty at 0"),
    ("   ", 0, "the formula is empty at 0"),
    ("x * sigmiod(x)", 4, "unknown function `sigmiod` at 4; did you mean `sigmoid`?"),
    ("x + betta", 4, "unknown name `betta` at 4; did you mean `beta`?"),
    ("x + qqqqq", 4, "unknown name `qqqqq` at 4"),
    ("x +", 3, "expected a number, a name or `(`, found the end at 3"),
    ("(x", 2, "expected `)`, found the end at 2"),
    ("x)", 1, "expected an operator or the end, found `)` at 1"),
    ("x x", 2, "no operator between `x` and `x` at 2; write `x * x`"),
    ("2 3", 2, "expected an operator or the end, found the number 3 at 2"),
    ("x ^ beta", 4, "the exponent must be a constant at 4"),
    ("x^(1/0)", 2, "the constant is not a finite number at 2"),
    ("1e999 * x", 0, "the constant is not a finite number at 0"),
    ("1.2.3", 3, "expected an operator or the end, found the number 0.3 at 3"),
    (". + x", 0, "malformed number `.` at 0"),
    ("x # 2", 2, "unexpected character `#` at 2"),
    ("é + § x", 0, "unexpected character `é` at 0"),
    ("sin", 3, "expected `(` after the function `sin`, found the end at 3"),
    ("sin()", 0, "`sin` takes 1 argument, not 0, at 0"),
    ("1 + max(x)", 4, "`max` takes 2 arguments, not 1, at 4"),
    ("where(x, 1, 2)", 7, "expected a comparison `<`, `<=`, `>` or `>=`, found `,` at 7"),
    ("where(x > 0, 1)", 0, "`where` takes 3 arguments, not 2, at 0"),
    ("x(2)", 1, "no operator between `x` and `(…)` at 1; write `x * (…)`"),
    ("ln(x, 1)", 0, "`ln` takes 1 argument, not 2, at 0"),
    ("arctn(x)", 0, "unknown function `arctn` at 0; did you mean `arctan`?"),
  ])
  func `faults have position and text`(_ text: String, _ position: Int, _ description: String) {
    do {
      let expression = try FormulaParser.parse(text, parameters: ["beta"])
      Issue.record("read as \(expression)")
    } catch {
      #expect(error.position == position)
      #expect(error.description == description)
    }
  }

  @Test func `a million parentheses are refused without harm`() {
    let limits: FormulaParser.Limits = {
      var limits = FormulaParser.Limits()
      limits.characters = 10_000_000
      return limits
    }()
    for opening in ["(", "-", "sin(", "x^", "where("] {
      let text = String(repeating: opening, count: 1_000_000) + "x"
      #expect(throws: FormulaError.self) { try FormulaParser.parse(text, parameters: [], limits: limits) }
      #expect(throws: FormulaError.self) { try FormulaParser.parse(text, parameters: []) }
    }
    let deep = String(repeating: "(", count: 51) + "x"
    #expect(throws: FormulaError(position: 50, reason: .tooDeep(limit: 50))) {
      try FormulaParser.parse(deep, parameters: [])
    }
    let wide = Array(repeating: "x", count: 300).joined(separator: "+")
    #expect(throws: FormulaError(position: 501, reason: .tooManyNodes(limit: 500))) {
      try FormulaParser.parse(wide, parameters: [])
    }
  }

  @Test(arguments: [
    ("log(x)", "the logarithm's argument `x` is negative at x = -10"),
    ("exp(x^2)", "the derivative by x at x = 9.265 is beyond single precision"),
    ("sqrt(abs(x))", "the square root's argument `abs(x)` is 0 at x = 0, where its derivative is infinite"),
    ("a + 1", "the formula does not use x"),
    ("x + sqrt(a)", "the square root's argument `a` is 0, where its derivative is infinite"),
    ("x + a", nil), ("where(x > 0, x, a * expm1(x))", nil),
  ])
  func `formulas that cannot be trained are refused`(_ text: String, _ problem: String?) throws {
    let expression = try FormulaParser.parse(text, parameters: ["a"])
    #expect(expression.problem(parameters: ["a": 0]) == problem)
  }

  @Test(arguments: [
    ("sin", "`sin` has a meaning of its own in formulas"),
    ("ln", "`ln` has a meaning of its own in formulas"), ("x", "`x` has a meaning of its own in formulas"),
    ("1a", "a parameter's name is a letter and then letters, digits or underscores"),
    ("", "a parameter's name is a letter and then letters, digits or underscores"), ("w_1", nil),
  ])
  func `parameter names are checked`(_ name: String, _ problem: String?) {
    #expect(FormulaParser.problem(withParameterName: name) == problem)
  }
}
