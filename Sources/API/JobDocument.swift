// The job as its document: every member always there, null where the job has no such thing yet.

import HTTP
import HTTPTypes
import JSON
import Jobs
import Telemetry
import Training

extension Job {
  /// The address of the job.
  var path: String { "/v1/jobs/\(id)" }

  /// A strong validator: the revision, and while queued the position, which changes with other jobs.
  var entityTag: EntityTag {
    queuePosition.map { EntityTag("r\(revision)-q\($0)") } ?? Self.entityTag(revision: revision)
  }

  /// That of a job that is not queued.
  static func entityTag(revision: Int) -> EntityTag { EntityTag("r\(revision)") }

  /// The fields of every response that is about the job; `Retry-After` says that it will change.
  var fields: HTTPFields {
    var fields: HTTPFields = [.eTag: entityTag.description]
    if !status.isTerminal { fields[.retryAfter] = "1" }
    return fields
  }

  /// The schema `Job` of `openapi.yaml`.
  var document: JSONValue {
    [
      "id": .string(id.description),
      "name": JSONValue(name),
      "metadata": .object(JSONObject(sorting: metadata)),
      "status": .string(status.rawValue),
      "strategy": .string(strategy),
      "priority": .integer(priority),
      "created_at": JSONValue(createdAt),
      "started_at": JSONValue(startedAt),
      "finished_at": JSONValue(finishedAt),
      "queue_position": JSONValue(queuePosition),
      "attempt": .integer(attempt),
      "resumed_from_epoch": JSONValue(resumedFromEpoch),
      "progress": progress ?? .null,
      "metrics": metrics ?? .null,
      "result": result ?? .null,
      "warnings": warnings,
      "error": error ?? .null,
      "spec": specDocument,
      "resolved_spec": resolvedSpec,
      "trace_id": JSONValue(traceID),
      "provenance": provenance,
      "created_by": JSONValue(createdBy),
      "links": [
        "self": .string(path),
        "metrics": .string("\(path)/metrics"),
        "activations": .string("\(path)/activations"),
        "plot": .string("\(path)/activations.svg"),
        "predict": .string("\(path)/predict"),
        "cancel": .string("\(path)/cancel"),
        "events": .string("\(path)/events"),
      ],
    ]
  }
}

extension JobSummary {
  /// The schema `JobSummary` of `openapi.yaml`.
  var document: JSONValue {
    [
      "id": .string(id.description),
      "name": JSONValue(name),
      "metadata": .object(JSONObject(sorting: metadata)),
      "status": .string(status.rawValue),
      "strategy": .string(strategy),
      "task": .string(task),
      "progress": progress ?? .null,
      "best": best ?? .null,
      "created_at": JSONValue(createdAt),
      "started_at": JSONValue(startedAt),
      "finished_at": JSONValue(finishedAt),
      "attempt": .integer(attempt),
      "error": JSONValue(errorCode),
      "study": .null,
    ]
  }
}

extension JSONValue {
  init(_ text: String?) { self = text.map(JSONValue.string) ?? .null }
  init(_ number: Int?) { self = number.map(JSONValue.integer) ?? .null }
  init(_ moment: Timestamp?) { self = moment.map { .string($0.rfc3339) } ?? .null }
}
