// `elements`: nanoseconds an element of the element-wise primitives, the updates and every activation.

import Activations
import ArgumentParser
import CKernels
import Engine

struct ElementsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "elements",
    abstract: "Print nanoseconds an element, by primitive and instruction set and by activation.")

  @Flag(help: "Leave the catalogue's activations out.")
  var primitivesOnly = false

  /// Elements of a call: a tile that lies in first-level cache, and a layer's matrix.
  private static let tile = 256
  private static let (rows, units) = (256, 256)

  func run() throws {
    printPrimitives()
    if !primitivesOnly { try printActivations() }
  }

  private func printPrimitives() {
    let x = (0..<Self.tile).map { Float($0) / 32 - 4 }
    let positive = x.map { abs($0) + 0.125 }
    var (y, z) = (x, x)
    var index = 0
    print("set     ns an element of \(Self.tile) in first-level cache")
    while let kernels = ck_kernels_at(index) {
      let table = kernels.pointee.elementwise.pointee
      let unary: [(String, ck_unary, [Float])] = [
        ("negate", table.negate, x), ("absolute", table.absolute, x), ("sign", table.sign, x),
        ("reciprocal", table.reciprocal, positive), ("sqrt", table.sqrt, positive),
        ("exp", table.exp, x), ("expm1", table.expm1, x), ("log", table.log, positive),
        ("log1p", table.log1p, positive), ("sin", table.sin, x), ("cos", table.cos, x),
        ("tanh", table.tanh, x), ("tanh_slope", table.tanh_slope, x), ("arctan", table.arctan, x),
        ("asinh", table.asinh, x), ("sigmoid", table.sigmoid, x), ("sigmoid_slope", table.sigmoid_slope, x),
        ("softplus", table.softplus, x), ("erf", table.erf, x), ("erfc", table.erfc, x),
      ]
      let pairs: [(String, ck_pair)] = [
        ("sin_and_cos", table.sin_and_cos), ("tanh_and_slope", table.tanh_and_slope),
        ("sigmoid_and_slope", table.sigmoid_and_slope),
      ]
      let binary: [(String, ck_binary)] = [
        ("add", table.add), ("subtract", table.subtract), ("multiply", table.multiply),
        ("divide", table.divide), ("minimum", table.minimum), ("maximum", table.maximum),
        ("power", table.power), ("scaled", table.scaled),
      ]
      let ternary: [(String, ck_ternary)] = [
        ("multiply_add", table.multiply_add), ("scaled_add", table.scaled_add),
      ]
      let selections: [(String, ck_select)] = [
        ("select_less", table.select_less), ("select_less_or_equal", table.select_less_or_equal),
      ]
      let set = padded(String(cString: kernels.pointee.name), 8)
      func line(_ function: String, _ body: () -> Void) {
        print(set + padded(function, 20) + nanoseconds(Self.tile, body))
      }
      for (name, kernel, input) in unary { line(name) { kernel(&y, input, Self.tile) } }
      for (name, kernel) in pairs { line(name) { kernel(&y, &z, x, Self.tile) } }
      for (name, kernel) in binary { line(name) { kernel(&y, positive, x, Self.tile) } }
      for (name, kernel) in ternary { line(name) { kernel(&y, positive, x, x, Self.tile) } }
      for (name, kernel) in selections { line(name) { kernel(&y, positive, x, x, positive, Self.tile) } }
      let updates = kernels.pointee.update.pointee
      var (parameters, first, second) = (x, x, positive)
      var adam = ck_adam_step(
        rate: 1e-6, scale: 1, coupled_decay: 0, shrink: 1, keep1: 0.9, take1: 0.1, keep2: 0.999, take2: 0.001,
        correction1: 1, correction2: 1, epsilon: 1e-8)
      line("adam") { updates.adam(&parameters, x, &first, &second, Self.tile, &adam) }
      var sgd = ck_sgd_step(rate: 1e-6, scale: 1, decay: 0, momentum: 0.9, nesterov: false)
      line("sgd, momentum") { updates.sgd(&parameters, x, &first, Self.tile, &sgd) }
      var rmsprop = ck_rmsprop_step(
        rate: 1e-6, scale: 1, decay: 0, keep: 0.99, take: 0.01, epsilon: 1e-8, momentum: 0)
      line("rmsprop") { updates.rmsprop(&parameters, x, &second, &first, Self.tile, &rmsprop) }
      index += 1
    }
  }

  private func printActivations() throws {
    print(
      "\n\(InstructionSet.current): ns an element of \(Self.rows) × \(Self.units), forward and gradient")
    for activation in Catalogue.all { measure(CompiledActivation(activation), name: activation.name) }
    for (name, strategy) in [
      ("network 1-8-1", Strategy(NetworkStrategy())), ("cubic spline", Strategy(SplineStrategy())),
      ("kernel of 20", Strategy(KernelStrategy())), ("rational 5/4", Strategy(RationalStrategy())),
    ] {
      if case .single(let function) = try strategy.specification(seed: 0).kind {
        measure(function, name: name)
      }
    }
  }

  private func measure(_ function: CompiledActivation, name: String) {
    let count = Self.rows * Self.units
    let x = (0..<count).map { Float($0 % 1021) / 128 - 4 }
    let dy = [Float](repeating: 0.5, count: count)
    var (y, dx) = (x, x)
    let workspace = function.makeWorkspace(maximumRows: Self.rows, units: Self.units)
    let raw = function.parameters.initialRaw.map { Float($0) }
    var gradient = raw
    let noise = function.noise == nil ? nil : [Float](repeating: 0.25, count: count)
    func time(_ body: (UnsafePointer<Float>?) -> Void) -> String {
      nanoseconds(count) { noise.map { $0.withUnsafeBufferPointer { body($0.baseAddress) } } ?? body(nil) }
    }
    let forward = time {
      function.forward(
        x: x, y: &y, rows: Self.rows, units: Self.units, parameters: raw, sharing: .all,
        workspace: workspace, noise: $0)
    }
    let backward = time {
      function.backward(
        x: x, dy: dy, dx: &dx, rows: Self.rows, units: Self.units, parameters: raw, dparameters: &gradient,
        sharing: .all, workspace: workspace, noise: $0)
    }
    print(padded(name, 28) + forward + backward)
  }

  private func nanoseconds(_ count: Int, _ body: () -> Void) -> String {
    column(1e9 * secondsPerCall(rounds: 5, roundSeconds: 0.004, body) / Double(count))
  }
}
