// GET /v1/jobs/{id}/activations: the trained activation parameters and curves, also while the job runs.

import HTTP
import HTTPTypes
import JSON
import Jobs
import Training

extension Operation {
  static let getJobActivations = Operation(
    "getJobActivations", .get, "/v1/jobs/{id}/activations",
    query: CurveRange.parameters + ["unit", "include"], atOnce: { try $0.keptOfModel() },
    answer: { call in
      let sampling = try call.curveSampling()
      let unit = try call.query.integer("unit", in: 0...1_000_000)
      let parts = try call.query.choices("include", of: ActivationsPart.self)
      let id = try call.jobID()
      let (model, state) = try await call.trainedModel()
      let tag = call.entityTag(of: model, state)
      return try await call.rendered(tag) {
        try await call.jobs.compute {
          let learned = model.activationsDocument(
            sampling, unit: unit, parts: Set(parts ?? ActivationsPart.allCases))
          var document: JSONObject = [
            "job_id": .string(id.description),
            "status": .string(state.status.rawValue),
          ]
          for (key, value) in learned.objectValue?.pairs ?? [] { document[key] = value }
          let path = "/v1/jobs/\(id)"
          document["links"] = ["job": .string(path), "plot": .string("\(path)/activations.svg")]
          return .json(.object(document))
        }
      }
    })
}

extension Call {
  /// A strong validator of what is made of a job's model: the build, the job's revision or, while it trains, the epoch of
  /// the model. The query is part of the address.
  func entityTag(of model: TrainedModel, _ state: JobState) -> EntityTag {
    let version = configuration.jobs.version
    // While a job trains its revision changes ten times a second, its model once.
    let place = state.status.isTerminal ? "r\(state.revision)" : "\(state.status.rawValue)-e\(model.epoch)"
    return EntityTag("\(version)-\(place)")
  }

  /// What was made of the path's model for an earlier request of the same target; nil where it has to be made.
  func keptOfModel() throws -> Response? {
    guard let kept = jobs.keptModel(of: try jobID()) else { return nil }
    // Not by the client's tag alone: a query that is faulty is to be told so.
    return documents.kept(for: request, entityTag(of: kept.model, kept.state))?.revalidated(for: request)
  }
}
