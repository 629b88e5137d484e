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
    // The curve alone may reach from -6 to 6 by default: without data there is no range that was seen.
    let from = sampling.from ?? min(-6, (sampling.to ?? 6) - 12)
    let to = sampling.to ?? max(6, (sampling.from ?? -6) + 12)
    let document = try await call.jobs.compute {
      TrainingDescriptions.activation(name, from: from, to: to, points: sampling.points)
    }
    guard let document else {
      throw APIError.activationNotFound(name, suggestion: TrainingDescriptions.activationName(nearest: name))
    }
    return .json(document)
  }
}
