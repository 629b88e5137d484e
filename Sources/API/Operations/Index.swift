// GET /: where to begin.

import HTTP
import HTTPTypes
import Jobs

extension Operation {
  static let index = Operation.quick("index", "/", scope: nil) { call in
    .text(
      """
      Curvesmith \(call.configuration.jobs.version): training neural networks whose activation functions are learned.

      POST /v1/jobs              submit a training job
      GET  /v1/jobs              list jobs
      GET  /v1/activations       activation functions to choose from
      GET  /v1/strategies        ways to learn one
      GET  /openapi.yaml         the whole API
      GET  /openapi.json         the same as JSON

      """)
  }
}
