// POST /v1/jobs/validate: what createJob would do with the same content, without doing it.

import Data
import HTTP
import HTTPTypes
import JSON
import Jobs
import Training

extension Operation {
  static let validateJob = Operation(
    "validateJob", .post, "/v1/jobs/validate", scope: .predict, accepts: TrainingContent.mediaTypes
  ) { call in
    try await call.jobs.validate(
      { try TrainingContent.request(of: call.wholeRequest()) }, use: { validation(of: $0) })
  }

  private static func validation(of prepared: PreparedTraining) -> Response {
    .json(
      [
        "resolved_spec": prepared.resolvedSpec,
        "warnings": .array(JSONArray(prepared.warnings.map(\.document))),
        "parameters": .integer(prepared.parameterCount),
        "activation_parameters": .integer(prepared.activationParameterCount),
        "shapes": prepared.layerShapes,
        "estimated_cost": [
          "multiply_adds": .number(prepared.estimatedCost.multiplyAdds),
          "seconds": .seconds(prepared.estimatedCost.seconds),
        ],
        "activation_analysis": prepared.activationAnalysis ?? .null,
        "spec_sha256": .string(prepared.specDigest),
        "data_sha256": .string(prepared.dataDigest),
      ], caching: .never)
  }
}
