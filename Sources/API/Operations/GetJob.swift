// GET /v1/jobs/{id}: a job now, or as soon as it has changed or ended.

import HTTP
import HTTPTypes
import Jobs

extension Operation {
  static let getJob = Operation(
    "getJob", .get, "/v1/jobs/{id}",
    atOnce: { call in
      let id = try call.jobID()
      guard let end = call.jobs.keptEnd(of: id) else { return nil }
      let kept = call.documents.kept(for: call.request, Job.entityTag(revision: end.revision))
      return kept?.revalidated(for: call.request).preferring(call.waitSeconds)
        .holding { [jobs = call.jobs] in jobs.keptEnd(of: id)?.revision == end.revision }
    },
    answer: { call in
      var job = try await call.job()
      let wait = call.waitSeconds
      if let wait {
        let condition = IfNoneMatch(call.request.fields)
        let isAwaited = condition.map { $0.matches(job.entityTag) } ?? !job.status.isTerminal
        if isAwaited {
          job = try await call.later(job, untilNot: condition == nil ? nil : job.revision, seconds: wait)
        }
      }

      var fields = job.fields
      fields[.vary] = "Prefer"
      let response = Response.json(job.document, fields: fields)
      if job.status.isTerminal { call.documents.keep(response, for: call.request, job.entityTag) }
      return response.revalidated(for: call.request).preferring(wait)
    })
}

extension Call {
  /// The job once its revision is another, or, without a revision, once it has ended; or as it is after `seconds`.
  ///
  /// - Throws: `.tooManyWaiters` at once, or `.jobNotFound` if it was deleted meanwhile.
  func later(_ job: Job, untilNot revision: Int?, seconds: Int) async throws -> Job {
    try await waiters.whileWaiting {
      guard let later = try await jobs.wait(for: job.id, untilNot: revision, seconds: Double(seconds)) else {
        throw APIError.jobNotFound(job.id.description)
      }
      return later
    }
  }
}

extension Response {
  /// This response with the preference that was heeded (RFC 7240 §3).
  fileprivate func preferring(_ seconds: Int?) -> Response {
    guard let seconds else { return self }
    var response = self
    response.fields[.preferenceApplied] = "wait=\(seconds)"
    return response
  }
}
