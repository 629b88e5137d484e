// GET /v1/jobs/{id}/activations: the trained activation parameters and curves, also while the job runs.

import HTTP
import HTTPTypes
import JSON
import Jobs
import Training

extension Operation {
  static let getJobActivations = Operation(
    "getJobActivations", .get, "/v1/jobs/{id}/activations", query: CurveRange.parameters + ["unit"]
  ) { call in
    let sampling = try call.curveSampling()
    let unit = try call.query.integer("unit", in: 0...1_000_000)
    let job = try await call.job()
    let model = try await call.trainedModel(of: job)
    let learned = try await call.jobs.compute {
      model.activationsDocument(sampling, unit: unit)
    }
    var document: JSONObject = [
      "job_id": .string(job.id.description),
      "status": .string(job.status.rawValue),
    ]
    for (key, value) in learned.objectValue?.pairs ?? [] { document[key] = value }
    document["links"] = ["job": .string(job.path), "plot": .string("\(job.path)/activations.svg")]
    return .json(.object(document))
  }
}
