// Where a job stands, and the state machine that says where it may go from there.

/// The state of a job that clients see.
public enum JobStatus: String, Sendable, CaseIterable {
  case queued, running, cancelling, succeeded, failed, cancelled

  /// Whether the job has ended: then only deletion changes it.
  public var isTerminal: Bool {
    switch self {
    case .queued, .running, .cancelling: false
    case .succeeded, .failed, .cancelled: true
    }
  }
}

/// The life of one job, from the queue to its end.
///
///     queued ── claim ──▶ running ── succeed, fail ──▶ succeeded, failed
///       │ ▲                 │ │
///       │ └── stop, crash ──┘ cancel
///       │                     ▼
///       │                 cancelling ── succeed, fail ──▶ succeeded, failed
///       └─── cancel ──▶ cancelled ◀── stop, crash
///
/// A training that ends before it notices the cancellation stands. A job that was running when the service
/// died `maximumInterruptions` times runs once more; if the service dies again, the job is taken for the cause. Deaths
/// before which the attempt had got on count for nothing.
public struct JobLifecycle: Sendable, Equatable {
  /// What can happen to a job.
  public enum Event: Sendable, CaseIterable {
    /// A worker takes the job.
    case claim
    /// A client asks for its end.
    case cancel
    /// The training reached its end.
    case succeed
    /// The training, or getting ready for it, failed.
    case fail
    /// The training heeded the request to stop: a client's, or the service's that is itself about to stop.
    case stop
    /// The service died while it worked on the job.
    case crash
    /// It did, but the attempt had left a state that the next one goes on from: whatever killed it, the job gets on.
    case crashAfterProgress
  }

  /// What the store and the service owe to the new state.
  public enum Action: Sendable, Equatable {
    /// Nothing has changed.
    case none
    case begin
    /// Tell the worker to stop.
    case requestStop
    /// Forget the attempt's progress: a new one will begin.
    case requeue
    /// Keep the results.
    case end
  }

  /// How often the service may die over a job that is then run again.
  public static let maximumInterruptions = 3

  /// Where the job stands.
  public private(set) var status: JobStatus
  /// From 1; each return to the queue adds one.
  public private(set) var attempt: Int
  /// How often in a row the service died while it worked on the job, without its getting on.
  public private(set) var interruptions: Int

  /// A job in that state; by default a new one.
  public init(status: JobStatus = .queued, attempt: Int = 1, interruptions: Int = 0) {
    self.status = status
    self.attempt = attempt
    self.interruptions = interruptions
  }

  /// Moves on.
  ///
  /// - Throws: if the event cannot happen to a job in this state; the state is then unchanged.
  public mutating func on(_ event: Event) throws(IllegalTransition) -> Action {
    switch (status, event) {
    case (.queued, .claim):
      return move(to: .running, .begin)
    case (.running, .cancel):
      return move(to: .cancelling, .requestStop)
    case (.queued, .cancel), (.cancelling, .stop), (.cancelling, .crash),
      (.cancelling, .crashAfterProgress):
      return move(to: .cancelled, .end)
    case (.cancelling, .cancel), (.cancelled, .cancel):
      return .none
    case (.running, .succeed), (.cancelling, .succeed):
      return move(to: .succeeded, .end)
    case (.queued, .fail), (.running, .fail), (.cancelling, .fail):
      return move(to: .failed, .end)
    case (.running, .stop):
      attempt += 1
      return move(to: .queued, .requeue)
    case (.running, .crash):
      interruptions += 1
      guard interruptions <= Self.maximumInterruptions else { return move(to: .failed, .end) }
      attempt += 1
      return move(to: .queued, .requeue)
    case (.running, .crashAfterProgress):
      interruptions = 0
      attempt += 1
      return move(to: .queued, .requeue)
    case (.queued, .succeed), (.queued, .stop), (.queued, .crash), (.queued, .crashAfterProgress),
      (.running, .claim), (.cancelling, .claim), (.succeeded, _), (.failed, _), (.cancelled, _):
      throw IllegalTransition(status: status, event: event)
    }
  }

  private mutating func move(to status: JobStatus, _ action: Action) -> Action {
    self.status = status
    return action
  }
}

/// An event that cannot happen to a job in its state.
public struct IllegalTransition: Error, Equatable, Sendable {
  /// The job's state, which stays.
  public var status: JobStatus
  /// What cannot happen in it.
  public var event: JobLifecycle.Event

  /// That the event cannot happen in that state.
  package init(status: JobStatus, event: JobLifecycle.Event) {
    self.status = status
    self.event = event
  }
}
