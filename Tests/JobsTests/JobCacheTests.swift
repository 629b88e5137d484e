// What is kept of jobs in memory: for how long, and never more than so many bytes.

import Data
import JSON
import Jobs
import Synchronization
import Telemetry
import Testing
import Training

@Suite struct JobCacheTests {
  private let ids = TimeOrderedIDGenerator(clock: ManualClock())

  @Test func `a job that is dropped while it is read is not kept`() {
    let cache = JobCache<String>(capacity: 100)
    let job = ids.next()
    let early = cache.ticket
    cache.drop(job)
    cache.keep("stale", of: job, bytes: 10, early)
    #expect(cache.value(of: job) == nil)
    cache.keep("fresh", of: job, bytes: 10, cache.ticket)
    #expect(cache.value(of: job) == "fresh" && cache.byteCount == 10)
    cache.drop(job)
    #expect(cache.value(of: job) == nil && cache.byteCount == 0)
  }

  @Test func `prepared jobs are given away once, and never more than fit are kept`() throws {
    let prepared = try PreparedTraining(request())
    let jobs = PreparedJobs(capacity: 2 * prepared.byteCount)
    let names = (0..<3).map { _ in ids.next() }
    for name in names { jobs.keep(prepared, for: name) }
    #expect(jobs.byteCount == 2 * prepared.byteCount)
    #expect(names.map { jobs.take($0) != nil } == [true, true, false])
    #expect(names.map { jobs.take($0) != nil } == [false, false, false])
    #expect(jobs.byteCount == 0)
  }
}
