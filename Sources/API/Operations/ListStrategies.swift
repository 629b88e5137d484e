// GET /v1/strategies: how an activation's shape can be found, with a JSON Schema of each strategy's options.

import HTTP
import HTTPTypes
import Training

extension Operation {
  static let listStrategies = Operation.fixed(
    "listStrategies", "/v1/strategies", FixedResponse { .json(TrainingDescriptions.strategies) })
}
