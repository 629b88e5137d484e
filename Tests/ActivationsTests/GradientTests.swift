// Every derivative against central differences, and every compiled program against double precision.

import Activations
import Testing

@Suite struct GradientTests {
  private static let points = (-40...40).map { Double($0) / 8 + 0.013 }

  @Test(arguments: Subject.all)
  func `symbolic derivatives match central differences`(_ subject: Subject) {
    let activation = subject.activation
    let raw = activation.parameters.initialRaw
    var values = activation.constants.initialValues.merging(activation.parameters.initialValues) { $1 }
    let slope = activation.expression.derivative(by: .x)
    for x in Self.points where subject.kinks.allSatisfy({ abs($0 - x) > 1e-3 }) {
      #expect(
        agree(slope.evaluate(x: x, parameters: values), activation.referenceSlope(x: x, raw: raw), 1e-7))
    }
    for parameter in activation.parameters {
      let slope = activation.expression.derivative(by: .parameter(parameter.name))
      for x in Self.points where subject.kinks.allSatisfy({ abs($0 - x) > 1e-3 }) {
        let exact = slope.evaluate(x: x, parameters: values)
        let value = parameter.initial
        values[parameter.name] = value + 1e-5
        let above = activation.expression.evaluate(x: x, parameters: values)
        values[parameter.name] = value - 1e-5
        let below = activation.expression.evaluate(x: x, parameters: values)
        values[parameter.name] = value
        #expect(agree(exact, (above - below) / 2e-5, 1e-7), "\(parameter.name) at \(x)")
      }
    }
  }

  @Test(arguments: Subject.all)
  func `compiled programs match double precision`(_ subject: Subject) {
    let activation = subject.activation
    let raw = activation.parameters.initialRaw.map(Float.init)
    let precise = raw.map(Double.init)
    for point in Self.points where subject.kinks.allSatisfy({ abs($0 - point) > 1e-3 }) {
      let x = Float(point)
      let pass = activation.run(x: [x], dy: [0.5], rows: 1, units: 1, raw: raw, sharing: .all)
      let (value, slope) = (
        activation.reference(x: Double(x), raw: precise),
        activation.referenceSlope(x: Double(x), raw: precise)
      )
      // A steep function answers to the rounding of its inner products: sin(30 x) to that of 30 x.
      let beside = Double(x) * (1 + 0x1p-22)
      // A sum of terms that cancel answers to the rounding of each, as a sum of kernels does.
      let terms = raw.indices.map {
        abs(precise[$0] * activation.referenceSlope(x: Double(x), raw: precise, by: $0))
      }
      let valueWobble =
        abs(activation.reference(x: beside, raw: precise) - value) + 0x1p-23 * terms.reduce(0, +)
      let slopeWobble = abs(activation.referenceSlope(x: beside, raw: precise) - slope)
      #expect(agree(Double(pass.y[0]), value, 2e-6 + valueWobble))
      #expect(agree(Double(pass.dx[0]), 0.5 * slope, 4e-6 + slopeWobble))
      for index in raw.indices {
        let expected = 0.5 * activation.referenceSlope(x: Double(x), raw: precise, by: index)
        #expect(agree(Double(pass.dparameters[index]), expected, 4e-6), "parameter \(index) at \(x)")
      }
    }
  }

  @Test(arguments: Subject.catalogue)
  func `everything is finite at extremes`(_ subject: Subject) {
    // The places where exponentials give out, and eight sizes of each decade between them.
    let sizes =
      [0, 1, 30, 88, 300]
      + (0...96).map { Float(1e-8 * Expression.unary(.exp, .x).evaluate(x: Double($0) * 0.28782313662)) }
    let x = sizes.flatMap { [$0, -$0] }
    let raw = subject.activation.parameters.initialRaw.map(Float.init)
    for x in x {
      let pass = subject.activation.run(x: [x], dy: [1], rows: 1, units: 1, raw: raw, sharing: .all)
      #expect(pass.y.allSatisfy { $0.isFinite }, "value at \(x)")
      #expect(pass.dx.allSatisfy { $0.isFinite }, "d/dx at \(x)")
      #expect(pass.dparameters.allSatisfy { $0.isFinite }, "d/dparameter at \(x)")
      let precise = raw.map(Double.init)
      let reference = subject.activation.reference(x: Double(x), raw: precise)
      let beside = subject.activation.reference(x: Double(x) * (1 + 0x1p-22), raw: precise)
      #expect(agree(Double(pass.y[0]), reference, 1e-3 + abs(beside - reference)))
    }
  }

  @Test func `NaN stays visible in every activation`() {
    for subject in Subject.catalogue {
      let raw = subject.activation.parameters.initialRaw.map(Float.init)
      let pass = subject.activation.run(x: [.nan], dy: [1], rows: 1, units: 1, raw: raw, sharing: .all)
      #expect(pass.y[0].isNaN, "\(subject.name)")
    }
  }

  /// The derivative at a kink is fixed: at relu's, 0; elu has none at 0.
  @Test(arguments: [
    ("relu", 0, 0), ("leaky_relu", 0, 0.01), ("prelu", 0, 0.25), ("elu", 0, 1), ("pelu", 0, 1),
    ("hard_tanh", 1, 0), ("hard_tanh", -1, 0), ("hard_sigmoid", 3, 0), ("hard_sigmoid", -3, 0),
    ("softsign", 0, 1),
  ])
  func `derivative at a kink is the documented one`(_ name: String, _ x: Float, _ expected: Float) throws {
    let entry = try #require(Catalogue.named(name))
    let activation = CompiledActivation(entry)
    let raw = activation.parameters.initialRaw.map(Float.init)
    let pass = activation.run(x: [x], dy: [1], rows: 1, units: 1, raw: raw, sharing: .all)
    #expect(abs(pass.dx[0] - expected) < 1e-6)
    let symbolic = entry.expression.derivative(by: .x)
      .evaluate(x: Double(x), parameters: entry.parameters.initialValues)
    #expect(abs(symbolic - Double(expected)) < 1e-7)
  }

  /// σ′ must not become exactly 0 where its true value is a normal number, and (1−e^−u)/(1+e^−u) not NaN.
  @Test func `tails keep their precision`() throws {
    let sigmoid = CompiledActivation(try #require(Catalogue.named("sigmoid")))
    let tail = sigmoid.run(x: [30], dy: [1], rows: 1, units: 1, raw: [], sharing: .all)
    #expect(agree(Double(tail.dx[0]) * 1e13, 0.9357622968839299, 1e-5))
    let tanh = CompiledActivation(try #require(Catalogue.named("parametric_tanh")))
    let far = tanh.run(x: [-100], dy: [1], rows: 1, units: 1, raw: [2, 0], sharing: .all)
    #expect(far.y == [-1])
  }

  /// An infinite value in the branch that is not taken must not turn the gradient into 0 · inf.
  @Test func `branch not taken contributes nothing`() throws {
    let formula = try FormulaParser.parse("where(x > 0, x, exp(a * x) - 1)", parameters: ["a"])
    let elu = CompiledActivation(formula, parameters: [Parameter("a", initial: -1)])
    let pass = elu.run(x: [1000, -1000], dy: [1, 1], rows: 2, units: 1, raw: [1], sharing: .all)
    #expect(pass.y == [1000, -1])
    #expect(pass.dx == [1, 0])
    #expect(pass.dparameters == [0])
  }
}
