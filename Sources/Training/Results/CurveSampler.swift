// Values and derivatives of a compiled activation over a range of x.

import Activations

/// A function and its derivative at some points, for each parameter set and in the mean.
struct SampledCurve {
  /// `[set][point]`: one set, or one for each unit.
  private(set) var values: [[Double]]
  private(set) var derivatives: [[Double]]

  /// - Parameter values: the trainable parameters' values, `[parameter][set]`, one set or one per unit.
  init(_ function: CompiledActivation, x points: [Double], values parameters: [[Float]]) {
    let sets = parameters.first?.count ?? 1
    let bySet = (0..<sets).map { set in
      function.parameters.raw(fromValues: parameters.map { Double($0[set]) }).map { Float($0) }
    }
    let raw = function.parameters.indices.flatMap { index in bySet.map { $0[index] } }
    let workspace = function.makeWorkspace(maximumRows: 1, units: sets)
    var x = [Float](repeating: 0, count: sets)
    var value = x
    var slope = x
    values = Array(repeating: [], count: sets)
    derivatives = values
    for point in points {
      for set in 0..<sets {
        x[set] = Float(point)
        slope[set] = 1
      }
      x.withUnsafeBufferPointer { x in
        value.withUnsafeMutableBufferPointer { value in
          slope.withUnsafeMutableBufferPointer { slope in
            raw.withUnsafeBufferPointer { raw in
              guard let x = x.baseAddress, let value = value.baseAddress, let slope = slope.baseAddress else {
                return
              }
              let sharing: CompiledActivation.Sharing = sets > 1 ? .unit : .all
              let parameters = function.parameters.isEmpty ? nil : raw.baseAddress
              function.forward(
                x: x, y: value, rows: 1, units: sets, parameters: parameters, sharing: sharing,
                workspace: workspace)
              function.backward(
                x: x, dy: UnsafePointer(slope), dx: slope, rows: 1, units: sets, parameters: parameters,
                dparameters: nil, sharing: sharing, workspace: workspace)
            }
          }
        }
      }
      for set in 0..<sets {
        values[set].append(Double(value[set]))
        derivatives[set].append(Double(slope[set]))
      }
    }
  }

  /// The mean over the sets.
  var meanValue: [Double] { Self.mean(values) }
  var meanDerivative: [Double] { Self.mean(derivatives) }

  private static func mean(_ curves: [[Double]]) -> [Double] {
    curves[0].indices.map { point in curves.reduce(0) { $0 + $1[point] } / Double(curves.count) }
  }
}
