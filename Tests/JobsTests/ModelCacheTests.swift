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

  @Test func `the one that was asked for longest ago goes first, at the exact byte`() throws {
    let model = try model()
    let cache = ModelCache(capacity: 3 * model.byteCount)
    let jobs = (0..<4).map { _ in ids.next() }
    for job in jobs.prefix(3) { cache.keep(model, of: job, revision: 1) }
    #expect(cache.byteCount == 3 * model.byteCount)
    #expect(cache.model(of: jobs[0], revision: 1) != nil)
    cache.keep(model, of: jobs[3], revision: 1)
    #expect(jobs.map { cache.model(of: $0, revision: 1) != nil } == [true, false, true, true])
    #expect(cache.byteCount == 3 * model.byteCount)

    let tight = ModelCache(capacity: 2 * model.byteCount - 1)
    for job in jobs.prefix(2) { tight.keep(model, of: job, revision: 1) }
    #expect(jobs.prefix(2).map { tight.model(of: $0, revision: 1) != nil } == [false, true])
  }

  @Test func `a model that is too large for all of it drives nothing out`() throws {
    let (small, large) = (try model(), try model(hidden: 64))
    #expect(large.byteCount > small.byteCount)
    let cache = ModelCache(capacity: large.byteCount - 1)
    let (first, second) = (ids.next(), ids.next())
    cache.keep(small, of: first, revision: 1)
    cache.keep(large, of: second, revision: 1)
    #expect(cache.model(of: first, revision: 1) != nil && cache.model(of: second, revision: 1) == nil)
  }

  @Test func `a model is one revision's, and is forgotten when its job is`() throws {
    let model = try model()
    let cache = ModelCache(capacity: 1 << 30)
    let job = ids.next()
    cache.keep(model, of: job, revision: 1)
    #expect(cache.model(of: job, revision: 2) == nil)
    cache.keep(model, of: job, revision: 2)
    #expect(cache.model(of: job, revision: 2) != nil && cache.byteCount == model.byteCount)
    cache.drop(job)
    #expect(cache.model(of: job, revision: 2) == nil && cache.byteCount == 0)
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
