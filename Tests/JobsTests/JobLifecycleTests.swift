// Every state with every event: where it leads, or that it is refused.

import Jobs
import Testing

@Suite struct JobLifecycleTests {
  typealias Event = JobLifecycle.Event

  /// Everything that may happen; what is not here must be refused.
  static let legal: [JobStatus: [Event: JobStatus]] = [
    .queued: [.claim: .running, .cancel: .cancelled, .fail: .failed],
    .running: [
      .cancel: .cancelling, .succeed: .succeeded, .fail: .failed, .stop: .queued, .crash: .queued,
      .crashAfterProgress: .queued,
    ],
    .cancelling: [
      .cancel: .cancelling, .succeed: .succeeded, .fail: .failed, .stop: .cancelled, .crash: .cancelled,
      .crashAfterProgress: .cancelled,
    ],
    .succeeded: [:],
    .failed: [:],
    .cancelled: [.cancel: .cancelled],
  ]

  @Test(arguments: JobStatus.allCases, Event.allCases)
  func `each event leads where the table says or is refused`(_ status: JobStatus, _ event: Event) throws {
    var lifecycle = JobLifecycle(status: status, attempt: 2)
    if let next = Self.legal[status]?[event] {
      let action = try lifecycle.on(event)
      #expect(lifecycle.status == next)
      #expect((action == .none) == (next == status))
      #expect((action == .end) == (next.isTerminal && next != status))
      #expect((action == .requeue) == (next == .queued))
      #expect(lifecycle.attempt == (next == .queued ? 3 : 2))
    } else {
      #expect(throws: IllegalTransition(status: status, event: event)) { try lifecycle.on(event) }
      #expect(lifecycle == JobLifecycle(status: status, attempt: 2))
    }
  }

  @Test func `a job that a crash interrupts too often has failed; stops of the service do not count`() throws
  {
    var lifecycle = JobLifecycle()
    for count in 1...JobLifecycle.maximumInterruptions {
      _ = try lifecycle.on(.claim)
      #expect(try lifecycle.on(.stop) == .requeue)
      _ = try lifecycle.on(.claim)
      #expect(try lifecycle.on(.crash) == .requeue)
      #expect(lifecycle.attempt == 1 + 2 * count)
    }
    _ = try lifecycle.on(.claim)
    #expect(try lifecycle.on(.crash) == .end)
    #expect(lifecycle.status == .failed)
  }

  @Test func `a job that gets on between crashes is never given up`() throws {
    var lifecycle = JobLifecycle()
    for _ in 0..<3 {
      for _ in 1...JobLifecycle.maximumInterruptions {
        _ = try lifecycle.on(.claim)
        #expect(try lifecycle.on(.crash) == .requeue)
      }
      _ = try lifecycle.on(.claim)
      #expect(try lifecycle.on(.crashAfterProgress) == .requeue)
      #expect(lifecycle.interruptions == 0)
    }
  }

  @Test func `only ended states are terminal`() {
    #expect(JobStatus.allCases.filter(\.isTerminal) == [.succeeded, .failed, .cancelled])
  }
}
