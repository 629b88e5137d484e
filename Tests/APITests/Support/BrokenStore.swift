// A store whose disk is gone: everything that a client can reach fails.

import Jobs
import Telemetry

struct BrokenStore: JobStore {
  struct Broken: Error {}

  /// What every call throws.
  var failure: any Error = Broken()

  func insert(
    _ job: Job, request: StoredRequest, key: IdempotencyKey?, capacity: QueueCapacity, keyHorizon: Timestamp
  ) async throws -> Submission { throw failure }

  func replay(of key: IdempotencyKey, keyHorizon: Timestamp) async throws -> Job? { throw failure }

  func job(_ id: JobID) async throws -> Job? { throw failure }
  func state(of id: JobID) async throws -> JobState? { throw failure }

  func events(of id: JobID, after sequence: Int) async throws -> [JobEvent] { throw failure }

  func list(_ filter: JobFilter, limit: Int, after: JobID?) async throws -> JobPage<Job> { throw failure }

  func summaries(_ filter: JobFilter, limit: Int, after: JobID?) async throws -> JobPage<JobSummary> {
    throw failure
  }

  func request(of id: JobID) async throws -> StoredRequest? { throw failure }
  func close() async throws {}

  func counts(_ filter: JobFilter) async throws -> [JobStatus: Int] { throw failure }

  func oldestQueued() async throws -> Timestamp { throw failure }

  func claimNext(at time: Timestamp, runningJobs: [String: Int]) async throws -> Job? { nil }

  func apply(
    _ event: JobLifecycle.Event, to id: JobID, attempt: Int?, at time: Timestamp, revision: Int,
    results: JobResults
  ) async throws -> Transition? { throw failure }

  func recover(
    at time: Timestamp, hasProgress: @escaping @Sendable (_ job: JobID, _ attempt: Int) -> Bool
  ) async throws -> [Job] { [] }

  func delete(_ id: JobID) async throws -> DeleteResult { throw failure }

  func series(of id: JobID) async throws -> [UInt8]? { throw failure }

  func model(of id: JobID) async throws -> [UInt8]? { throw failure }
}
