// As many computations at a time as were wanted, and all of them in the end.

import Jobs
import Synchronization
import Testing

@Suite struct ComputeQueueTests {
  private final class Shared: Sendable {
    let state = Mutex(Counts())
  }

  private struct Counts {
    var running = 0
    var most = 0
    var order: [Int] = []
  }

  @Test(arguments: [1, 3])
  func `no more computations run at a time than there are processors`(processors: Int) async throws {
    let harness = try Harness(processors: processors)
    let counts = Shared()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for index in 0..<200 {
        group.addTask {
          try await harness.service.compute {
            counts.state.withLock { counts in
              counts.running += 1
              counts.most = max(counts.most, counts.running)
              counts.order.append(index)
            }
            // A little work, so that computations that could overlap would.
            var sum = 0.0
            for number in 0..<20_000 { sum += Double(number).squareRoot() }
            #expect(sum > 0)
            counts.state.withLock { $0.running -= 1 }
          }
        }
      }
      try await group.waitForAll()
    }
    counts.state.withLock { counts in
      #expect(counts.most <= processors && counts.running == 0)
      #expect(counts.order.sorted() == Array(0..<200))
    }
  }

  @Test func `a computation that throws gives its place back`() async throws {
    struct Failure: Error {}
    let harness = try Harness(processors: 1)
    for _ in 0..<3 {
      await #expect(throws: Failure.self) { try await harness.service.compute { throw Failure() } }
    }
    #expect(try await harness.service.compute { 1 } == 1)
  }
}
