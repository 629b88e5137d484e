// The resolved specification is complete: read again it resolves to itself and trains the same bits.

import Data
import JSON
import Testing
import Training

@Suite struct ResolvedSpecificationTests {
  /// A request that a seed makes up of members of the specification.
  private struct Draw: Sendable, CustomTestStringConvertible {
    let seed: UInt64
    let request: TrainingRequest

    var testDescription: String {
      "\(seed): " + String(decoding: request.document.serialized(), as: UTF8.self).prefix(400)
    }

    init(seed: UInt64) {
      self.seed = seed
      var random = Choices(state: seed)
      var document = JSONObject()
      var attachment: Training.Attachment?
      if random.coin() { document["name"] = "a name" }
      if random.coin() { document["metadata"] = ["b": "2", "a": "1"] }
      if random.coin() { document["seed"] = .integer(Int(seed)) }
      if random.coin() { document["priority"] = -3 }
      if random.coin() { document["limits"] = ["max_seconds": 12.5] }
      document["data"] = Self.data(&random, &attachment)
      document["model"] = random.pick([
        nil, [:], ["hidden": [3]], ["hidden": [4, 2]],
        [
          "layers": [
            ["type": "dense", "units": 4], ["type": "batch_norm"], ["type": "dropout", "rate": 0.25],
          ]
        ],
        [
          "layers": [
            ["type": "swiglu", "units": 3], ["type": "layer_norm"], ["type": "maxout", "units": 2],
          ]
        ],
        [
          "layers": [
            ["type": "dense", "units": 3, "activation": "none"],
            ["type": "activation", "activation": "gelu"],
          ]
        ],
      ])
      document["activation"] = random.pick([
        "relu", ["strategy": "parametric", "function": "parametric_tanh"], "swish",
        ["strategy": "spline", "knots": 7], ["strategy": "blend", "candidates": ["relu", "tanh"]],
        ["strategy": "rational"],
        ["strategy": "mixture", "candidates": ["relu", "tanh"], "granularity": "unit"],
        ["strategy": "random", "inference": "expected"], ["strategy": "hypernetwork"],
        ["strategy": "kernel", "normalize": true], ["strategy": "network", "weight_decay": 0.01],
        ["strategy": "expression", "expression": "x * sigmoid(b * x)", "parameters": ["b": ["initial": 1]]],
      ])
      document["training"] = Self.training(&random)
      request = TrainingRequest(document: .object(document), attachment: attachment)
    }

    private static func data(_ random: inout Choices, _ attachment: inout Training.Attachment?) -> JSONValue {
      let csv =
        "size,colour,kind\n"
        + (0..<24).map { row in
          "\(row % 5).5,\(["red", "blue"][row % 2]),\(["no", "yes"][row / 7 % 2])\n"
        }.joined()
      var data: JSONObject
      switch random.below(5) {
      case 0: data = ["synthetic": ["kind": "two_moons", "rows": 24]]
      case 1: data = ["synthetic": ["kind": "sine", "rows": 24, "noise": 0.2, "seed": 7]]
      case 2:
        data = [
          "inputs": .array(JSONArray((0..<24).map { .array([.integer($0), .integer($0 * $0 % 7)]) })),
          "targets": .array(JSONArray((0..<24).map { .bool($0 % 3 == 0) })),
        ]
      case 3: data = ["csv": .string(csv), "target": "kind"]
      default:
        data = ["target": .string("size"), "features": ["colour"]]
        attachment = Training.Attachment(bytes: Array(csv.utf8))
      }
      if random.coin() { data["validation_fraction"] = random.pick([0, 0.3]) }
      if random.coin() { data["standardize"] = random.pick([true, false]) }
      if random.coin() { data["split"] = "random" }
      if random.coin() { data["missing"] = random.pick(["mean", "drop"]) }
      return .object(data)
    }

    private static func training(_ random: inout Choices) -> JSONValue {
      var training: JSONObject = ["epochs": 2]
      if random.coin() { training["batch_size"] = random.pick([5, "full"]) }
      if random.coin() {
        training["optimizer"] = random.pick([
          "sgd", ["name": "sgd", "momentum": 0.9, "nesterov": true], ["name": "rmsprop"], ["name": "adamw"],
        ])
      }
      if random.coin() {
        training["schedule"] = random.pick([
          "cosine", ["name": "step", "every_epochs": 1], ["name": "linear"],
        ])
      }
      if random.coin() { training["initializer"] = random.pick(["glorot_uniform", "pytorch"]) }
      if random.coin() { training["early_stopping"] = ["patience": 3, "metric": "training_loss"] }
      if random.coin() { training["gradient_clip_norm"] = 1.5 }
      if random.coin() { training["weight_decay"] = 0.001 }
      if random.coin() { training["shuffle"] = false }
      return .object(training)
    }
  }

  @Test func `what is resolved resolves to itself, and trains the same bits`() throws {
    var accepted = 0
    for seed in UInt64(1)...120 {
      let draw = Draw(seed: seed)
      // Some draws do not fit together, such as an early stop by a metric of no rows.
      guard let first = try? PreparedTraining(draw.request) else { continue }
      accepted += 1
      let again = try PreparedTraining(draw.request, promised: first.resolvedSpec, digest: first.specDigest)
      #expect(again.resolvedSpec == first.resolvedSpec, "\(draw.testDescription)")
      #expect(again.specDigest == first.specDigest && again.dataDigest == first.dataDigest)
      let runs = [first, again].map {
        $0.run(isCancelled: { false }, report: { _ in }, now: { 0 }).trained.serialized()
      }
      #expect(runs[0] == runs[1], "\(draw.testDescription)")
    }
    #expect(accepted > 90)
  }

  @Test func `another digest is no promise`() throws {
    let request = TrainingRequest(document: ["data": ["synthetic": ["kind": "xor"]], "activation": "relu"])
    let prepared = try PreparedTraining(request)
    #expect(throws: PromiseError.otherDigest(expected: "0", found: prepared.specDigest)) {
      try PreparedTraining(request, promised: prepared.resolvedSpec, digest: "0")
    }
  }
}

/// Choices that a seed decides (SplitMix64).
private struct Choices {
  var state: UInt64

  mutating func below(_ count: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
    return Int((value ^ value >> 31) % UInt64(count))
  }

  mutating func coin() -> Bool { below(2) == 0 }
  mutating func pick(_ values: [JSONValue?]) -> JSONValue? { values[below(values.count)] }
}
