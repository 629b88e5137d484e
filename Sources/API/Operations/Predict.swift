// POST /v1/jobs/{id}/predict: predictions of the trained model for rows of JSON or CSV.

import HTTP
import HTTPTypes
import JSON
import Jobs
import Training

extension Operation {
  static let predict = Operation(
    "predict", .post, "/v1/jobs/{id}/predict", accepts: [MediaTypes.json, MediaTypes.csv]
  ) { call in
    let job = try await call.job()
    let model = try await call.trainedModel(of: job)
    let request = call.request
    let predictions = try await call.jobs.compute {
      if request.mediaType == MediaTypes.csv {
        try model.predict(csv: request.body)
      } else {
        try model.predict(JSONParser.parse(request.body))
      }
    }
    return .json(predictions, caching: .never)
  }
}

extension Call {
  /// The model of a job, as far as it has been trained.
  ///
  /// - Throws: `.notTrained` if training has not begun or has left nothing.
  func trainedModel(of job: Job) async throws -> TrainedModel {
    guard let model = try await jobs.trainedModel(job.id) else { throw APIError.notTrained(job.status) }
    return model
  }
}
