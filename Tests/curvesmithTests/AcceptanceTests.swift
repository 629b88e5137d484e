// What the service promises of its main job, on real data, through HTTP.

import JSON
import Testing

extension Tag {
  /// Trains many networks on real data to hold an accuracy; seconds rather than milliseconds.
  @Tag static var slow: Self
}

@Suite(.tags(.slow))
struct AcceptanceTests {
  static let strategies: [(name: String, activation: JSONValue)] = [
    ("fixed tanh", "tanh"),
    ("parametric sigmoid", ["strategy": "parametric", "function": "parametric_sigmoid"]),
    ("parametric tanh by layer", ["strategy": "parametric", "function": "parametric_tanh"]),
    (
      "parametric tanh by unit",
      ["strategy": "parametric", "function": "parametric_tanh", "granularity": "unit"]
    ),
    ("random, averaged", ["strategy": "random", "inference": "average"]),
    ("network", ["strategy": "network"]),
    ("hypernetwork", ["strategy": "hypernetwork"]),
  ]

  @Test(arguments: strategies.indices)
  func `breast cancer: mean validation accuracy over seeds 0 to 4 is at least 0.95`(index: Int) async throws {
    let strategy = Self.strategies[index]
    let csv = try Repository.bytes("examples/breast-cancer.csv")
    let accuracies = try await LiveService.run { client in
      var accuracies: [Double] = []
      for seed in 0..<5 {
        let job = try await client.train(
          [
            "data": ["target": "diagnosis"], "model": ["hidden": [16, 16]], "activation": strategy.activation,
            "training": ["epochs": 100], "seed": .number(Double(seed)),
          ], csv: csv)
        #expect(job["status"] == "succeeded", "\(strategy.name)")
        accuracies.append(try #require(job["result"]?["metrics"]?["validation_accuracy"]?.doubleValue))
      }
      return accuracies
    }
    let mean = accuracies.reduce(0, +) / Double(accuracies.count)
    #expect(mean >= 0.95, "\(strategy.name): \(accuracies)")
  }

  @Test func `digits: at least 0.95 with parametric tanh`() async throws {
    let csv = try Repository.bytes("Tests/curvesmithTests/Fixtures/digits.csv")
    let job = try await LiveService.run { client in
      try await client.train(
        [
          "data": ["target": "digit"], "model": ["hidden": [64]],
          "activation": ["strategy": "parametric", "function": "parametric_tanh"], "training": ["epochs": 30],
        ], csv: csv)
    }
    let accuracy = try #require(job["result"]?["metrics"]?["validation_accuracy"]?.doubleValue)
    #expect(accuracy >= 0.95)
  }

  @Test func `XOR with one neuron: a network activation solves it, a fixed sigmoid cannot`() async throws {
    let example = try #require(try Repository.json("examples/xor-one-neuron.json").objectValue)
    var fixed = example
    fixed["activation"] = "sigmoid"
    let (network, sigmoid) = try await LiveService.run { [fixed] client in
      (try await client.train(.object(example)), try await client.train(.object(fixed)))
    }
    #expect(network["result"]?["metrics"]?["training_accuracy"]?.doubleValue == 1)
    #expect(try #require(sigmoid["result"]?["metrics"]?["training_accuracy"]?.doubleValue) <= 0.75)
  }

  @Test func `the same specification and seed twice gives the same learned activations, to the byte`()
    async throws
  {
    let csv = try Repository.bytes("examples/iris.csv")
    let spec = try Repository.json("examples/iris.json")
    let bodies = try await LiveService.run { client in
      var bodies: [String] = []
      for _ in 0..<2 {
        let id = try #require(try await client.train(spec, csv: csv)["id"]?.stringValue)
        let answer = try await client.get("/v1/jobs/\(id)/activations")
        #expect(answer.status == 200)
        bodies.append(answer.text.replacing(id, with: "job"))
      }
      return bodies
    }
    #expect(bodies[0] == bodies[1])
    #expect(bodies[0].contains("\"trained\""))
  }
}
