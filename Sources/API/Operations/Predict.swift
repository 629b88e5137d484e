// POST /v1/jobs/{id}/predict: predictions of the trained model for rows of JSON or CSV.

import Data
import HTTP
import HTTPTypes
import JSON
import Jobs
import Training

extension Operation {
  static let predict = Operation(
    "predict", .post, "/v1/jobs/{id}/predict", query: ["unknown"],
    accepts: [MediaTypes.json, MediaTypes.csv]
  ) { call in
    let json = MediaType("application", "json")
    let type = try call.preferred(of: [json, MediaType("text", "csv")])
    let unknown = try call.query.choice("unknown", of: UnknownPolicy.self)
    let (model, _) = try await call.trainedModel()
    let request = call.request
    let respond: @Sendable () throws -> Response = {
      let predictions =
        if request.mediaType == MediaTypes.csv {
          try model.predict(csv: request.body, unknown: unknown)
        } else {
          try model.predict(JSONParser.parse(request.body), unknown: unknown)
        }
      let fields: HTTPFields = [.vary: "Accept"]
      if type == json { return .json(predictions.document, fields: fields, caching: .never) }
      return .text(predictions.csv, type: MediaTypes.csvWithHeader, fields: fields, caching: .never)
    }
    return model.predictsAtOnce(textBytes: request.body.count)
      ? try respond() : try await call.jobs.compute(respond)
  }
}

extension Call {
  /// The model of the path's job, as far as it has been trained, and where the job stands.
  ///
  /// - Throws: `.jobNotFound`; `.notTrained` if training has not begun or has left nothing.
  func trainedModel() async throws -> (model: TrainedModel, state: JobState) {
    let id = try jobID()
    switch try await jobs.trainedModel(id) {
    case .noJob: throw APIError.jobNotFound(id.description)
    case .notTrained(let status): throw APIError.notTrained(status)
    case .model(let model, let state): return (model, state)
    }
  }
}
