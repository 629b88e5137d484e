// Strategies: options read and refused, defaults, and what they make.

import Activations
import Testing

@Suite struct StrategyTests {
  private func faults(_ document: OptionValue) -> [String] {
    do {
      _ = try Strategy(document).specification(seed: 0)
      return []
    } catch {
      return error.faults.map { "/\($0.path.joined(separator: "/")): \($0.detail)" }
    }
  }

  @Test(arguments: Subject.documents.map(\.1))
  func `resolved options read back as themselves`(_ document: OptionValue) throws {
    let strategy = try Strategy(document)
    let resolved = strategy.resolvedOptions
    #expect(try Strategy(resolved).resolvedOptions == resolved)
    guard case .object(let members) = resolved else {
      Issue.record("not an object")
      return
    }
    let described = try #require(StrategyDescription.named(strategy.name)).options.map(\.name)
    #expect(Set(members.map(\.name)) == Set(["strategy"] + described))
  }

  @Test func `every default in the table is of its type`() {
    for strategy in StrategyDescription.all {
      for option in strategy.options {
        guard let value = option.default else { continue }
        #expect(
          faults(.strategy(strategy.name, [option.name: value])).allSatisfy {
            !$0.hasPrefix("/\(option.name)")
          })
      }
    }
  }

  @Test func `faults of form are reported all at once`() {
    let document = OptionValue.strategy(
      "parametric",
      [
        "granularity": "units", "granulrity": "layer", "GRANULARIT": "unit", "normalize": .number(1),
        "weight_decay": .number(-1),
        "initial": .object([OptionMember("a", "big")]), "trainable": ["a", .number(2)],
      ])
    #expect(
      faults(document) == [
        "/GRANULARIT: unknown option of `parametric`; did you mean `granularity`?",
        "/granularity: `units` is not one of `network`, `layer` and `unit`; did you mean `unit`?",
        "/granulrity: unknown option of `parametric`; did you mean `granularity`?",
        "/initial/a: must be a number, not a string", "/normalize: must be true or false, not the number 1",
        "/trainable/1: must be a parameter's name, not the number 2",
        "/weight_decay: -1 is below 0", "/function: `parametric` needs the option `function`",
      ])
  }

  @Test(arguments: [
    (OptionValue.strategy("fixed", [:]), ["/function: `fixed` needs the option `function`"]),
    (.list([]), ["/: must be a strategy or a function's name, not a list"]),
    (
      .strategy("parametrc", [:]),
      [
        "/strategy: `parametrc` is not one of `fixed`, `parametric`, `random`, `network`, `hypernetwork`, `blend`, "
          + "`mixture`, `spline`, `rational`, `kernel` and `expression`; did you mean `parametric`?"
      ]
    ),
    (
      .strategy("parametric", ["function": "tanh"]),
      [
        "/function: tanh has no parameters to train; take one that has, such as `parametric_tanh`, "
          + "`amplitude_tanh` and `laaf_tanh`"
      ]
    ),
    (
      .strategy(
        "parametric",
        [
          "function": "pelu",
          "initial": .object([OptionMember("a", .number(-1)), OptionMember("z", .number(1))]),
          "trainable": ["y"],
        ]),
      [
        "/initial/z: pelu has no parameter `z`; it has `a` and `b`",
        "/trainable/0: pelu has no parameter `y`; it has `a` and `b`",
        "/initial/a: `a` is positive, -1 is not",
      ]
    ),
    (
      .strategy("random", ["probabilities": .list([.number(0.5), .number(0.6), .number(0.2)])]),
      ["/probabilities: the probabilities sum to 1.3, not 1"]
    ),
    (
      .strategy("random", ["probabilities": .list([.number(1)])]),
      ["/probabilities: 1 probabilities for 3 candidates; give one for each"]
    ),
    (
      .strategy("random", ["candidates": ["relu", "tahn", "relu"]]),
      [
        "/candidates/1: unknown activation `tahn`; did you mean `tanh`?",
        "/candidates/2: relu is given twice",
      ]
    ),
    (.strategy("blend", ["candidates": ["relu"]]), ["/candidates: 1 functions; give 2 to 16"]),
    (.strategy("mixture", [:]), ["/candidates: `mixture` needs the option `candidates`"]),
    (
      .strategy(
        "mixture",
        [
          "candidates": ["relu", "rellu"], "final_temperature": .number(0), "inference": "mean",
          "initial_temperature": "hot",
        ]),
      [
        "/final_temperature: 0 is below 0.001", "/inference: `mean` is not one of `expected` and `argmax`",
        "/initial_temperature: must be a number of at least 0.001, not a string",
      ]
    ),
    (
      .strategy("mixture", ["candidates": ["relu", "rellu", "relu"]]),
      [
        "/candidates/1: unknown activation `rellu`; did you mean `relu`?",
        "/candidates/2: relu is given twice",
      ]
    ),
    (
      .strategy(
        "spline",
        [
          "knots": .number(3), "order": .number(2), "range": .list([.number(1), .number(1)]),
          "smoothness": .number(-1),
        ]),
      [
        "/knots: 3 is not between 4 and 101", "/order: 2 is not one of 1, 3",
        "/range: the first end, 1, must be below the second, 1", "/smoothness: -1 is below 0",
      ]
    ),
    (
      .strategy("spline", ["knots": .number(20.5), "range": .list([.number(0), .number(2000)])]),
      [
        "/knots: must be an integer, not 20.5",
        "/range/1: must be a number from -1000 to 1000, not the number 2000",
      ]
    ),
    (.strategy("spline", ["range": .list([.number(0)])]), ["/range: 1 numbers; give the two ends"]),
    (
      .strategy("spline", ["initial": "exponential", "range": .list([.number(0), .number(50)])]),
      [
        "/initial: exponential takes the spline's coefficient 1 to 11682563176.630857; choose a narrower range"
      ]
    ),
    (
      .strategy("rational", ["degrees": .list([.number(5)])]),
      ["/degrees: 1 degrees; give that of the numerator and of the divisor"]
    ),
    (
      .strategy("rational", ["degrees": .list([.number(5), .number(9)]), "form": "c"]),
      [
        "/degrees/1: must be an integer from 1 to 8, not the number 9",
        "/form: `c` is not one of `a` and `b`; did you mean `a`?",
      ]
    ),
    (.strategy("kernel", ["size": .number(1)]), ["/size: 1 is not between 2 and 64"]),
    (
      .strategy("network", ["hidden": .list([.number(0), .number(65)]), "inner": "tahn", "base": "non"]),
      [
        "/hidden/0: 0 units; give 1 to 64", "/hidden/1: 65 units; give 1 to 64",
        "/inner: unknown activation `tahn`; did you mean `tanh`?", "/base: unknown activation `non`",
      ]
    ),
    (
      .strategy("network", ["hidden": .list([.number(64), .number(64)])]),
      ["/hidden: 4353 parameters; at most 1024 are allowed"]
    ),
    (
      .strategy("network", ["hidden": .list([.number(64), .number(6), .number(62)]), "inner": "gelu"]),
      ["/hidden: layers of these widths make a formula that is too long; take fewer or narrower ones"]
    ),
    (.strategy("network", ["hidden": .list([])]), ["/hidden: 0 hidden layers; give 1 to 3"]),
    (
      .strategy("expression", ["expression": "x * sigmiod(x)"]),
      ["/expression: unknown function `sigmiod` at 4; did you mean `sigmoid`?"]
    ),
    (
      .strategy("expression", ["expression": "log(x)"]),
      ["/expression: the logarithm's argument `x` is negative at x = -10"]
    ),
    (
      .strategy(
        "expression",
        [
          "expression": "x",
          "parameters": .object([
            OptionMember("sin", .object([OptionMember("initial", .number(0))])),
            OptionMember(
              "p", .object([OptionMember("initial", .number(2)), OptionMember("constraint", "unit")])),
          ]),
        ]),
      [
        "/parameters/sin: `sin` has a meaning of its own in formulas",
        "/parameters/p/initial: `p` is between 0 and 1, 2 is not",
      ]
    ),
  ])
  func `faults of meaning name their option`(_ document: OptionValue, _ expected: [String]) {
    #expect(faults(document) == expected)
  }

  @Test func `coefficients of a rational function must be those of its degrees`() {
    func found(_ arrays: [(String, OptionValue)]) -> [String] {
      faults(
        .strategy(
          "rational",
          [
            "degrees": .list([.number(2), .number(1)]),
            "values": .object(arrays.map { OptionMember($0.0, $0.1) }),
          ]))
    }
    #expect(found([("a", .list([.number(1), .number(2), .number(3)])), ("b", .list([.number(0)]))]) == [])
    #expect(
      found([("a", .list([.number(1)])), ("c", .list([])), ("d", .list([.number(1)]))]) == [
        "/values/c: unknown array; a rational function has the arrays `a` and `b`",
        "/values/d: unknown array; a rational function has the arrays `a` and `b`",
        "/values/a: has the length 1, which for these degrees is 3",
        "/values/b: needs the array `b`; its length for these degrees is 1",
      ])
    #expect(
      found([("a", .number(1))]) == ["/values/a: must be a list of numbers, not the number 1"])
    #expect(
      found([("a", .list([.number(1), "x"]))]) == ["/values/a/1: must be a finite number, not a string"])
    #expect(
      found([("a", .list([.number(1), .number(-2e6), .number(3)])), ("b", .list([.number(1)]))])
        == ["/values/a/1: -2000000 is beyond 1000000"])
  }

  @Test func `parametric trains what it is told`() throws {
    var strategy = ParametricStrategy(function: "adaptive_tanh")
    strategy.initial = ["a": 1]
    strategy.trainable = ["b"]
    strategy.granularity = .unit
    let specification = try Strategy(strategy).specification(seed: 0)
    guard case .single(let activation) = specification.kind else {
      Issue.record("not a single function")
      return
    }
    #expect(specification.functionName == "parametric_tanh")
    #expect(specification.granularity == .unit)
    #expect(specification.trainable == ["b"])
    #expect(activation.parameters.map(\.name) == ["b"])
    #expect(activation.constants.map(\.initial) == [1])
    #expect(abs(specification.moments.secondMoment - 0.1735) < 6e-5)
  }

  @Test func `normalized functions have mean zero and variance one`() throws {
    for name in Catalogue.names {
      let moments = try Strategy(.strategy("fixed", ["function": .string(name), "normalize": .bool(true)]))
        .specification(seed: 0).moments
      #expect(abs(moments.mean) < 1e-9 && abs(moments.secondMoment - 1) < 1e-9, "\(name)")
    }
  }

  @Test func `random mixes moments and equalizes candidates`() throws {
    let plain = try Strategy(.strategy("random", [:])).specification(seed: 0)
    #expect(abs(plain.moments.secondMoment - (0.2934 + 0.3943 + 0.5) / 3) < 1e-4)
    #expect(plain.trainable.isEmpty)
    let equal = try Strategy(.strategy("random", ["equalize": .bool(true)])).specification(seed: 0)
    guard case .random(let choice) = equal.kind else {
      Issue.record("not a random choice")
      return
    }
    for candidate in choice.candidates {
      let moments = Moments(of: candidate.expression, kinks: [0])
      #expect(abs(moments.mean) < 1e-9 && abs(moments.secondMoment - 1) < 1e-9)
    }
    let average = choice.candidates.map { $0.expression.evaluate(x: 0.7) }.reduce(0, +) / 3
    #expect(agree(choice.expected.expression.evaluate(x: 0.7), average, 1e-12))
  }

  @Test func `blend starts as the average and its weights sum to one`() throws {
    let specification = try Strategy(.strategy("blend", ["candidates": ["sigmoid", "tanh", "relu"]]))
      .specification(seed: 0)
    guard case .single(let blend) = specification.kind else {
      Issue.record("not a single function")
      return
    }
    #expect(blend.parameters.map(\.name) == ["w_sigmoid", "w_tanh", "w_relu"])
    #expect(blend.parameters.initialRaw.allSatisfy { abs($0) < 1e-12 })
    let far = blend.run(x: [2], dy: [1], rows: 1, units: 1, raw: [-300, 300, 0], sharing: .all)
    #expect(agree(Double(far.y[0]), 0.9640275800758169, 1e-6))
    #expect(far.dparameters.allSatisfy { $0.isFinite })
    #expect(specification.formula == "w_sigmoid * sigmoid(x) + w_tanh * tanh(x) + w_relu * max(x, 0)")
  }

  @Test func `a mixture starts with equal weights and equalizes its functions`() throws {
    func mixture(_ options: [String: OptionValue]) throws -> (ActivationSpecification, StochasticMixture)? {
      let given = options.merging(["candidates": ["sigmoid", "tanh", "relu"]]) { own, _ in own }
      let specification = try Strategy(.strategy("mixture", given)).specification(seed: 0)
      guard case .mixture(let mixture) = specification.kind else {
        Issue.record("not a mixture")
        return nil
      }
      return (specification, mixture)
    }
    let (specification, plain) = try #require(try mixture([:]))
    #expect(plain.names == ["sigmoid", "tanh", "relu"] && specification.granularity == .layer)
    #expect(plain.initialTemperature == 5 && plain.finalTemperature == 0.1 && plain.inference == .expected)
    #expect(plain.target.parameters.allSatisfy { $0.initial == 1.0 / 3 && $0.constraint == .none })
    #expect(specification.formula == "w_sigmoid * sigmoid(x) + w_tanh * tanh(x) + w_relu * max(x, 0)")
    let (_, equal) = try #require(try mixture(["equalize": .bool(true)]))
    for (index, name) in equal.names.enumerated() {
      let weights = Dictionary(
        uniqueKeysWithValues: equal.names.indices.map { ("w_\(equal.names[$0])", $0 == index ? 1.0 : 0) })
      let moments = Moments(of: equal.target.expression, parameters: weights, kinks: [0])
      #expect(abs(moments.mean) < 1e-9 && abs(moments.secondMoment - 1) < 1e-9, "\(name)")
    }
    let (normalized, _) = try #require(try mixture(["normalize": .bool(true)]))
    #expect(abs(normalized.moments.mean) < 1e-9 && abs(normalized.moments.secondMoment - 1) < 1e-9)
  }

  @Test(arguments: [0.0, .nan, -1, .infinity])
  func `temperatures are positive`(_ temperature: Double) {
    var strategy = MixtureStrategy(candidates: ["relu", "tanh"])
    strategy.finalTemperature = temperature
    #expect(throws: StrategyError.self) { try Strategy(strategy).specification(seed: 0) }
  }

  @Test(arguments: [0, 1, 2, 3, 4] as [UInt64], [[1], [8], [64], [6, 4], [4, 4, 4]])
  func `networks start well scaled`(_ seed: UInt64, _ hidden: [Int]) throws {
    for base in ["none", "relu"] {
      var strategy = NetworkStrategy()
      strategy.hidden = hidden
      strategy.base = base
      let moments = try Strategy(strategy).specification(seed: seed).moments
      #expect((0.05...3).contains(moments.secondMoment), "\(moments)")
      #expect((0.05...8).contains(moments.derivativeSecondMoment), "\(moments)")
    }
  }

  @Test(arguments: UInt64(0)..<20)
  func `networks start as a slow wave`(seed: UInt64) throws {
    guard case .single(let network) = try Strategy(.strategy("network", [:])).specification(seed: seed).kind
    else {
      Issue.record("not a single function")
      return
    }
    let x = (-20...20).map { Float($0) / 10 }
    let initial = network.parameters.initialRaw.map { Float($0) }
    let pass = network.run(x: x, dy: x, rows: x.count, units: 1, raw: initial, sharing: .all)
    let rises = zip(pass.y, pass.y.dropFirst()).map { $0 < $1 }
    #expect(zip(rises, rises.dropFirst()).count { $0 != $1 } == 1, "\(pass.y)")
    #expect(rises.first == true)
  }

  @Test func `network follows the seed alone`() throws {
    func formula(_ seed: UInt64) throws -> [Double] {
      guard case .single(let network) = try Strategy(.strategy("network", [:])).specification(seed: seed).kind
      else { return [] }
      return network.parameters.map(\.initial)
    }
    #expect(try formula(3) == formula(3))
    #expect(try formula(3) != formula(4))
    #expect(try formula(3).count == 25)
  }

  @Test func `a hypernetwork may serve each unit`() throws {
    let specification = try Strategy(
      .strategy("hypernetwork", ["generates": "swish", "input": "sample", "granularity": "unit"])
    ).specification(seed: 0)
    guard case .generated(let network) = specification.kind else {
      Issue.record("not generated")
      return
    }
    #expect(network.perUnit && network.input == .sample && specification.granularity == .unit)
    #expect(
      faults(.strategy("hypernetwork", ["granularity": "network"]))
        == ["/granularity: `network` is not one of `layer` and `unit`"])
    var strategy = HypernetworkStrategy()
    strategy.granularity = .network
    #expect(throws: StrategyError.self) { try Strategy(strategy).specification(seed: 0) }
  }

  @Test func `a hypernetwork generates the function's parameters`() throws {
    let specification = try Strategy(.strategy("hypernetwork", ["input": "sample"])).specification(seed: 0)
    guard case .generated(let network) = specification.kind else {
      Issue.record("not generated")
      return
    }
    #expect(network.target.parameters.map(\.name) == ["a", "b"])
    #expect(network.hidden == [16] && network.input == .sample && !network.perUnit)
    #expect(specification.granularity == .layer)
    #expect(specification.functionName == "parametric_sigmoid")
  }
}
