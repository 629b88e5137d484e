// The timer heap against a sorted list, over random insertions, cancellations and removals.

import Net
import Testing

@Suite struct TimerQueueTests {
  @Test func `timers leave by deadline, and by insertion within one deadline`() {
    var queue = TimerQueue<Int, String>()
    for (name, deadline) in [("c", 3), ("a", 1), ("b1", 2), ("b2", 2), ("b3", 2)] {
      _ = queue.insert(name, at: deadline)
    }
    var left: [String] = []
    while let name = queue.popDue(at: 3) { left.append(name) }
    #expect(left == ["a", "b1", "b2", "b3", "c"])
  }

  @Test func `a timer does not leave before its deadline`() {
    var queue = TimerQueue<Int, String>()
    _ = queue.insert("later", at: 5)
    #expect(queue.popDue(at: 4) == nil)
    #expect(queue.nextDeadline == 5)
    #expect(queue.popDue(at: 5) == "later")
    #expect(queue.nextDeadline == nil)
  }

  @Test func `cancelling twice, or after the timer has run, changes nothing`() {
    var queue = TimerQueue<Int, String>()
    let cancelled = queue.insert("cancelled", at: 1)
    let run = queue.insert("run", at: 2)
    _ = queue.insert("kept", at: 3)
    queue.cancel(cancelled)
    queue.cancel(cancelled)
    #expect(queue.popDue(at: 2) == "run")
    queue.cancel(run)
    #expect(queue.count == 1)
    #expect(queue.popDue(at: 3) == "kept")
  }

  @Test(arguments: [1, 2, 3])
  func `ten thousand random operations do what a sorted list does`(seed: UInt64) {
    var random = LinearCongruential(state: seed)
    var queue = TimerQueue<Int, Int>()
    var ids: [Int: TimerID] = [:]
    var model: [(deadline: Int, name: Int)] = []
    for name in 0..<10_000 {
      switch Int.random(in: 0..<10, using: &random) {
      case 0..<5:
        let deadline = Int.random(in: 0..<500, using: &random)
        ids[name] = queue.insert(name, at: deadline)
        model.insert(
          (deadline, name), at: model.firstIndex { $0.deadline > deadline } ?? model.count)
      case 5..<8:
        guard let victim = model.randomElement(using: &random), let id = ids[victim.name] else { continue }
        queue.cancel(id)
        model.removeAll { $0.name == victim.name }
      default:
        guard let first = model.first else { continue }
        #expect(queue.nextDeadline == first.deadline)
        #expect(queue.popDue(at: first.deadline) == first.name)
        model.removeFirst()
      }
      #expect(queue.count == model.count)
    }
    #expect(!model.isEmpty, "the operations must leave something to take out at the end")
    while let first = model.first {
      #expect(queue.popDue(at: .max) == first.name)
      model.removeFirst()
    }
    #expect(queue.count == 0)
  }
}

/// A tiny generator with a seed, so that a failure can be repeated.
private struct LinearCongruential: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state ^ state >> 33
  }
}
