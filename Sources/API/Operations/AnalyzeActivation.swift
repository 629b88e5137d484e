// POST /v1/activations/analyze: every fact about an activation, without training it.

import HTTP
import HTTPTypes
import JSON
import Jobs
import Training

extension Operation {
  static let analyzeActivation = Operation(
    "analyzeActivation", .post, "/v1/activations/analyze", scope: .predict, accepts: [MediaTypes.json]
  ) { call in
    let analysis = try await call.compute {
      try TrainingDescriptions.analysis(of: JSONParser.parse($0.body))
    }
    return .json(analysis, caching: .never)
  }
}
