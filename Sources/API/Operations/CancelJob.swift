// POST /v1/jobs/{id}/cancel: ask a job to stop; asking again is harmless.

import HTTP
import HTTPTypes
import JSON
import Jobs

extension Operation {
  static let cancelJob = Operation(
    "cancelJob", .post, "/v1/jobs/{id}/cancel", scope: .cancel, successes: [200, 202],
    accepts: [MediaTypes.json],
    takesEmptyObject: true
  ) { call in
    try await call.checkEmptyObject()
    let id = try call.jobID()
    switch try await call.jobs.cancel(id) {
    case .accepted(let job):
      return .json(job.document, status: .accepted, fields: job.fields, caching: .never)
    case .already(let job):
      return .json(job.document, fields: job.fields, caching: .never)
    case .ended(let job):
      throw APIError.jobEnded(job.status)
    case .notFound:
      throw APIError.jobNotFound(id.description)
    }
  }
}

extension Call {
  /// The content must be nothing, or an object without members; its media type says nothing more.
  fileprivate func checkEmptyObject() async throws {
    let bytes = if let bytes = content.inHand { bytes } else { try await compute(\.body) }
    guard !bytes.isEmpty else { return }
    let faults = FaultCollector()
    ObjectReader(try JSONParser.parse(bytes), faults: faults).finish()
    guard faults.isEmpty else { throw APIError.invalidSpecification(faults.faults) }
  }
}
