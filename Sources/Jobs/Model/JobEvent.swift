// What has happened to a job, in the order in which its readers are told.

public import JSON
public import Telemetry

/// One entry of a job's history. It is stored in the transaction that makes it true, so that no reader ever misses one.
public struct JobEvent: Sendable, Equatable {
  /// What happened.
  public enum Kind: Sendable, Equatable {
    /// The job is in this state now.
    case status(JobStatus, attempt: Int)
    /// `{code, message, pointer}`, as in ``Job/warnings``.
    case warning(JSONValue)
  }

  /// From 1, without gaps.
  public var sequence: Int
  /// When it happened.
  public var at: Timestamp
  /// What happened.
  public var kind: Kind

  /// Whether nothing follows.
  public var isEnd: Bool {
    if case .status(let status, _) = kind { status.isTerminal } else { false }
  }
}
