// A job as lists show it: what a row of a table needs, without the documents.

public import JSON
public import Telemetry

/// A job at one moment, without what takes long to read.
public struct JobSummary: Sendable, Equatable {
  /// As ``Job/id``.
  public var id: JobID
  /// As ``Job/name``.
  public var name: String?
  /// As ``Job/metadata``.
  public var metadata: [String: String]
  /// Where the job stands.
  public var status: JobStatus
  /// As ``Job/strategy``.
  public var strategy: String
  /// `regression`, `binary` or `multiclass`.
  public var task: String
  /// As ``Job/progress``.
  public var progress: JSONValue?
  /// `{metric, value, epoch}`: the best value so far of the metric by which states are chosen.
  public var best: JSONValue?
  /// When it was stored.
  public var createdAt: Timestamp
  /// When the present or last attempt began.
  public var startedAt: Timestamp?
  /// When it ended.
  public var finishedAt: Timestamp?
  /// From 1; each return to the queue adds one.
  public var attempt: Int
  /// The code of the error, when the job has failed.
  public var errorCode: String?
}

/// Which jobs a list has.
public struct JobFilter: Sendable, Hashable {
  /// Nil: whatever the status.
  public var statuses: Set<JobStatus>?
  /// As ``Job/strategy``.
  public var strategy: String?
  /// A part of the name; letters of ASCII in either case.
  public var namePart: String?
  /// As ``Job/createdBy``; nil: whoever.
  public var createdBy: String?

  /// Jobs that fit everything that is given; all without any of it.
  public init(
    statuses: Set<JobStatus>? = nil, strategy: String? = nil, namePart: String? = nil,
    createdBy: String? = nil
  ) {
    self.statuses = statuses
    self.strategy = strategy
    self.namePart = namePart
    self.createdBy = createdBy
  }
}

/// A part of a list of jobs, newest first.
public struct JobPage<Entry: Sendable>: Sendable {
  /// At most as many as were asked for.
  public var jobs: [Entry]
  /// Whether older jobs follow.
  public var hasMore: Bool
}
