// Which known function a curve is: exact answers in the simplest terms, approximate ones by fit.

import Activations
import Testing

@Suite struct PriorArtTests {
  /// A catalogue that later entries do not change.
  private static let art = PriorArt(
    [
      "identity", "sigmoid", "tanh", "softsign", "hard_sigmoid", "hard_tanh", "relu", "prelu", "elu",
      "softplus",
      "silu", "swish", "gelu", "mish", "snake", "parametric_sigmoid",
    ].compactMap(Catalogue.named))

  @Test(
    arguments: [
      ("2 * x * sigmoid(1.702 * x)", "equal to `swish` with beta = 1.702 up to scale"),
      ("x / (1 + exp(-x))", "equal to `silu`"),
      ("x * sigmoid(0.3 * x)", "equal to `swish` with beta = 0.3"),
      ("(x + abs(x)) / 2", "equal to `relu`"),
      ("where(x > 0, x, 0.1 * x)", "equal to `prelu` with a = 0.1"),
      ("0.3 * max(x, 0) - 1", "equal to `relu` up to scale and shift"),
      ("2 * x + 1", "equal to `identity` up to scale and shift"),
      ("-tanh(x)", "equal to `tanh` up to scale"),
      ("x + sin(3 * x)^2 / 3", "equal to `snake` with a = 3"),
      ("log(1 + exp(2 * x)) / 2", "equal to `softplus` up to scale of input and output"),
      ("max(min(x / 4 + 0.3, 1), -1)", "equal to `hard_tanh` up to scale and shift of the input"),
      (
        "2 * tanh(0.3 * x - 1) + 5",
        "equal to `parametric_sigmoid` with a = 0.6 and b = -2 up to scale and shift"
      ),
    ])
  func `formulas are named`(_ text: String, _ statement: String) throws {
    let answers = Self.art.nearest(to: try FormulaParser.parse(text, parameters: []))
    #expect(try #require(answers.first).statement == statement)
  }

  @Test func `maps are given in clean numbers`() throws {
    let swish = try #require(
      Self.art.nearest(to: try FormulaParser.parse("2 * x * sigmoid(1.702 * x)", parameters: [])).first)
    #expect(swish.parameters == [Resemblance.Value(name: "beta", value: 1.702, isInitial: false)])
    #expect([swish.inputScale, swish.inputShift, swish.outputScale, swish.outputShift] == [1, 0, 2, 0])
    let tanh = try #require(
      Self.art.nearest(
        to: try FormulaParser.parse("sigmoid(x)", parameters: []),
        excluding: ["sigmoid", "parametric_sigmoid", "hard_sigmoid"]
      ).first)
    #expect(tanh.function == "tanh" && tanh.isEqual)
    #expect([tanh.inputScale, tanh.inputShift, tanh.outputScale, tanh.outputShift] == [0.5, 0, 0.5, 0.5])
    #expect(tanh.statement == "equal to `tanh` up to scale of the input and scale and shift of the output")
  }

  @Test func `approximations are not called equal`() throws {
    let formula = "0.5 * x * (1 + tanh(0.7978845608028654 * (x + 0.044715 * x^3)))"
    let answer = try #require(
      Self.art.nearest(to: try FormulaParser.parse(formula, parameters: [])).first)
    #expect(answer.function == "gelu" && !answer.isEqual)
    #expect(answer.rSquared > 0.999999)
    #expect(answer.statement.hasPrefix("nearest is `gelu`"))
    // A line is a piece of hard_tanh on every bounded stretch, but not the same function.
    let line = Self.art.nearest(to: try FormulaParser.parse("3 * x - 1", parameters: []), limit: 10)
    #expect(line.allSatisfy { !$0.isEqual || ["identity", "prelu", "swish"].contains($0.function) })
  }

  @Test(arguments: Catalogue.all)
  func `every entry is itself`(_ entry: Activation) throws {
    guard entry.training == nil else { return }
    let values = entry.parameters.initialValues
    let answer = try #require(
      PriorArt.catalogue.nearest(to: entry.expression, parameters: values).first)
    let found = try #require(Catalogue.named(answer.function))
    #expect(answer.isEqual && answer.statement == "equal to `\(answer.function)`")
    #expect(
      Fingerprint(of: found.expression, parameters: found.parameters.initialValues)
        == Fingerprint(of: entry.expression, parameters: values))
  }

  /// A trained curve is another function with noise, seen where inputs fell.
  @Test(arguments: [("gelu", 1.3, 0.2, -0.7), ("tanh", 0.8, -0.5, 2), ("elu", 1.5, 0.4, 0.6)])
  func `noisy curves are named`(_ name: String, _ a: Double, _ b: Double, _ c: Double) throws {
    let entry = try #require(Catalogue.named(name)).expression
    var noise = Noise(17)
    let curve = (-60...60).map { step -> CurvePoint in
      let x = Double(step) / 15
      let y = c * entry.evaluate(x: a * x + b) + 0.3 + Double(noise.next(0.002))
      return CurvePoint(x: x, y: y, weight: 1 / (1 + x * x))
    }
    let answers = Self.art.nearest(to: curve)
    let best = try #require(answers.first)
    #expect(answers.count == 3)
    #expect(!best.isEqual && best.rSquared > 0.999)
    // sigmoid and tanh are one shape, and so are elu and its scaled kin.
    #expect(
      name == "tanh"
        ? ["tanh", "sigmoid", "parametric_sigmoid"].contains(best.function) : best.function == name)
    #expect(zip(answers, answers.dropFirst()).allSatisfy { $0.unexplained < 1.6 * $1.unexplained })
  }

  @Test func `nearly straight curves are lines`() throws {
    var noise = Noise(5)
    let curve = (-50...50).map { step -> CurvePoint in
      let x = Double(step) / 10
      return CurvePoint(x: x, y: 0.7 * x + 0.1 + Double(noise.next(0.02)))
    }
    let best = try #require(Self.art.nearest(to: curve).first)
    #expect(best.function == "identity")
    #expect(abs(best.outputScale - 0.7) < 0.01 && abs(best.outputShift - 0.1) < 0.01)
  }

  @Test func `curves without shape have no answer`() throws {
    #expect(Self.art.nearest(to: (0..<20).map { CurvePoint(x: Double($0), y: 3) }).isEmpty)
    #expect(Self.art.nearest(to: []).isEmpty)
    #expect(Self.art.nearest(to: (0..<20).map { CurvePoint(x: Double($0), y: .nan) }).isEmpty)
    #expect(Self.art.nearest(to: (0..<20).map { CurvePoint(x: 1, y: Double($0)) }).isEmpty)
    #expect(Self.art.nearest(to: try FormulaParser.parse("log(x)", parameters: [])).isEmpty)
  }

  @Test func `answers are repeatable`() throws {
    let formula = try FormulaParser.parse("x * sigmoid(x) + 0.3 * sin(2 * x)", parameters: [])
    #expect(Self.art.nearest(to: formula) == Self.art.nearest(to: formula))
  }
}
