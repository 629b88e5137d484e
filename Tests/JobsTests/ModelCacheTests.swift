// The models that are kept in memory: which ones, for how long, and never more than so many bytes.

import Data
import JSON
import Jobs
import Synchronization
import Telemetry
import Testing
import Training

@Suite struct ModelCacheTests {
  private let ids = TimeOrderedIDGenerator(clock: ManualClock())

  /// A small trained model.
  private func model(hidden: Int = 2) throws -> TrainedModel {
    let prepared = try PreparedTraining(request("m", ["model": ["hidden": [.integer(hidden)]]]))
    return prepared.run(isCancelled: { false }, report: { _ in }, now: { 0 }).trained
  }

  private let ended = JobState(status: .succeeded, revision: 7)

  @Test func `a model is kept with the state of its job, as far as its bytes fit`() throws {
    let (small, large) = (try model(), try model(hidden: 64))
    #expect(large.byteCount > small.byteCount)
    let cache = ModelCache(capacity: large.byteCount - 1)
    let (first, second) = (ids.next(), ids.next())
    cache.keep(small, of: first, ended, cache.ticket)
    cache.keep(large, of: second, ended, cache.ticket)
    #expect(cache.entry(of: first)?.state == ended && cache.entry(of: second) == nil)
    #expect(cache.byteCount == small.byteCount)
  }

  @Test func `a job that is dropped while its model is read is not kept`() throws {
    let model = try model()
    let cache = ModelCache(capacity: 1 << 30)
    let job = ids.next()
    let early = cache.ticket
    cache.drop(job)
    cache.keep(model, of: job, ended, early)
    #expect(cache.entry(of: job) == nil)
    cache.keep(model, of: job, ended, cache.ticket)
    #expect(cache.entry(of: job) != nil && cache.byteCount == model.byteCount)
    cache.drop(job)
    #expect(cache.entry(of: job) == nil && cache.byteCount == 0)
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
