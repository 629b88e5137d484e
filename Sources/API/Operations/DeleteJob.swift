// DELETE /v1/jobs/{id}: remove an ended job and everything that it left.

import HTTP
import HTTPTypes
import Jobs

extension Operation {
  static let deleteJob = Operation("deleteJob", .delete, "/v1/jobs/{id}", scope: .delete, successes: [204]) {
    call in
    let id = try call.jobID()
    switch try await call.jobs.delete(id) {
    case .deleted:
      return Response(status: .noContent)
    case .notEnded(let job):
      throw APIError.jobNotEnded(job.status)
    case .notFound:
      throw APIError.jobNotFound(id.description)
    }
  }
}
