// The catalogue as a whole: names, metadata, parameters and their constraints.

import Activations
import Testing

@Suite struct CatalogueTests {
  @Test func `names and aliases are unique`() {
    let names = Catalogue.all.flatMap { [$0.name] + $0.aliases }
    #expect(Set(names).count == names.count)
    for name in names { #expect(Catalogue.named(name) != nil) }
    #expect(Catalogue.named("swish_1")?.name == "silu")
    #expect(Catalogue.named("nonsense") == nil)
    #expect(Catalogue.nearest(to: "paramteric_sigmoid") == "parametric_sigmoid")
    #expect(Catalogue.nearest(to: "zzzzzzzz") == nil)
  }

  /// The classes of `torch.nn` and `keras.layers` whose functions the catalogue has.
  @Test(arguments: [
    ("CELU", "celu"), ("ELU", "elu"), ("GELU", "gelu"), ("Hardshrink", "hardshrink"),
    ("Hardsigmoid", "hard_sigmoid"), ("Hardswish", "hard_swish"), ("Hardtanh", "hard_tanh"),
    ("LeakyReLU", "leaky_relu"), ("LogSigmoid", "logsigmoid"), ("Mish", "mish"), ("PReLU", "prelu"),
    ("ReLU", "relu"), ("ReLU6", "relu6"), ("RReLU", "rrelu"), ("SELU", "selu"), ("SiLU", "silu"),
    ("Sigmoid", "sigmoid"), ("Softplus", "softplus"), ("Softshrink", "softshrink"), ("Softsign", "softsign"),
    ("Tanh", "tanh"), ("Tanhshrink", "tanhshrink"), ("Threshold", "threshold"), ("leakyrelu", "leaky_relu"),
    ("LEAKY-RELU", "leaky_relu"), ("Leaky ReLU", "leaky_relu"), ("HardTanh", "hard_tanh"),
  ])
  func `class names of libraries are names`(_ name: String, _ function: String) {
    #expect(Catalogue.named(name)?.name == function)
  }

  @Test func `names are told apart by their letters and digits`() {
    let names = Catalogue.all.flatMap { entry in ([entry.name] + entry.aliases).map { ($0, entry.name) } }
    for (name, function) in names {
      #expect(Catalogue.named(name.replacing("_", with: "").uppercased())?.name == function, "\(name)")
    }
  }

  @Test(arguments: ["mish", "relu", "silu", "gelu"])
  func `a dynamic form starts as its function and can become the identity`(_ name: String) throws {
    let function = try #require(Catalogue.named(name)).expression
    let dynamic = try #require(Catalogue.named("dynamic_\(name)"))
    #expect(dynamic.parameters.map(\.name) == ["a", "b"] && dynamic.parameters.map(\.initial) == [1, 0])
    for x in stride(from: -6.0, through: 6, by: 0.37) {
      func value(_ a: Double, _ b: Double) -> Double {
        dynamic.expression.evaluate(x: x, parameters: ["a": a, "b": b])
      }
      #expect(agree(value(1, 0), function.evaluate(x: x), 1e-14))
      #expect(agree(value(0.7, 0.7), 0.7 * x, 1e-14))
      #expect(agree(value(1.5, -0.25), 1.75 * function.evaluate(x: x) - 0.25 * x, 1e-12))
    }
  }

  /// The number that libraries let a function take is a parameter of an entry that holds the function itself.
  @Test(arguments: Catalogue.all.filter { $0.number != nil }.map(\.name))
  func `a number belongs to an entry that holds the function`(_ name: String) throws {
    let entry = try #require(Catalogue.named(name))
    let number = try #require(entry.number)
    let function = try #require(Catalogue.named(number.function))
    let initial = function.parameters.initialValues
    #expect(initial.keys.contains(number.parameter))
    let points = stride(from: -4.0, through: 4, by: 0.173).map { $0 }
    func distance(_ value: Double) -> Double {
      let values = initial.merging([number.parameter: value]) { $1 }
      return points.map {
        abs(function.expression.evaluate(x: $0, parameters: values) - entry.expression.evaluate(x: $0))
      }.max() ?? .infinity
    }
    #expect([0, 0.01, 1.0 / 3, 0.5, 1, 4].contains { distance($0) < 1e-9 })
  }

  @Test(arguments: Subject.catalogue)
  func `metadata is complete`(_ subject: Subject) throws {
    let entry = try #require(Catalogue.named(subject.name))
    #expect(!entry.summary.isEmpty && !entry.source.isEmpty)
    let names = entry.expression.parameterNames.union(entry.training?.parameterNames ?? [])
    #expect(Set(entry.parameters.map(\.name)) == names)
    #expect(entry.kinks == entry.kinks.sorted() && entry.jumps == entry.jumps.sorted())
    #expect(entry.jumps.isEmpty == (entry.smoothness != .discontinuous))
    #expect(entry.kinks.isEmpty || [.continuous, .discontinuous].contains(entry.smoothness))
    #expect(!entry.kinks.isEmpty || entry.smoothness != .continuous)
    #expect(entry.expression.problem(parameters: entry.parameters.initialValues) == nil)
  }

  /// Where value or derivative jump there is a declared jump or kink, and nowhere else.
  @Test(arguments: Subject.catalogue)
  func `jumps and kinks are where value and derivative jump`(_ subject: Subject) throws {
    let entry = try #require(Catalogue.named(subject.name))
    let slope = entry.expression.surrogate.derivative(by: .x)
    let values = entry.parameters.initialValues
    let grid = (-1000...1000).map { Double($0) / 100 } + entry.kinks + entry.jumps
    for x in grid {
      #expect(entry.jumps.contains(x) == jumps(entry.expression, at: x, values), "at \(x)")
      if entry.smoothness == .discontinuous { continue }
      #expect(entry.kinks.contains(x) == jumps(slope, at: x, values), "at \(x)")
    }
  }

  /// Also where a formula switches: the derivative at the very point must be its limit from both sides.
  @Test(arguments: Subject.catalogue)
  func `the derivative at a switch is its limit`(_ subject: Subject) throws {
    let entry = try #require(Catalogue.named(subject.name))
    guard entry.smoothness == .c1 || entry.smoothness == .smooth else { return }
    let slope = entry.expression.derivative(by: .x)
    let values = entry.parameters.initialValues
    for x in (-60...60).map({ Double($0) / 12 }) {
      let sides = [-1e-7, 1e-7].map { slope.evaluate(x: x + $0, parameters: values) }
      let exact = slope.evaluate(x: x, parameters: values)
      #expect(abs(exact - (sides[0] + sides[1]) / 2) < 1e-5 * max(1, abs(exact)), "at \(x)")
    }
  }

  /// Across a jump the difference does not shrink with the distance; a steep function's does.
  private func jumps(_ function: Expression, at x: Double, _ values: [String: Double]) -> Bool {
    let (near, far) = (1e-9 * max(1, abs(x)), 1e-8 * max(1, abs(x)))
    let differences = [near, far].map { distance in
      function.evaluate(x: x + distance, parameters: values)
        - function.evaluate(x: x - distance, parameters: values)
    }
    return abs(differences[0]) > 1e-4 && abs(differences[1]) < 5 * abs(differences[0])
  }

  @Test func `there are as many different functions as the documentation says`() {
    let distinct = Set(
      Catalogue.all.map { Fingerprint(of: $0.expression, parameters: $0.parameters.initialValues) })
    #expect(
      distinct.count == 150, "README says how many different functions there are: write the number there too")
  }

  @Test func `seed functions are exactly their formulas`() throws {
    let sigmoid = try #require(Catalogue.named("parametric_sigmoid"))
    let tanh = try #require(Catalogue.named("parametric_tanh"))
    #expect(sigmoid.parameters.map(\.initial) == [1, 0])
    #expect(tanh.parameters.map(\.initial) == [2, 0])
    for x in stride(from: -4.0, through: 4, by: 0.37) {
      let (a, b) = (0.7, -0.4)
      let e = exponential(-(a * x + b))
      let parameters = ["a": a, "b": b]
      #expect(agree(sigmoid.expression.evaluate(x: x, parameters: parameters), 1 / (1 + e), 1e-14))
      #expect(agree(tanh.expression.evaluate(x: x, parameters: parameters), (1 - e) / (1 + e), 1e-14))
    }
  }

  @Test func `constraints map raw values into their domain and back`() {
    let parameters = [
      Parameter("free", initial: -2), Parameter("scale", initial: 0.25, constraint: .positive),
      Parameter("gate", initial: 0.9, constraint: .unit), Parameter("u", initial: 0.2, constraint: .simplex),
      Parameter("v", initial: 0.8, constraint: .simplex),
    ]
    let round = parameters.values(fromRaw: parameters.initialRaw)
    for (value, parameter) in zip(round, parameters) { #expect(agree(value, parameter.initial, 1e-12)) }
    let extreme = parameters.values(fromRaw: [-900, -900, 900, -900, 900])
    #expect(extreme == [-900, 0, 1, 0, 1])
    let huge = [Parameter("scale", initial: 500, constraint: .positive)]
    #expect(huge.initialRaw == [500])
  }

  @Test func `constants of the program get no gradient but are reported`() {
    let shift = Parameter("b", initial: 0.5, isTrainable: false)
    let activation = CompiledActivation(
      .parameter("a") * .x + .parameter("b"), parameters: [Parameter("a", initial: 3), shift])
    #expect(activation.parameters.map(\.name) == ["a"])
    #expect(activation.constants == [shift])
    let pass = activation.run(x: [2], dy: [1], rows: 1, units: 1, raw: [3], sharing: .all)
    #expect(pass == Pass(y: [6.5], dx: [3], dparameters: [2]))
  }

  /// e^x through the public primitives, independent of what is tested.
  private func exponential(_ x: Double) -> Double { Expression.unary(.exp, .x).evaluate(x: x) }
}
