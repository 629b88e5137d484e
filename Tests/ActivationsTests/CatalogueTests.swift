// The catalogue as a whole: names, metadata, parameters and their constraints.

import Activations
import Testing

@Suite struct CatalogueTests {
  @Test func namesAndAliasesAreUnique() {
    let names = Catalogue.all.flatMap { [$0.name] + $0.aliases }
    #expect(Set(names).count == names.count)
    for name in names { #expect(Catalogue.named(name) != nil) }
    #expect(Catalogue.named("swish_1")?.name == "silu")
    #expect(Catalogue.named("nonsense") == nil)
    #expect(Catalogue.nearest(to: "paramteric_sigmoid") == "parametric_sigmoid")
    #expect(Catalogue.nearest(to: "zzzzzzzz") == nil)
  }

  @Test(arguments: Subject.catalogue)
  func metadataIsComplete(_ subject: Subject) throws {
    let entry = try #require(Catalogue.named(subject.name))
    #expect(!entry.summary.isEmpty && !entry.source.isEmpty)
    #expect(Set(entry.parameters.map(\.name)) == entry.expression.parameterNames)
    #expect(entry.kinks == entry.kinks.sorted())
    #expect(entry.kinks.isEmpty == (entry.smoothness != .continuous))
    #expect(entry.expression.problem(parameters: entry.parameters.initialValues) == nil)
  }

  /// Where the derivative jumps there is a declared kink, and nowhere else.
  @Test(arguments: Subject.catalogue)
  func kinksAreWhereTheDerivativeJumps(_ subject: Subject) throws {
    let entry = try #require(Catalogue.named(subject.name))
    let slope = entry.expression.derivative(by: .x)
    let values = entry.parameters.initialValues
    for step in -100...100 {
      let x = Double(step) / 20
      let jump =
        slope.evaluate(x: x + 1e-9, parameters: values) - slope.evaluate(x: x - 1e-9, parameters: values)
      #expect(entry.kinks.contains(x) == (abs(jump) > 1e-3), "at \(x)")
    }
  }

  @Test func seedFunctionsAreExactlyTheirFormulas() throws {
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

  @Test func constraintsMapRawValuesIntoTheirDomainAndBack() {
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

  @Test func constantsOfTheProgramGetNoGradientButAreReported() {
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
