// Malformed and dangerous formulas, each with the exact error that its author gets.

import Activations
import Testing

@Suite struct FormulaSafetyTests {
  /// What reading or checking a formula over x and the parameter a = 0.5 says.
  private func fault(_ text: String) -> String? {
    do {
      return try FormulaParser.parse(text, parameters: ["a"]).problem(parameters: ["a": 0.5])
    } catch {
      return error.description
    }
  }

  @Test(arguments: [
    ("", "the formula is empty at 0"),
    (" \n\t", "the formula is empty at 0"),
    ("(x + 1", "expected `)`, found the end at 6"),
    ("x + 1)", "expected an operator or the end, found `)` at 5"),
    ("()", "expected a number, a name or `(`, found `)` at 1"),
    ("* x", "expected a number, a name or `(`, found `*` at 0"),
    ("x + * 2", "expected a number, a name or `(`, found `*` at 4"),
    ("x +\n  1 +", "expected a number, a name or `(`, found the end at 9"),
    ("2x", "no operator between `2` and `x` at 1; write `2 * x`"),
    ("2 (x + 1)", "no operator between `2` and `(…)` at 2; write `2 * (…)`"),
    ("(x)(x)", "no operator between `(…)` and `(…)` at 3; write `(…) * (…)`"),
    ("a (x)", "no operator between `a` and `(…)` at 2; write `a * (…)`"),
    ("sin x", "expected `(` after the function `sin`, found `x` at 4"),
    ("x!", "unexpected `!` at 1; there are no factorials"),
    ("|x|", "unexpected `|` at 0; write `abs(x)`"),
    ("x % 2", "unexpected `%` at 2; there are no remainders or percentages"),
    ("x**2", "unexpected `**` at 1; powers are written with `^`"),
    ("pow(x, 2)", "unexpected `pow` at 0; powers are written with `^`"),
    ("y = x", "unexpected `=` at 2; give only the formula, the right-hand side"),
    (
      "where(x == 0, 1, x)",
      "unexpected `==` at 8; equality cannot be asked for; use `<`, `<=`, `>` or `>=`"
    ),
    (
      "where(0 < x < 1, x, 0)",
      "a second comparison in one condition at 12; nest `where`, or compare with `min` or `max`"
    ),
    (
      "x * (x > 0)",
      "the comparison `>` stands outside of a condition at 7; write `where(condition, then, otherwise)`"
    ),
    ("where(x, 1, 2)", "expected a comparison `<`, `<=`, `>` or `>=`, found `,` at 7"),
    ("where(x > 0, x)", "`where` takes 3 arguments, not 2, at 0"),
    ("max(x, 0, 1)", "`max` takes 2 arguments, not 3, at 0"),
    ("1 + tanh()", "`tanh` takes 1 argument, not 0, at 4"),
    ("x, 1", "unexpected `,` at 1; only arguments are separated by it, and decimals have a point"),
    ("max(x; 0)", "unexpected `;` at 5; separate arguments by `,`"),
    ("nan", "unknown name `nan` at 0"),
    ("inf * x", "unknown name `inf` at 0"),
    ("x * sigmiod(x)", "unknown function `sigmiod` at 4; did you mean `sigmoid`?"),
    ("x + betta", "unknown name `betta` at 4"),
    ("x^a", "the exponent must be a constant at 2"),
    ("x^x", "the exponent must be a constant at 2"),
    ("1e999 * x", "the constant is not a finite number at 0"),
    ("1e-999 * x", "the constant `1e-999` is too small at 0"),
    ("x + 1.2.3", "expected an operator or the end, found the number 0.3 at 7"),
    ("2 \u{D7} x", "unexpected `\u{D7}` at 2; use `*`"),
    ("x \u{2212} 1", "unexpected `\u{2212}` at 2; use `-`"),
    ("\u{445} + 1", "unexpected `\u{445}` at 0; this letter looks like `x` and is another"),
    ("x\u{7}", "unexpected character U+0007 at 1"),
    ("x + \u{200B}1", "unexpected character U+200B at 4"),
    ("x # comment", "unexpected character `#` at 2"),
    ("a + 1", "the formula does not use x"),
    ("1 / x", "the divisor `x` is 0 at x = 0"),
    ("1 / (x - 0.1234)", "the divisor `x - 0.1234` is 0 at x = 0.1234"),
    ("1 / (x^2 - 2)", "the divisor `x^2 - 2` is 0 at x = -1.414213562"),
    ("x / (x - 33.3)", "the divisor `x - 33.3` is 0 at x = 33.3"),
    ("sin(x - 0.123) / (x - 0.123)", "the divisor `x - 0.123` is 0 at x = 0.123"),
    ("x / (abs(x) + 1e-12)", "the divisor `abs(x) + 1e-12` is almost 0 at x = 0"),
    ("(x + 0.0012)^-2", "the base of a negative power `x + 0.0012` is 0 at x = -0.0012"),
    ("x / (2 * a - 1)", "the divisor `2 * a - 1` is 0"),
    ("log(x + 3.3)", "the logarithm's argument `x + 3.3` is negative at x = -10"),
    ("log(abs(x - 0.7654321))", "the logarithm's argument `abs(x - 0.7654321)` is 0 at x = 0.7654321"),
    ("log1p(x)", "the argument of log1p `x` is below -1 at x = -10"),
    ("sqrt(x)", "the square root's argument `x` is negative at x = -10"),
    (
      "sqrt(max(x, 0))",
      "the square root's argument `max(x, 0)` is 0 at x = 0, where its derivative is infinite"
    ),
    ("x^1.5", "the base of a power that is not whole `x` is negative at x = -10"),
    ("exp(x)", "the value at x = 100 is beyond single precision"),
    ("exp(exp(x))", "the derivative by x at x = 4.435 is beyond single precision"),
    ("exp(exp(exp(exp(x + 5))))", "the value at x = 0 is infinite"),
    ("1e39 * x", "the derivative by x at x = 0 is beyond single precision"),
    ("log(1 + exp(x))", "the value at x = 100 is infinite in single precision"),
    (
      "(exp(x) - exp(-x)) / (exp(x) + exp(-x))",
      "the value at x = 100 is not a number in single precision"
    ),
    ("x + exp(a * 1000)", "the value at x = 0 is beyond single precision"),
  ])
  func `every fault is named`(_ text: String, _ expected: String) {
    #expect(fault(text) == expected)
  }

  @Test func `nothing is read without end`() {
    let long = String(repeating: "x + ", count: 25_000) + "x"
    #expect(fault(long) == "more than 10000 characters at 10000")
    #expect(fault(String(repeating: "(", count: 60) + "x") == "nested more than 50 deep at 50")
    #expect(fault(String(repeating: "-", count: 60) + "x") == "nested more than 50 deep at 50")
    let nested = String(repeating: "where(x > 0, x, ", count: 60) + "x" + String(repeating: ")", count: 60)
    #expect(fault(nested) == "nested more than 50 deep at 790")
    let wide = Array(repeating: "x", count: 300).joined(separator: "+")
    #expect(fault(wide) == "more than 500 operations and operands at 501")
    let digits = "1" + String(repeating: "0", count: 400)
    #expect(fault("\(digits) * x") == "the constant is not a finite number at 0")
    let zeros = "0." + String(repeating: "0", count: 400) + "1"
    #expect(fault("x * \(zeros)") == "the constant `0.0000000000…00000001` is too small at 4")
  }

  /// What only looks dangerous is let through.
  @Test(arguments: [
    "x / (1 + exp(-x))", "where(abs(x) < 0.001, 1, sin(x) / x)", "1 / (2 + sin(x))", "sqrt(x^2 + 1)",
    "where(x > 0, log(x + 1), x)", "x / (1 + abs(x))", "x^9", "log(x^2 + 0.01)", "max(x, 0)^1.5",
    "where(x > 0, x, a * expm1(x))", "x * exp(-x^2)",
  ])
  func `sound formulas pass`(_ text: String) {
    #expect(fault(text) == nil)
  }

  @Test func `parameters are held against the formula`() {
    func faults(_ formula: String, _ parameters: [String]) -> [String] {
      let members = parameters.map { OptionMember($0, .object([OptionMember("initial", .number(1))])) }
      do {
        _ = try Strategy(
          .strategy("expression", ["expression": .string(formula), "parameters": .object(members)])
        ).specification(seed: 0)
        return []
      } catch {
        return error.faults.map { "/\($0.path.joined(separator: "/")): \($0.detail)" }
      }
    }
    #expect(faults("x", ["a"]) == ["/parameters/a: the formula does not use `a`"])
    #expect(faults("a * x", []) == ["/expression: unknown name `a` at 0; did you mean `x`?"])
    #expect(faults("x", ["sin"]).first == "/parameters/sin: `sin` has a meaning of its own in formulas")
    #expect(
      faults("x", ["\u{3B2}"]).first
        == "/parameters/\u{3B2}: a parameter's name is a letter and then letters, digits or underscores")
  }

  @Test func `a parameter of no use has no gradient`() {
    let activation = CompiledActivation(max(.x, 0), parameters: [Parameter("a", initial: 1)])
    let pass = activation.run(x: [2, -2], dy: [1, 1], rows: 2, units: 1, raw: [1], sharing: .all)
    #expect(pass == Pass(y: [2, 0], dx: [1, 0], dparameters: [0]))
  }
}
