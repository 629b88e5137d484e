// POST /v1/jobs/{id}/predict: predictions of the trained model for rows of JSON or CSV.

import Data
import HTTP
import HTTPTypes
import JSON
import Jobs
import Training

extension Operation {
  static let predict = Operation(
    "predict", .post, "/v1/jobs/{id}/predict", scope: .predict, query: ["unknown"],
    accepts: [MediaTypes.json, MediaTypes.csv],
    atOnce: { call in
      guard let rows = call.content.inHand, let kept = call.jobs.keptModel(of: try call.jobID()),
        kept.model.predictsAtOnce(textBytes: rows.count)
      else { return nil }
      return try Prediction(call).response(of: kept.model, for: rows)
    },
    answer: { call in
      let prediction = try Prediction(call)
      let (model, _) = try await call.trainedModel()
      return try await call.compute { try prediction.response(of: model, for: $0.body) }
    })
}

/// What a request for predictions asks for.
private struct Prediction {
  let readsCSV: Bool
  let isJSON: Bool
  let unknown: UnknownPolicy?

  /// - Throws: for a query or a representation that there is not.
  init(_ call: Call) throws(APIError) {
    readsCSV = call.request.mediaType == MediaTypes.csv
    let json = MediaType("application", "json")
    isJSON = try call.preferred(of: [json, MediaType("text", "csv")]) == json
    unknown = try call.query.choice("unknown", of: UnknownPolicy.self)
  }

  func response(of model: TrainedModel, for rows: [UInt8]) throws -> Response {
    let predictions =
      if readsCSV {
        try model.predict(csv: rows, unknown: unknown)
      } else {
        try model.predict(JSONParser.parse(rows), unknown: unknown)
      }
    let fields: HTTPFields = [.vary: "Accept"]
    if isJSON { return .json(predictions.document, fields: fields, caching: .never) }
    return .text(predictions.csv, type: MediaTypes.csvWithHeader, fields: fields, caching: .never)
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
