// POST /v1/jobs: check a specification, store the job durably, queue it.

import HTTP
import HTTPTypes
import Jobs
import Telemetry

extension Operation {
  static let createJob = Operation(
    "createJob", .post, "/v1/jobs", scope: .submit, successes: [200, 202], accepts: TrainingContent.mediaTypes
  ) { call in
    let wait = call.waitSeconds
    let key = try await call.idempotencyKey()
    let submission = try await call.jobs.submit(
      key: key, by: call.submitter, traceID: call.request.traceID
    ) { try TrainingContent.request(of: call.wholeRequest(isCounted: key == nil)) }
    call.content.discard()
    if submission.isReplay { call.metrics.replays.add() }

    var job = submission.job
    if let wait, !job.status.isTerminal {
      job = try await call.later(job, untilNot: nil, seconds: wait)
    }

    var fields = job.fields
    fields[.location] = job.path
    if let wait { fields[.preferenceApplied] = "wait=\(wait)" }
    if submission.isReplay { fields[.idempotencyReplayed] = "true" }
    let isFinished = wait != nil && job.status.isTerminal
    return .json(job.document, status: isFinished ? .ok : .accepted, fields: fields, caching: .never)
  }
}
