// A store whose disk is gone: everything that a client can reach fails.

import Jobs
import Telemetry

struct BrokenStore: JobStore {
  struct Broken: Error {}

  func insert(
    _ job: Job, request: StoredRequest, key: IdempotencyKey?, capacity: Int, keyHorizon: Timestamp
  ) async throws -> Submission { throw Broken() }

  func replay(of key: IdempotencyKey, keyHorizon: Timestamp) async throws -> Job? { throw Broken() }

  func job(_ id: JobID) async throws -> Job? { throw Broken() }
  func status(of id: JobID) async throws -> JobStatus? { throw Broken() }

  func list(status: JobStatus?, strategy: String?, limit: Int, after: JobID?) async throws -> JobPage {
    throw Broken()
  }

  func counts() async throws -> [JobStatus: Int] { throw Broken() }

  func claimNext(at time: Timestamp) async throws -> ClaimedJob? { nil }

  func apply(
    _ event: JobLifecycle.Event, to id: JobID, at time: Timestamp, revision: Int, results: JobResults
  ) async throws -> Transition? { throw Broken() }

  func recover(at time: Timestamp) async throws -> [Job] { [] }

  func delete(_ id: JobID) async throws -> DeleteResult { throw Broken() }

  func series(of id: JobID) async throws -> [UInt8]? { throw Broken() }

  func model(of id: JobID) async throws -> [UInt8]? { throw Broken() }
}
