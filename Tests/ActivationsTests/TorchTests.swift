// Every element-wise function of torch.nn against PyTorch: value and derivatives, exact and compiled.

import Activations
import Foundation
import Testing

/// What scripts/torch_reference.py wrote.
private struct TorchReference: Decodable {
  struct Function: Decodable {
    var y: [Double]
    var dy: [Double]
    /// By the parameter's name.
    var dparameters: [String: [Double]]?
  }

  /// Numbers that Float32 holds exactly.
  var x: [Double]
  /// By the catalogue's name.
  var functions: [String: Function]

  static let shared = Result {
    let folder = Bundle.module.bundleURL.appending(path: "Fixtures")
    return try JSONDecoder().decode(
      TorchReference.self, from: Data(contentsOf: folder.appending(path: "torch.json")))
  }
}

@Suite struct TorchTests {
  static let names = [
    "celu", "elu", "gelu", "gelu_tanh", "hard_sigmoid", "hard_swish", "hard_tanh", "hardshrink", "leaky_relu",
    "logsigmoid", "mish", "prelu", "relu", "relu6", "rrelu", "selu", "sigmoid", "silu", "softplus",
    "softshrink",
    "softsign", "tanh", "tanhshrink", "threshold",
  ]

  @Test func `every function is compared`() throws {
    let reference = try TorchReference.shared.get()
    #expect(reference.functions.keys.sorted() == Self.names)
    #expect(reference.x.count == 401)
    #expect(reference.x.allSatisfy { Double(Float($0)) == $0 })
  }

  @Test(arguments: names)
  func `expressions are PyTorch's`(_ name: String) throws {
    let reference = try TorchReference.shared.get()
    let torch = try #require(reference.functions[name])
    let entry = try #require(Catalogue.named(name))
    let values = entry.parameters.initialValues
    try #require(torch.y.count == reference.x.count && torch.dy.count == reference.x.count)
    // torch's derivative of Hardsigmoid is 1/6 rounded to single precision.
    let derivative = entry.expression.derivative(by: .x)
    for (index, x) in reference.x.enumerated() {
      #expect(agree(entry.expression.evaluate(x: x, parameters: values), torch.y[index], 1e-9), "at \(x)")
      #expect(agree(derivative.evaluate(x: x, parameters: values), torch.dy[index], 1e-8), "d/dx at \(x)")
    }
    for (parameter, expected) in torch.dparameters ?? [:] {
      try #require(expected.count == reference.x.count)
      let derivative = entry.expression.derivative(by: .parameter(parameter))
      for (index, x) in reference.x.enumerated() {
        #expect(
          agree(derivative.evaluate(x: x, parameters: values), expected[index], 1e-9),
          "d/d\(parameter) at \(x)")
      }
    }
  }

  @Test(arguments: names)
  func `compiled programs are PyTorch's`(_ name: String) throws {
    let reference = try TorchReference.shared.get()
    let torch = try #require(reference.functions[name])
    let entry = try #require(Catalogue.named(name))
    let compiled = CompiledActivation(entry)
    let raw = compiled.parameters.initialRaw.map(Float.init)
    let count = reference.x.count
    try #require(torch.y.count == count && torch.dy.count == count)
    let pass = compiled.run(
      x: reference.x.map(Float.init), dy: Array(repeating: 1, count: count), rows: count, units: 1, raw: raw,
      sharing: .all)
    for (index, x) in reference.x.enumerated() {
      #expect(isNear(pass.y[index], torch.y[index]), "\(pass.y[index]) is not \(torch.y[index]) at \(x)")
      #expect(
        isNear(pass.dx[index], torch.dy[index]), "\(pass.dx[index]) is not \(torch.dy[index]) d/dx at \(x)")
    }
    for (place, parameter) in compiled.parameters.enumerated() {
      guard let expected = torch.dparameters?[parameter.name] else { continue }
      for (index, x) in reference.x.enumerated() {
        let pass = compiled.run(x: [Float(x)], dy: [1], rows: 1, units: 1, raw: raw, sharing: .all)
        #expect(isNear(pass.dparameters[place], expected[index]), "d/d\(parameter.name) at \(x)")
      }
    }
  }

  /// Within four units of Float32's last place or a millionth.
  private func isNear(_ result: Float, _ expected: Double) -> Bool {
    abs(Double(result) - expected) <= max(4 * Double(Float(expected).ulp), 1e-6)
  }
}
