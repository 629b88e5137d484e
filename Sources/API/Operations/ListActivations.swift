// GET /v1/activations: the whole catalogue of activation functions.

import HTTP
import HTTPTypes
import Training

extension Operation {
  static let listActivations = Operation("listActivations", .get, "/v1/activations") { _ in
    .json(TrainingDescriptions.activations)
  }
}
