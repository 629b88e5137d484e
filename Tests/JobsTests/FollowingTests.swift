// Following jobs: what changes with other jobs is seen too.

import Jobs
import Testing

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
}
