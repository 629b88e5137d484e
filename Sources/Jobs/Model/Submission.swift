// What goes into the service with a new job, and what can come of it.

public import Training

/// A client's promise that requests with this key are one and the same.
///
/// Source: draft-ietf-httpapi-idempotency-key-header.
public struct IdempotencyKey: Sendable, Hashable {
  /// Where the key counts: the principal, method and path.
  public var scope: String
  /// As the client wrote it, without quotes.
  public var key: String
  /// A digest of everything that must be the same in a repetition: method, path, media type and content.
  public var fingerprint: String

  /// A key with the digest of what came with it.
  public init(scope: String, key: String, fingerprint: String) {
    self.scope = scope
    self.key = key
    self.fingerprint = fingerprint
  }
}

/// Whose a new job is.
public struct Submitter: Sendable, Hashable {
  /// The identifier that the job keeps.
  public var id: String
  /// How many of their jobs may wait.
  public var queuedJobs: Int

  /// A submitter who may have so many jobs wait.
  public init(id: String, queuedJobs: Int) {
    self.id = id
    self.queuedJobs = queuedJobs
  }
}

/// How many jobs may wait.
public struct QueueCapacity: Sendable, Hashable, ExpressibleByIntegerLiteral {
  /// Of everybody.
  public var total: Int
  /// Of the one who submits; nil: as many as of everybody.
  public var ofOne: Int?

  /// So many jobs in all, and of one submitter.
  public init(total: Int, ofOne: Int? = nil) {
    self.total = total
    self.ofOne = ofOne
  }

  /// So many jobs of anybody.
  public init(integerLiteral total: Int) { self.init(total: total) }
}

/// A job that is on disk and in the queue.
public struct Submission: Sendable {
  /// The job as it is now.
  public var job: Job
  /// Whether an earlier submission with the same key had created the job.
  public var isReplay: Bool
}

/// Why no job was created.
public enum SubmissionError: Error, Sendable, Equatable {
  case invalid(SpecificationError)
  /// As many jobs are queued as may be.
  case queueFull(capacity: Int)
  /// As many jobs of the submitter are queued as may be.
  case ownQueueFull(capacity: Int)
  /// The service has not started, or is about to stop.
  case draining
  /// The idempotency key came with another request before.
  case keyReused
  /// What the idempotency key had created has been deleted.
  case keySpent
  /// The first request with this idempotency key is still being worked on.
  case keyInFlight
}

/// What came of the wish to cancel.
public enum CancelResult: Sendable, Equatable {
  /// The job is cancelled or will be shortly.
  case accepted(Job)
  /// It had been cancelled before.
  case already(Job)
  /// It had ended otherwise.
  case ended(Job)
  case notFound
}

/// What came of the wish to delete.
public enum DeleteResult: Sendable, Equatable {
  case deleted
  case notEnded(Job)
  case notFound
}

/// The answer to the question for a trained model.
public enum ModelLookup: Sendable {
  case noJob
  /// Training has not begun, or has left nothing.
  case notTrained(JobStatus)
  case model(TrainedModel, JobState)

  /// The model, where there is one.
  public var model: TrainedModel? {
    if case .model(let model, _) = self { model } else { nil }
  }
}
