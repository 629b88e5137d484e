// GET /v1/activations: the whole catalogue of activation functions.

import HTTP
import HTTPTypes
import Training

extension Operation {
  static let listActivations = Operation.fixed(
    "listActivations", "/v1/activations", FixedResponse { .json(TrainingDescriptions.activations) })
}
