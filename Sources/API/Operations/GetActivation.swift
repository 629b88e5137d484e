// GET /v1/activations/{name}: one activation function and samples of its curve.

import HTTP
import HTTPTypes
import Training

extension Operation {
  static let getActivation = Operation(
    "getActivation", .get, "/v1/activations/{name}", query: CurveRange.parameters
  ) { call in
    let range = try call.curveRange()
    let name = call.parameters["name"] ?? ""
    guard
      let document = TrainingDescriptions.activation(
        name, from: range.from, to: range.to, points: range.points)
    else {
      throw APIError.activationNotFound(name, suggestion: TrainingDescriptions.activationName(nearest: name))
    }
    return .json(document)
  }
}
