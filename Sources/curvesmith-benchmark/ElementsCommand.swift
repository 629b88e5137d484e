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

  func run() {
    printPrimitives()
    if !primitivesOnly { printActivations() }
  }

  private func printPrimitives() {
    let x = (0..<Self.tile).map { Float($0) / 32 - 4 }
    let positive = x.map { abs($0) + 0.125 }
    var y = [Float](repeating: 0, count: Self.tile)
    var index = 0
    print("set     ns an element of \(Self.tile) in first-level cache")
    while let kernels = ck_kernels_at(index) {
      let table = kernels.pointee.elementwise.pointee
      let unary: [(String, ck_unary, [Float])] = [
        ("negate", table.negate, x), ("reciprocal", table.reciprocal, positive),
        ("sqrt", table.sqrt, positive),
        ("exp", table.exp, x), ("expm1", table.expm1, x), ("log", table.log, positive),
        ("log1p", table.log1p, positive), ("sin", table.sin, x), ("cos", table.cos, x),
        ("tanh", table.tanh, x),
        ("arctan", table.arctan, x), ("asinh", table.asinh, x), ("sigmoid", table.sigmoid, x),
        ("sigmoid_slope", table.sigmoid_slope, x), ("softplus", table.softplus, x), ("erf", table.erf, x),
        ("erfc", table.erfc, x),
      ]
      let binary: [(String, ck_binary)] = [
        ("add", table.add), ("multiply", table.multiply), ("divide", table.divide), ("power", table.power),
        ("scaled", table.scaled),
      ]
      let name = padded(String(cString: kernels.pointee.name), 8)
      for (function, kernel, input) in unary {
        print(name + padded(function, 16) + nanoseconds(Self.tile) { kernel(&y, input, Self.tile) })
      }
      for (function, kernel) in binary {
        print(name + padded(function, 16) + nanoseconds(Self.tile) { kernel(&y, positive, x, Self.tile) })
      }
      index += 1
    }
  }

  private func printActivations() {
    let count = Self.rows * Self.units
    let x = (0..<count).map { Float($0 % 1021) / 128 - 4 }
    let dy = [Float](repeating: 0.5, count: count)
    var (y, dx) = (x, x)
    print("\n\(InstructionSet.current): ns an element of \(Self.rows) × \(Self.units), forward and gradient")
    for activation in Catalogue.all {
      let function = CompiledActivation(activation)
      let workspace = function.makeWorkspace(maximumRows: Self.rows, units: Self.units)
      let raw = function.parameters.initialRaw.map { Float($0) }
      var gradient = raw
      let noise = function.noise == nil ? nil : [Float](repeating: 0.25, count: count)
      func measure(_ body: (UnsafePointer<Float>?) -> Void) -> String {
        nanoseconds(count) { noise.map { $0.withUnsafeBufferPointer { body($0.baseAddress) } } ?? body(nil) }
      }
      let forward = measure {
        function.forward(
          x: x, y: &y, rows: Self.rows, units: Self.units, parameters: raw, sharing: .all,
          workspace: workspace,
          noise: $0)
      }
      let backward = measure {
        function.backward(
          x: x, dy: dy, dx: &dx, rows: Self.rows, units: Self.units, parameters: raw, dparameters: &gradient,
          sharing: .all, workspace: workspace, noise: $0)
      }
      print(padded(activation.name, 28) + forward + backward)
    }
  }

  private func nanoseconds(_ count: Int, _ body: () -> Void) -> String {
    column(1e9 * secondsPerCall(rounds: 5, roundSeconds: 0.004, body) / Double(count))
  }
}
