// The durable home of jobs, as the service and its workers see it.

public import JSON
public import Telemetry
public import Training

/// Keeps jobs, their requests and their results, and decides every change of state.
///
/// When a method returns, what it did survives the machine's loss of power. Every change of state is atomic
/// against all others, so that many workers, in one process or several, can share a store.
public protocol JobStore: Sendable {
  /// Puts a new job into the queue, together with its idempotency key.
  ///
  /// - Parameters:
  ///   - capacity: how many jobs may be queued.
  ///   - keyHorizon: idempotency keys from before are forgotten.
  /// - Returns: the job, or the earlier one that the key had created.
  /// - Throws: `SubmissionError.queueFull`, `.keyReused`.
  func insert(
    _ job: Job, request: StoredRequest, key: IdempotencyKey?, capacity: Int, keyHorizon: Timestamp
  ) async throws -> Submission

  /// The job that the key has created; nil if the key is new.
  ///
  /// - Throws: `SubmissionError.keyReused`.
  func replay(of key: IdempotencyKey, keyHorizon: Timestamp) async throws -> Job?

  func job(_ id: JobID) async throws -> Job?

  /// The status of a job alone; nil if there is no such job.
  func status(of id: JobID) async throws -> JobStatus?

  /// The newest `limit` jobs older than `after`, which need not exist any more.
  func list(status: JobStatus?, strategy: String?, limit: Int, after: JobID?) async throws -> JobPage

  /// How many jobs have each status.
  func counts() async throws -> [JobStatus: Int]

  /// Starts the queued job of highest priority, the oldest of those; nil if none is queued.
  func claimNext(at time: Timestamp) async throws -> ClaimedJob?

  /// Lets an event happen to a job; nil if there is no such job.
  ///
  /// - Parameters:
  ///   - revision: a lower bound of the new revision.
  ///   - results: kept if the event ends the job.
  /// - Throws: `IllegalTransition`.
  func apply(
    _ event: JobLifecycle.Event, to id: JobID, at time: Timestamp, revision: Int, results: JobResults
  ) async throws -> Transition?

  /// Lets `crash` happen to every job that a dead process left running or cancelling.
  ///
  /// - Returns: those jobs.
  func recover(at time: Timestamp) async throws -> [Job]

  /// Removes an ended job with its request, results and idempotency key.
  func delete(_ id: JobID) async throws -> DeleteResult

  /// The serialized series of metrics of an ended job.
  func series(of id: JobID) async throws -> [UInt8]?

  /// The serialized trained model of an ended job.
  func model(of id: JobID) async throws -> [UInt8]?
}

/// What a worker needs to repeat the preparation of a job.
public struct StoredRequest: Sendable {
  /// The specification as JSON text.
  public var document: [UInt8]
  public var attachment: Attachment?

  public init(document: [UInt8], attachment: Attachment? = nil) {
    self.document = document
    self.attachment = attachment
  }
}

/// A job that one worker, and no other, now runs.
public struct ClaimedJob: Sendable {
  public var job: Job
  public var request: StoredRequest
}

/// What a job leaves when it ends; all of it optional, since a job may end before it began.
public struct JobResults: Sendable {
  public var progress: JSONValue?
  public var metrics: JSONValue?
  public var result: JSONValue?
  public var error: JSONValue?
  /// Warnings that training adds to those of the specification.
  public var warnings: [JSONValue] = []
  public var series: [UInt8]?
  public var model: [UInt8]?

  public init() {}

  /// Nothing but an error.
  public init(errorCode code: String, message: String) {
    error = ["code": .string(code), "message": .string(message)]
  }

  public static let none = JobResults()
}

/// A job after an event, and what the event meant.
public struct Transition: Sendable {
  public var job: Job
  public var action: JobLifecycle.Action
}
