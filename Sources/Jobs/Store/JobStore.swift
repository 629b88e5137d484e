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
  ///   - capacity: how many jobs may be queued, in all and of the job's own creator.
  ///   - keyHorizon: idempotency keys from before are forgotten.
  /// - Returns: the job, or the earlier one that the key had created.
  /// - Throws: `SubmissionError.queueFull`, `.ownQueueFull`, `.keyReused`, `.keySpent`.
  func insert(
    _ job: Job, request: StoredRequest, key: IdempotencyKey?, capacity: QueueCapacity, keyHorizon: Timestamp
  ) async throws -> Submission

  /// The job that the key has created; nil if the key is new.
  ///
  /// - Throws: `SubmissionError.keyReused`; `.keySpent` if that job has been deleted.
  func replay(of key: IdempotencyKey, keyHorizon: Timestamp) async throws -> Job?

  func job(_ id: JobID) async throws -> Job?

  /// The status, revision and creator of a job alone; nil if there is no such job.
  func state(of id: JobID) async throws -> JobState?

  /// What has happened to a job behind the event of that number, in order; nothing if there is no such job.
  func events(of id: JobID, after sequence: Int) async throws -> [JobEvent]

  /// The newest `limit` jobs older than `after`, which need not exist any more.
  func list(_ filter: JobFilter, limit: Int, after: JobID?) async throws -> JobPage<Job>

  /// The same without the jobs' documents, which are not read.
  func summaries(_ filter: JobFilter, limit: Int, after: JobID?) async throws -> JobPage<JobSummary>

  /// How many of the filter's jobs have each status, whatever statuses the filter asks for.
  func counts(_ filter: JobFilter) async throws -> [JobStatus: Int]

  /// When the job was submitted that has been queued longest; 1970 if none is queued.
  func oldestQueued() async throws -> Timestamp

  /// Starts the queued job of highest priority, the oldest of those; nil if none is queued that may run.
  ///
  /// - Parameter runningJobs: how many jobs of a creator may run at a time, of those for whom there is a bound.
  func claimNext(at time: Timestamp, runningJobs: [String: Int]) async throws -> Job?

  /// What the job was made of; nil if there is no such job.
  func request(of id: JobID) async throws -> StoredRequest?

  /// Lets an event happen to a job; nil if there is no such job, or if it is in another attempt than `attempt`.
  ///
  /// - Parameters:
  ///   - attempt: the one that the event is about; nil for events that are about the job.
  ///   - revision: a lower bound of the new revision.
  ///   - results: kept if the event ends the job.
  /// - Throws: `IllegalTransition`.
  func apply(
    _ event: JobLifecycle.Event, to id: JobID, attempt: Int?, at time: Timestamp, revision: Int,
    results: JobResults
  ) async throws -> Transition?

  /// Lets `crash`, or `crashAfterProgress`, happen to every job that a dead process left running or cancelling.
  ///
  /// - Parameter hasProgress: whether an attempt of a job has left a state that the next goes on from.
  /// - Returns: those jobs.
  func recover(
    at time: Timestamp, hasProgress: @escaping @Sendable (_ job: JobID, _ attempt: Int) -> Bool
  ) async throws -> [Job]

  /// Removes an ended job with its request and results. Its idempotency key is remembered as spent.
  func delete(_ id: JobID) async throws -> DeleteResult

  /// The serialized series of metrics of an ended job.
  func series(of id: JobID) async throws -> [UInt8]?

  /// The serialized trained model of an ended job.
  func model(of id: JobID) async throws -> [UInt8]?

  /// Closes the store; nothing may be asked of it afterwards.
  func close() async throws
}

extension JobStore {
  /// The same where no attempt leaves anything.
  package func recover(at time: Timestamp) async throws -> [Job] {
    try await recover(at: time) { _, _ in false }
  }

  /// The same without bounds on anybody.
  package func claimNext(at time: Timestamp) async throws -> Job? {
    try await claimNext(at: time, runningJobs: [:])
  }
}

/// Why a store cannot do what it is asked. What was committed before stands.
public enum StorageError: Error, Sendable, Equatable {
  /// No room is left for another commit.
  case full(String)
  /// The disk or the file fails.
  case unavailable(String)
}

/// What a worker needs to repeat the preparation of a job.
public struct StoredRequest: Sendable {
  /// The specification as JSON text.
  public var document: [UInt8]
  /// The data file that came beside it.
  public var attachment: Attachment?

  /// A request as it was sent.
  public init(document: [UInt8], attachment: Attachment? = nil) {
    self.document = document
    self.attachment = attachment
  }
}

/// What a job leaves when it ends; all of it optional, since a job may end before it began.
public struct JobResults: Sendable {
  /// As ``Job/progress``.
  public var progress: JSONValue?
  /// As ``Job/metrics``.
  public var metrics: JSONValue?
  /// As ``Job/result``.
  public var result: JSONValue?
  /// As ``Job/error``; kept if the job has failed.
  public var error: JSONValue?
  /// `{metric, value, epoch}` of the best epoch, for lists.
  public var best: JSONValue?
  /// As ``Job/resumedFromEpoch``.
  public var resumedFromEpoch: Int?
  /// Warnings that training adds to those of the specification.
  public var warnings: [JSONValue] = []
  /// A serialized ``MetricSeries``.
  public var series: [UInt8]?
  /// A serialized ``TrainedModel``.
  public var model: [UInt8]?

  /// Nothing yet.
  public init() {}

  /// Nothing but an error.
  public init(errorCode code: String, message: String) {
    error = ["code": .string(code), "message": .string(message)]
  }

  /// Nothing at all.
  public static let none = JobResults()
}

/// A job after an event, and what the event meant.
public struct Transition: Sendable {
  /// As it is now.
  public var job: Job
  /// What the new state asks for.
  public var action: JobLifecycle.Action
}
