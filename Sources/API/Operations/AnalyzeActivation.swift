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
    let request = call.request
    let analysis = try await call.jobs.compute {
      try TrainingDescriptions.analysis(of: JSONParser.parse(request.body))
    }
    return .json(analysis, caching: .never)
  }
}
