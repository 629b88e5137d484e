// GET /v1/activations/{name}: one activation function and samples of its curve.

import HTTP
import HTTPTypes
import Jobs
import Training

extension Operation {
  static let getActivation = Operation(
    "getActivation", .get, "/v1/activations/{name}", query: CurveRange.parameters
  ) { call in
    let sampling = try call.curveSampling()
    let name = call.parameters["name"] ?? ""
    let document = try await call.jobs.compute { TrainingDescriptions.activation(name, sampling) }
    guard let document else {
      throw APIError.activationNotFound(name, suggestion: TrainingDescriptions.activationName(nearest: name))
    }
    return .json(document)
  }
}
