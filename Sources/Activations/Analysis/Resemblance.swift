// One answer to "which known function is this?": the function, the maps around it, and how well they fit.

import Glibc
import Text

/// A catalogue entry that a curve resembles: y ≈ outputScale · f(inputScale · x + inputShift; parameters) + outputShift.
public struct Resemblance: Sendable, Hashable {
  /// A parameter's fitted value.
  public struct Value: Sendable, Hashable {
    /// The parameter's name.
    public var name: String
    /// The fitted value, or the initial one.
    public var value: Double
    /// Whether it is the catalogue's own initial value.
    public var isInitial: Bool

    /// A value and whether it was left as the catalogue has it.
    public init(name: String, value: Double, isInitial: Bool) {
      self.name = name
      self.value = value
      self.isInitial = isInitial
    }
  }

  /// The entry's name.
  public var function: String
  /// The factor on x.
  public var inputScale = 1.0
  /// What is added to the scaled x.
  public var inputShift = 0.0
  /// The factor on the function's value.
  public var outputScale = 1.0
  /// What is added to the scaled value.
  public var outputShift = 0.0
  /// The entry's parameters, in its order.
  public var parameters: [Value] = []
  /// The weighted sum of squared errors over that of the deviations from the mean: 1 − R², without cancellation.
  public var unexplained: Double
  /// Whether the fit is exact up to rounding, also where it was only checked.
  public var isEqual: Bool

  /// The coefficient of determination R², at most 1.
  public var rSquared: Double { 1 - unexplained }

  /// The unexplained share below which a fit is exact.
  static let equality = 1e-14
}

extension Resemblance {
  /// How much had to be adjusted, simplest first: nothing, parameters, the output, the input.
  enum Relation: Int, Comparable {
    case same, parameters, output, input

    static func < (left: Relation, right: Relation) -> Bool { left.rawValue < right.rawValue }
  }

  var relation: Relation {
    if inputScale != 1 || inputShift != 0 { return .input }
    if outputScale != 1 || outputShift != 0 { return .output }
    return adjusted.isEmpty ? .same : .parameters
  }

  /// The parameters that differ from the catalogue's values.
  var adjusted: [Value] { parameters.filter { !$0.isInitial } }

  /// How many numbers were adjusted.
  var freedom: Int {
    adjusted.count + (inputScale != 1 ? 1 : 0) + (inputShift != 0 ? 1 : 0) + (outputScale != 1 ? 1 : 0)
      + (outputShift != 0 ? 1 : 0)
  }

  /// The answer as a sentence's end: "equal to `swish` with beta = 1.702 up to scale".
  public var statement: String {
    isEqual ? "equal to \(named)\(maps)" : "nearest is \(named)\(maps) (R² \(rSquaredText))"
  }

  private var named: String {
    let digits = isEqual ? 6 : 4
    let values = adjusted.map { "\($0.name) = \(text(of: $0.value.rounded(significantDigits: digits)))" }
    guard let last = values.last else { return "`\(function)`" }
    let others = values.dropLast().joined(separator: ", ")
    return "`\(function)` with " + (others.isEmpty ? last : "\(others) and \(last)")
  }

  private var maps: String {
    func words(_ scale: Double, _ shift: Double) -> String? {
      switch (scale != 1, shift != 0) {
      case (true, true): "scale and shift"
      case (true, false): "scale"
      case (false, true): "shift"
      case (false, false): nil
      }
    }
    switch (words(inputScale, inputShift), words(outputScale, outputShift)) {
    case (nil, nil): return ""
    case (nil, let output?): return " up to \(output)"
    case (let input?, nil): return " up to \(input) of the input"
    case (let input?, let output?):
      return input == output
        ? " up to \(input) of input and output" : " up to \(input) of the input and \(output) of the output"
    }
  }

  /// R² to four digits, or to as many as it takes to differ from 1.
  private var rSquaredText: String {
    if unexplained < 1e-12 { return "above 0.999999999999" }
    var digits = 4
    while digits < 12, unexplained < 0.5 * pow(10, -Double(digits)) { digits += 1 }
    let power = pow(10, Double(digits))
    return text(of: (rSquared * power).rounded(.down) / power)
  }
}
