// Following jobs: what changes with other jobs is seen too.

import Jobs
import Testing
import Training

@Suite(.timeLimit(.minutes(5))) struct FollowingTests {
  @Test func `who follows a job that waits sees its place in the queue move`() async throws {
    let harness = try Harness(sleep: { _ in await Task.yield() })
    try await harness.service.start()
    _ = try await harness.submit("runs")
    let run = try await harness.runner.next()
    let second = try await harness.submit("second")
    let third = try await harness.submit("third")
    let follower = harness.service.follow([third])
    func position() -> Int? { follower.moments[0]?.job.queuePosition }
    while position() == nil, await follower.wait() {}
    let before = try #require(position())
    #expect(before == (try await harness.service.job(third)?.queuePosition))
    _ = try await harness.service.cancel(second)
    while position() == before, await follower.wait() {}
    #expect(position() == before - 1)
    run.finish(.stopped)
  }

  @Test func `an ended job is read once for all who come while somebody holds it`() async throws {
    let harness = try await Harness.started()
    let id = try await harness.submit()
    try await harness.runner.next().finish(.succeeded)
    _ = try await harness.ended(id)
    let service = harness.service
    let moments = try await withThrowingTaskGroup(of: JobMoment?.self) { group in
      for _ in 0..<20 { group.addTask { try await service.moment(of: id) } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    let first = try #require(moments[0])
    #expect(first.job.status == .succeeded && moments.allSatisfy { $0 === first })
    _ = try await service.delete(id)
    #expect(try await service.moment(of: id) == nil)
  }

  /// A service with one running job, and what ends rests.
  private func rested(
    _ body: (Harness, JobID, ScriptedRunner.Session, JobFollower, _ endRest: @Sendable () -> Void)
      async throws -> Void
  ) async throws {
    let (rests, endRest) = AsyncStream<Void>.makeStream()
    let harness = try Harness(sleep: { seconds in
      if seconds == Self.rest {
        for await _ in rests { break }
      } else if seconds == JobFeeds.tickSeconds {
        // Who rests is woken by the tick too, which on a busy machine comes before the end of the rest.
        try? await Task.sleep(for: .seconds(3600))
      } else {
        try? await Task.sleep(for: .seconds(seconds))
      }
    })
    try await harness.service.start()
    let id = try await harness.submit()
    let run = try await harness.runner.next()
    let follower = harness.service.follow([id])
    try await show(epoch: 1, of: run, to: follower)
    try await body(harness, id, run, follower) { _ = endRest.yield() }
    run.finish(.stopped)
  }

  private static let rest = 0.25

  private func show(epoch: Int, of run: ScriptedRunner.Session, to follower: JobFollower) async throws {
    run.report(epoch: epoch)
    while follower.moments[0]?.series?.epochs.last != epoch { try #require(await follower.wait()) }
  }

  @Test func `mere epochs do not wake one who rests, and are seen at the end of the rest`() async throws {
    try await rested { harness, id, run, follower, endRest in
      follower.rest(seconds: Self.rest)
      let witness = harness.service.follow([id])
      for epoch in 2...4 { try await show(epoch: epoch, of: run, to: witness) }
      let woken = Task {
        _ = await follower.wait()
        return follower.isResting
      }
      for _ in 0..<100 { await Task.yield() }
      endRest()
      #expect(await !woken.value)
      #expect(follower.moments[0]?.series?.epochs.last == 4)
    }
  }

  @Test func `what is more than epochs wakes one who rests at once`() async throws {
    try await rested { harness, id, run, follower, _ in
      follower.rest(seconds: Self.rest)
      _ = try await harness.service.cancel(id)
      while follower.moments[0]?.job.status == .running { try #require(await follower.wait()) }
      #expect(follower.isResting)
      await harness.service.drain()
      while await follower.wait() {}
      #expect(follower.isResting)
    }
  }

  @Test func `of one who watches all jobs the same is true`() async throws {
    try await rested { harness, id, run, follower, endRest in
      let watcher = harness.service.watch()
      watcher.rest(seconds: Self.rest)
      try await show(epoch: 2, of: run, to: follower)
      let other = try await harness.submit("other")
      try #require(await watcher.wait())
      #expect(watcher.take() == [other] && watcher.isResting)
      endRest()
      while watcher.isResting { try #require(await watcher.wait()) }
      #expect(watcher.take() == [id])
    }
  }

  @Test func `who begins to rest later wakes with the others, and then begins a rest of its own`()
    async throws
  {
    try await rested { harness, id, run, follower, endRest in
      let later = (harness.service.follow([id]), harness.service.watch())
      follower.rest(seconds: Self.rest)
      // A rest of their own would be over only in an hour.
      later.0.rest(seconds: 3600)
      later.1.rest(seconds: 3600)
      #expect(later.0.isResting && later.1.isResting)
      endRest()
      while later.0.isResting { try #require(await later.0.wait()) }
      while later.1.isResting { try #require(await later.1.wait()) }
      #expect(!follower.isResting)
      later.0.rest(seconds: Self.rest)
      #expect(later.0.isResting && !later.1.isResting)
      endRest()
      while later.0.isResting { try #require(await later.0.wait()) }
    }
  }
}
