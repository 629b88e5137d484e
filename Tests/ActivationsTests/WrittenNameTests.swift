// Names as code writes them, with numbers and modules, are answered with what to write.

import Activations
import Testing

@Suite struct WrittenNameTests {
  private func faults(_ document: OptionValue) -> [String] {
    do {
      _ = try Strategy(document).specification(seed: 0)
      return []
    } catch {
      return error.faults.map { "/\($0.path.joined(separator: "/")): \($0.detail)" }
    }
  }

  @Test func `a name is shorthand for fixed`() throws {
    let strategy = try Strategy("relu")
    #expect(strategy == Strategy(FixedStrategy(function: "relu")))
    #expect(try strategy.specification(seed: 0).formula == "max(x, 0)")
    #expect(faults("rleu") == ["/function: unknown activation `rleu`; did you mean `relu`?"])
    #expect(faults("SWISHH") == ["/function: unknown activation `SWISHH`; did you mean `swish`?"])
  }

  @Test(arguments: [
    (
      "leaky_relu(0.2)",
      "write `leaky_relu_02`, or to train it "
        + #"{"strategy": "parametric", "function": "prelu", "initial": {"a": 0.2}}"#
    ),
    (
      "elu_0.5",
      #"write {"strategy": "parametric", "function": "scaled_elu", "initial": {"alpha": 0.5}}"#
        + #", with "trainable": [] if it is not to be trained"#
    ),
    (
      "LeakyReLU(negative_slope=0.15, inplace=True)",
      #"write {"strategy": "parametric", "function": "prelu", "initial": {"a": 0.15}}"#
        + #", with "trainable": [] if it is not to be trained"#
    ),
    ("torch.nn.LeakyReLU(0.01)", "write `leaky_relu`, or to train it"),
    ("swish_2", #""function": "swish", "initial": {"beta": 2}}"#),
    ("pelu(2, 3)", #""function": "pelu", "initial": {"a": 2, "b": 3}}"#),
    ("nn.CELU(alpha=0.5)", #""function": "celu", "initial": {"alpha": 0.5}}"#),
    ("softplus(threshold=20, beta=2)", #""function": "parametric_softplus", "initial": {"beta": 2}}"#),
    ("elu=-0.5", #""function": "scaled_elu", "initial": {"alpha": -0.5}}"#),
    ("gelu(3)", "a name takes no number: write `gelu`"),
  ])
  func `a name with a number is answered with what to write`(_ name: String, _ advice: String) {
    let found = faults(.string(name))
    #expect(found.count == 1)
    #expect(
      found.first?.hasPrefix("/function: unknown activation `\(name)`; a name takes no number: ") == true)
    #expect(found.first?.contains(advice) == true, "\(found)")
  }

  @Test(arguments: [
    ("nn.ReLU()", "relu"), ("tf.keras.layers.LeakyReLU", "leaky_relu"), ("GELU(approximate='tanh')", "gelu"),
    ("lekay_relu(0.2)", "leaky_relu"), ("sigmod", "sigmoid"),
  ])
  func `a name with other things around it is suggested without them`(_ name: String, _ meant: String) {
    #expect(
      faults(.string(name)) == ["/function: unknown activation `\(name)`; did you mean `\(meant)`?"])
  }

  @Test(arguments: [
    "", "(", ")", "0.2", "_", "...", "(0.2)", "relu(", "=1", String(repeating: "a(", count: 500),
  ])
  func `what is no name at all is refused all the same`(_ name: String) {
    #expect(faults(.string(name)).count == 1)
  }

  @Test func `what is advised is accepted`() throws {
    let document = OptionValue.strategy(
      "parametric",
      ["function": "scaled_elu", "initial": .object([OptionMember("alpha", .number(0.5))]), "trainable": []])
    let specification = try Strategy(document).specification(seed: 0)
    #expect(specification.trainable.isEmpty)
    guard case .single(let function) = specification.kind else {
      Issue.record("not a single function")
      return
    }
    #expect(function.parameters.isEmpty && function.constants.map(\.initial) == [0.5])
  }
}
