// Values and derivatives of a compiled activation over a range of x.

import Activations

/// A function and its derivative at some points; of a layer whose units differ, the mean over its units.
struct SampledCurve {
  var y: [Double]
  var derivative: [Double]

  /// - Parameter values: the trainable parameters' values, `[parameter][set]`, one set or one per unit.
  init(_ function: CompiledActivation, x points: [Double], values: [[Float]]) {
    let sets = values.first?.count ?? 1
    let bySet = (0..<sets).map { set in
      function.parameters.raw(fromValues: values.map { Double($0[set]) }).map { Float($0) }
    }
    let raw = function.parameters.indices.flatMap { index in bySet.map { $0[index] } }
    let workspace = function.makeWorkspace(maximumRows: 1, units: sets)
    var x = [Float](repeating: 0, count: sets)
    var value = x
    var slope = x
    y = []
    derivative = []
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
      y.append(value.reduce(0) { $0 + Double($1) } / Double(sets))
      derivative.append(slope.reduce(0) { $0 + Double($1) } / Double(sets))
    }
  }

  /// `points` values of x, evenly spaced, both ends included.
  static func grid(from: Double, to: Double, points: Int) -> [Double] {
    (0..<points).map { points == 1 ? from : from + (to - from) * Double($0) / Double(points - 1) }
  }
}
