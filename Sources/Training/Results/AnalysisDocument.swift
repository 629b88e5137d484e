// The facts about an activation as a document: what listActivations, getActivation, analyzeActivation and validateJob tell.

import Activations
import JSON

extension AnalysisSubject {
  /// Every fact, with the catalogue entries that the function is or resembles. Takes some tens of milliseconds.
  ///
  /// - Parameter name: the catalogue's name of the function itself, which then does not count as prior art.
  func document(named name: String?) -> JSONValue {
    let kin = PriorArt.catalogue.nearest(
      to: expression, parameters: parameters.initialValues, excluding: name.map { [$0] } ?? [])
    return ActivationAnalysis(self).document(kin)
  }
}

extension ActivationAnalysis {
  fileprivate func document(_ kin: [Resemblance]) -> JSONValue {
    let own = derivatives.dropFirst().map { derivative -> (String, JSONValue) in
      guard case .parameter(let name) = derivative.variable else { return ("x", .string(derivative.formula)) }
      return (name, .string(derivative.formula))
    }
    return [
      "formula": .string(formula), "canonical_formula": .string(canonicalFormula),
      "fingerprint": .string(fingerprint.description),
      "derivative": .string(derivatives[0].formula), "parameter_derivatives": .object(JSONObject(own)),
      "finite": finiteness.document, "kinks": numbers(kinks), "jumps": numbers(jumps),
      "smoothness": .string(smoothness.rawValue), "monotonicity": .string(monotonicity.rawValue),
      "extrema": .array(JSONArray(extrema.map(\.document))),
      "bounds": ["infimum": optional(infimum), "supremum": optional(supremum)],
      "tails": ["left": leftTail.document, "right": rightTail.document],
      "symmetry": .string(symmetry.rawValue),
      "lipschitz": ["from": -10, "to": 10, "constant": optional(lipschitzConstant)],
      "value_at_zero": .number(valueAtZero), "derivative_at_zero": .number(derivativeAtZero),
      "moments": moments.document, "gain": moments.gainDocument,
      "parameters": .object(JSONObject(parameters.map { ($0.name, $0.document) })),
      "cost": ["forward": cost.forward.document, "backward": cost.backward.document],
      "properties": .array(JSONArray(properties.map(JSONValue.string))),
      "prior_art": .array(JSONArray(kin.map(\.document))),
    ]
  }

  private func numbers(_ values: [Double]) -> JSONValue { .array(JSONArray(numbers: values)) }
  private func optional(_ value: Double?) -> JSONValue { value.map(JSONValue.number) ?? .null }
}

extension Moments {
  var document: JSONValue {
    [
      "mean": .number(mean), "second_moment": .number(secondMoment),
      "derivative_second_moment": .number(derivativeSecondMoment),
    ]
  }

  var gainDocument: JSONValue { ["forward": .number(forwardGain), "backward": .number(backwardGain)] }
}

extension Resemblance {
  var document: JSONValue {
    [
      "function": .string(function), "statement": .string(statement), "equal": .bool(isEqual),
      "r_squared": .number(rSquared), "input": ["scale": .number(inputScale), "shift": .number(inputShift)],
      "output": ["scale": .number(outputScale), "shift": .number(outputShift)],
      "parameters": .object(JSONObject(parameters.map { ($0.name, .number($0.value)) })),
    ]
  }
}

extension Finiteness {
  fileprivate var document: JSONValue {
    func stretches(_ faults: [ClosedRange<Double>]) -> JSONValue {
      .array(JSONArray(faults.map { .array(JSONArray(numbers: [$0.lowerBound, $0.upperBound])) }))
    }
    return [
      "everywhere": .bool(isFinite && extremeFaults.isEmpty), "value_faults": stretches(valueFaults),
      "derivative_faults": stretches(derivativeFaults),
      "extreme_faults": .array(JSONArray(numbers: extremeFaults)),
    ]
  }
}

extension Extremum {
  fileprivate var document: JSONValue {
    ["kind": .string(kind.rawValue), "x": .number(x), "value": .number(value)]
  }
}

extension Tail {
  fileprivate var document: JSONValue {
    switch self {
    case .constant(let limit): ["kind": "constant", "limit": .number(limit)]
    case .linear(let slope): ["kind": "linear", "slope": .number(slope)]
    case .sublinear: ["kind": "sublinear"]
    case .superlinear: ["kind": "superlinear"]
    case .oscillating: ["kind": "oscillating"]
    case .undefined: ["kind": "undefined"]
    }
  }
}

extension ParameterAnalysis {
  fileprivate var document: JSONValue {
    [
      "mobility": .string(mobility.rawValue),
      "roles": .array(
        JSONArray(roles.map { .string($0.rawValue.split(separator: " ").joined(separator: "_")) })),
      "statement": statement.map(JSONValue.string) ?? .null,
    ]
  }
}

extension ActivationCost.Pass {
  fileprivate var document: JSONValue {
    [
      "instructions": .integer(instructions), "transcendentals": .integer(transcendentals),
      "nanoseconds": .number(nanoseconds),
    ]
  }
}
