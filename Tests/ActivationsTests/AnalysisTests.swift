// The facts about activations, against declarations, tables and functions made to mislead.

import Activations
import Testing

@Suite struct AnalysisTests {
  private func analysis(_ text: String, _ parameters: [Parameter] = []) throws -> ActivationAnalysis {
    ActivationAnalysis(
      try FormulaParser.parse(text, parameters: Set(parameters.map(\.name))), parameters: parameters)
  }

  @Test(arguments: Catalogue.all)
  func `breaks are the declared ones`(_ entry: Activation) {
    let analysis = ActivationAnalysis(entry)
    #expect(analysis.kinks.count == entry.kinks.count)
    for (found, declared) in zip(analysis.kinks, entry.kinks) { #expect(agree(found, declared, 1e-9)) }
    #expect(analysis.smoothness == entry.smoothness)
    #expect(analysis.finiteness.isFinite && analysis.finiteness.extremeFaults.isEmpty)
    #expect(agree(analysis.moments.secondMoment, entry.moments.secondMoment, 1e-12))
    #expect(analysis.parameters.allSatisfy { $0.mobility == .moves })
  }

  struct Row: Sendable {
    var name: String
    var monotonicity: Monotonicity
    var left: Tail
    var right: Tail
    var infimum: Double?
    var supremum: Double?
    var lipschitz: Double
    var atZero: (value: Double, slope: Double)
    var symmetry = ActivationAnalysis.Symmetry.none
  }

  static let table: [Row] = [
    Row(
      name: "identity", monotonicity: .increasing, left: .linear(slope: 1), right: .linear(slope: 1),
      lipschitz: 1, atZero: (0, 1), symmetry: .odd),
    Row(
      name: "sigmoid", monotonicity: .increasing, left: .constant(0), right: .constant(1), infimum: 0,
      supremum: 1, lipschitz: 0.25, atZero: (0.5, 0.25)),
    Row(
      name: "tanh", monotonicity: .increasing, left: .constant(-1), right: .constant(1), infimum: -1,
      supremum: 1, lipschitz: 1, atZero: (0, 1), symmetry: .odd),
    Row(
      name: "softsign", monotonicity: .increasing, left: .constant(-1), right: .constant(1), infimum: -1,
      supremum: 1, lipschitz: 1, atZero: (0, 1), symmetry: .odd),
    Row(
      name: "hard_sigmoid", monotonicity: .nondecreasing, left: .constant(0), right: .constant(1), infimum: 0,
      supremum: 1, lipschitz: 1.0 / 6, atZero: (0.5, 1.0 / 6)),
    Row(
      name: "hard_tanh", monotonicity: .nondecreasing, left: .constant(-1), right: .constant(1), infimum: -1,
      supremum: 1, lipschitz: 1, atZero: (0, 1), symmetry: .odd),
    Row(
      name: "relu", monotonicity: .nondecreasing, left: .constant(0), right: .linear(slope: 1), infimum: 0,
      lipschitz: 1, atZero: (0, 0)),
    Row(
      name: "leaky_relu", monotonicity: .increasing, left: .linear(slope: 0.01), right: .linear(slope: 1),
      lipschitz: 1, atZero: (0, 0.01)),
    Row(
      name: "elu", monotonicity: .increasing, left: .constant(-1), right: .linear(slope: 1), infimum: -1,
      lipschitz: 1, atZero: (0, 1)),
    Row(
      name: "softplus", monotonicity: .increasing, left: .constant(0), right: .linear(slope: 1), infimum: 0,
      lipschitz: 0.9999546021312976, atZero: (0.6931471805599453, 0.5)),
    Row(
      name: "silu", monotonicity: .none, left: .constant(0), right: .linear(slope: 1),
      infimum: -0.2784645427610738, lipschitz: 1.0998393201288669, atZero: (0, 0.5)),
    Row(
      name: "gelu", monotonicity: .none, left: .constant(0), right: .linear(slope: 1),
      infimum: -0.16997120747990366, lipschitz: 1.1289041451851547, atZero: (0, 0.5)),
    Row(
      name: "mish", monotonicity: .none, left: .constant(0), right: .linear(slope: 1),
      infimum: -0.3088434130172504, lipschitz: 1.088498161251728, atZero: (0, 0.6)),
    Row(
      name: "snake", monotonicity: .increasing, left: .linear(slope: 1), right: .linear(slope: 1),
      lipschitz: 2, atZero: (0, 1)),
    Row(
      name: "selu", monotonicity: .increasing, left: .constant(-1.7580993408473766),
      right: .linear(slope: 1.0507009873554805), infimum: -1.7580993408473766, lipschitz: 1.7580993408473766,
      atZero: (0, 1.7580993408473766)),
  ]

  @Test(arguments: table)
  func `known functions have their properties`(_ row: Row) throws {
    let analysis = ActivationAnalysis(try #require(Catalogue.named(row.name)))
    #expect(analysis.monotonicity == row.monotonicity)
    expectSame(analysis.leftTail, row.left)
    expectSame(analysis.rightTail, row.right)
    for (found, expected) in [(analysis.infimum, row.infimum), (analysis.supremum, row.supremum)] {
      #expect((found == nil) == (expected == nil))
      if let found, let expected { #expect(agree(found, expected, 1e-9)) }
    }
    #expect(agree(try #require(analysis.lipschitzConstant), row.lipschitz, 1e-9))
    #expect(agree(analysis.valueAtZero, row.atZero.value, 1e-12))
    #expect(agree(analysis.derivativeAtZero, row.atZero.slope, 1e-12))
    #expect(analysis.symmetry == row.symmetry)
  }

  private func expectSame(_ found: Tail, _ expected: Tail) {
    switch (found, expected) {
    case (.constant(let a), .constant(let b)), (.linear(let a), .linear(let b)): #expect(agree(a, b, 1e-7))
    default: #expect(found == expected)
    }
  }

  @Test func `extrema are located`() throws {
    let silu = try analysis("x * sigmoid(x)")
    #expect(silu.extrema.map(\.kind) == [.minimum])
    #expect(agree(try #require(silu.extrema.first).x, -1.2784645427610738, 1e-9))
    let wave = try analysis("cos(x)")
    #expect(wave.extrema.count == 7)
    #expect(wave.extrema[3] == Extremum(kind: .maximum, x: 0, value: 1))
    let drop = try analysis("where(x > 1, x - 3, x)")
    #expect(
      drop.extrema == [
        Extremum(kind: .maximum, x: 1, value: 1), Extremum(kind: .minimum, x: 1, value: -2),
      ])
    #expect(drop.jumps == [1] && drop.monotonicity == .none)
  }

  @Test(arguments: [
    ("max(x, sin(3 * x))", [-0.7596208866919427, 0, 0.7596208866919427], [], Smoothness.continuous),
    ("sigmoid(50 * x)", [], [], .smooth),
    ("tanh(200 * (x - 0.3))", [], [], .smooth),
    ("max(0.2 - abs(x - 1), 0) + sigmoid(50 * x)", [0.8, 1, 1.2], [], .continuous),
    ("max(1 - 1000 * abs(x - 0.1234), 0)", [0.1224, 0.1234, 0.1244], [], .continuous),
    ("where(abs(x) > 0.5, x, 0)", [], [-0.5, 0.5], .discontinuous),
    ("where(x > 2, max(x, 3), 2)", [3], [2], .discontinuous),
    ("sign(x - 0.25)", [], [0.25], .discontinuous),
    ("max(x, 0)^2", [], [], .c1), ("max(x, 0)^3", [], [], .c1), ("x * abs(x)", [], [], .c1),
    ("where(x > 0, x, expm1(x))", [], [], .c1), ("where(x > 0, x, 2 * expm1(x))", [0], [], .continuous),
    ("where(abs(x) < 0.0001, 1 - x^2 / 6, sin(x) / x)", [], [], .smooth),
    ("sqrt(x^2)", [0], [], .continuous), ("sqrt(x^2 + 0.0001)", [], [], .smooth),
    ("0.5 * (1.25 * x + sqrt((0.75 * x)^2 + 1.9e-17))", [0], [], .continuous),
    ("max(x^2, 0)", [], [], .smooth), ("max(x, x - 1)", [], [], .smooth),
  ])
  func `breaks are found and not invented`(
    _ text: String, _ kinks: [Double], _ jumps: [Double], _ smoothness: Smoothness
  ) throws {
    let analysis = try analysis(text)
    #expect(analysis.kinks.count == kinks.count && analysis.jumps == jumps)
    for (found, expected) in zip(analysis.kinks, kinks) { #expect(agree(found, expected, 1e-9)) }
    #expect(analysis.smoothness == smoothness)
  }

  @Test func `every kink of a wave is found`() throws {
    let wave = try analysis("abs(sin(20 * x))")
    #expect(wave.kinks.count == 127 && wave.jumps.isEmpty)
    for (index, kink) in wave.kinks.enumerated() {
      #expect(agree(kink, Double(index - 63) * .pi / 20, 1e-12))
    }
  }

  @Test func `unsound functions are described all the same`() throws {
    let pole = try analysis("1 / (x - 0.123)")
    #expect(pole.finiteness.valueFaults == [0.123...0.123])
    #expect(pole.smoothness == .discontinuous && pole.monotonicity == .none)
    #expect(pole.infimum == nil && pole.supremum == nil && pole.lipschitzConstant == nil)
    let half = try analysis("log(x + 3.3)")
    #expect(half.finiteness.valueFaults.contains(-10 ... -3.3))
    #expect(half.finiteness.valueFaults.contains(-100 ... -100))
    #expect(half.finiteness.extremeFaults == [-1e4, -1e3])
    #expect(half.rightTail == .sublinear(.plus) && half.leftTail == .undefined)
    let steep = try analysis("sign(x) * sqrt(abs(x))")
    #expect(steep.lipschitzConstant == nil && steep.kinks == [0])
  }

  @Test(arguments: [
    ("exp(x)", Tail.constant(0), Tail.superlinear(.plus)), ("x^3", .superlinear(.minus), .superlinear(.plus)),
    ("x * cos(x)", .oscillating(isGrowing: true), .oscillating(isGrowing: true)),
    ("sin(x)", .oscillating(isGrowing: false), .oscillating(isGrowing: false)),
    ("x + 5 * sin(x)", .linear(slope: 1), .linear(slope: 1)),
    ("log1p(abs(x))", .sublinear(.plus), .sublinear(.plus)),
    ("sqrt(x^2 + 1)", .linear(slope: -1), .linear(slope: 1)),
    ("sin(x) / (1 + abs(x))", .constant(0), .constant(0)),
  ])
  func `tails are told`(_ text: String, _ left: Tail, _ right: Tail) throws {
    let analysis = try analysis(text)
    #expect(analysis.leftTail == left)
    #expect(analysis.rightTail == right)
  }

  @Test(arguments: [
    ("abs(b) * x", 0, ParameterAnalysis.Mobility.stuck), ("max(b, 0) * x", 0, .stuck),
    ("max(b, 0) * x", 1, .moves), ("x + 0 * b", 1, .noInfluence), ("x + b - b", 1, .noInfluence),
    ("b^2 * x", 0, .stuck), ("sigmoid(b * x)", 0, .moves),
  ])
  func `dead parameters are found`(_ text: String, _ initial: Double, _ mobility: ParameterAnalysis.Mobility)
    throws
  {
    let analysis = try analysis(text, [Parameter("b", initial: initial)])
    #expect(analysis.parameters.map(\.mobility) == [mobility])
  }

  @Test func `a parameter may have to wait for another`() throws {
    let waiting = try analysis(
      "x + a * sin(x) + a * b * x^2", [Parameter("a", initial: 0), Parameter("b", initial: 0)])
    #expect(waiting.parameters.map(\.mobility) == [.moves, .late])
    let both = try analysis("x + a * b * x^2", [Parameter("a", initial: 0), Parameter("b", initial: 0)])
    #expect(both.parameters.map(\.mobility) == [.stuck, .stuck])
    #expect(
      both.parameters[0].statement == "`a` cannot move from its initial value: its derivative is 0 there")
  }

  @Test(arguments: [
    ("parametric_sigmoid", [[ParameterAnalysis.Role.inputScale], [.inputShift]]), ("prelu", [[]]),
    ("swish", [[.outputScale, .inputScale]]), ("snake", [[.outputScale, .inputScale]]),
    ("pelu", [[.outputScale], [.inputScale]]),
  ])
  func `mere reparameterisation is told`(_ name: String, _ roles: [[ParameterAnalysis.Role]]) throws {
    #expect(ActivationAnalysis(try #require(Catalogue.named(name))).parameters.map(\.roles) == roles)
  }

  @Test func `every affine parameter is reparameterisation`() throws {
    let parameters = [
      Parameter("a", initial: 1), Parameter("b", initial: 1, constraint: .positive),
      Parameter("c", initial: 0), Parameter("d", initial: 0),
    ]
    let taaf = try analysis("a * tanh(b * x + c) + d", parameters)
    #expect(
      taaf.parameters.map(\.roles) == [
        [.outputScale, .outputShift], [.inputScale], [.inputShift], [.outputShift],
      ])
    #expect(
      taaf.parameters[0].statement == "`a` is mere output scale and output shift where every unit has its own"
    )
  }

  /// With softmax weights only differences count: two candidates' weights move one number.
  @Test func `simplex weights move at each other's expense`() throws {
    let weights = ["u", "v"].map { Parameter($0, initial: 0.5, constraint: .simplex) }
    let shape = try analysis("u * tanh(x) + v * sin(x)", weights)
    #expect(shape.parameters.allSatisfy { $0.mobility == .moves && $0.roles.isEmpty })
    let none = try analysis("u * tanh(x) + v * tanh(x)", weights)
    #expect(none.parameters.allSatisfy { $0.mobility == .noInfluence })
  }

  @Test func `cost is counted in the programs`() throws {
    let relu = ActivationAnalysis(try #require(Catalogue.named("relu"))).cost
    let mish = ActivationAnalysis(try #require(Catalogue.named("mish"))).cost
    #expect(relu.forward.instructions == 1 && relu.forward.transcendentals == 0)
    #expect(mish.forward.instructions == 3 && mish.forward.transcendentals == 2)
    #expect(relu.forward.nanoseconds < mish.forward.nanoseconds)
    #expect(mish.forward.nanoseconds < mish.backward.nanoseconds)
  }

  @Test func `a spline costs what its kernel does, whatever its knots`() throws {
    func cost(knots: Int) throws -> ActivationCost {
      var strategy = SplineStrategy()
      strategy.knots = KnotStages(knots)
      return ActivationAnalysis(try AnalysisSubject(Strategy(strategy))).cost
    }
    let tanh = ActivationAnalysis(try #require(Catalogue.named("tanh"))).cost
    let few = try cost(knots: 11)
    #expect(try few == cost(knots: 51))
    #expect(few.forward.nanoseconds < 4 * tanh.forward.nanoseconds)
  }

  @Test func `texts are given`() throws {
    let swish = ActivationAnalysis(try #require(Catalogue.named("swish")))
    #expect(swish.formula == "x * sigmoid(beta * x)" && swish.canonicalFormula == "x * sigmoid(beta * x)")
    #expect(swish.derivatives.map(\.variable) == [.x, .parameter("beta")])
    #expect(swish.derivatives[1].formula == "x * (sigmoid_slope(beta * x) * x)")
  }
}
