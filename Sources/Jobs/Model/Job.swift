// One job as the service knows it.

import Data
public import JSON
public import Telemetry
package import Training

/// A job at one moment.
///
/// What only travels to clients is held as the document that they get, in the form that `openapi.yaml` gives it.
public struct Job: Sendable, Equatable {
  /// Opaque to clients; in order of creation when sorted.
  public var id: JobID
  /// The client's label, at most 200 characters.
  public var name: String?
  /// The client's own words by key; the service reads none of them.
  public var metadata: [String: String]
  /// Where the job stands.
  public var status: JobStatus
  /// The name of the activation's strategy, such as `parametric`.
  public var strategy: String
  /// -10 … 10; higher runs first.
  public var priority: Int
  /// From 1; each return to the queue adds one.
  public var attempt: Int
  /// How many whole epochs the present or last attempt found trained; nil where it began from the start.
  public var resumedFromEpoch: Int?
  /// Changes whenever anything else here does, except `queuePosition`.
  public var revision: Int
  /// From 1, the next to run; nil unless queued.
  public var queuePosition: Int?
  /// When it was stored.
  public var createdAt: Timestamp
  /// When the present or last attempt began; nil in the queue.
  public var startedAt: Timestamp?
  /// When it ended.
  public var finishedAt: Timestamp?
  /// `{epoch, epochs, iteration, ratio, rows_per_second, estimated_finish_at}`
  public var progress: JSONValue?
  /// The newest value of each metric by name.
  public var metrics: JSONValue?
  /// What training left (``TrainingOutcome/resultDocument(of:)``).
  public var result: JSONValue?
  /// `{code, message}` and what else the code brings, when the job has failed.
  public var error: JSONValue?
  /// `[{code, message, pointer}]`
  public var warnings: JSONValue
  /// The specification as sent, without inline rows.
  public var specDocument: JSONValue
  /// The specification with every default filled in.
  public var resolvedSpec: JSONValue
  /// The trace of the request that created it, as 32 hexadecimal digits; nil for a job of an earlier version.
  public var traceID: String?
  /// `{spec_sha256, data_sha256, version, instruction_set, seed}`
  public var provenance: JSONValue
  /// The identifier of the key that submitted it; nil where no key was needed.
  public var createdBy: String?
}

extension Job {
  /// A new job in the queue.
  package init(
    _ id: JobID, _ prepared: PreparedTraining, createdAt: Timestamp, version: String, instructionSet: String,
    createdBy: String? = nil, traceID: String? = nil
  ) {
    self.id = id
    name = prepared.name
    metadata = prepared.metadata
    status = .queued
    strategy = prepared.strategyName
    priority = prepared.priority
    attempt = 1
    revision = 1
    self.createdAt = createdAt
    self.createdBy = createdBy
    warnings = .array(JSONArray(prepared.warnings.map(\.document)))
    specDocument = prepared.specDocument
    resolvedSpec = prepared.resolvedSpec
    self.traceID = traceID
    provenance = [
      "spec_sha256": .string(prepared.specDigest), "data_sha256": .string(prepared.dataDigest),
      "version": .string(version), "instruction_set": .string(instructionSet),
      "seed": .number(Double(prepared.seed)),
    ]
  }
}
