// Threads that do the parts of one piece of work together, again and again.

import Glibc
import Synchronization

/// What a team works on.
package protocol TeamWork: AnyObject {
  /// One member's part; every member of the run is called once, at the same time, and all meet as often.
  func work(as member: Member)
}

/// Threads that start together, meet on the way, and end together. A run allocates nothing, and takes a lock only to
/// sleep or to wake a sleeper; between runs the threads sleep.
///
/// Owned by one thread, which is the first member.
package final class Team {
  private let crew: Crew
  private var threads: [pthread_t] = []
  /// Nanoseconds from some fixed moment: how long runs take decides who takes part in the next.
  private let clock: () -> UInt64

  /// - Parameters:
  ///   - size: how many members are wanted, the owner included; there are fewer where the system has no room for more
  ///     threads.
  ///   - clock: tells the nanoseconds by which runs are timed; called by the owner alone.
  package init(size: Int, clock: @escaping () -> UInt64 = monotonicNanoseconds) {
    crew = Crew()
    self.clock = clock
    for index in 1..<max(1, size) {
      let start = Unmanaged.passRetained(Enlistment(crew: crew, index: index))
      var thread = pthread_t()
      let code = pthread_create(
        &thread, nil,
        { context in
          guard let context else { preconditionFailure("pthread_create passes its argument on") }
          let start = Unmanaged<Enlistment>.fromOpaque(context).takeRetainedValue()
          start.crew.serve(as: start.index)
          return nil
        }, start.toOpaque())
      guard code == 0 else {
        start.release()
        break
      }
      threads.append(thread)
    }
    crew.size = threads.count + 1
  }

  deinit {
    crew.work = nil
    crew.start.advance()
    for thread in threads { pthread_join(thread, nil) }
  }

  /// How many members there are, the owner included.
  package var size: Int { threads.count + 1 }

  /// Returns when every member has done its part, or the owner everything: what is done must not depend on that.
  ///
  /// - Parameters:
  ///   - members: how many take part at most; the owner alone wakes nobody.
  ///   - units: how much work it is, in any unit that the runs with the same `pace` share.
  ///   - pace: decides whether the others take part.
  package func run(_ work: any TeamWork, members: Int, units: Int, pace: inout Pace) {
    let members = min(members, size)
    if members <= 1 { return work.work(as: .alone) }
    let start = clock()
    if pace.isTogether { runTogether(work, members) } else { work.work(as: .alone) }
    pace.record(units: units, nanoseconds: clock() - start)
  }

  private func runTogether(_ work: any TeamWork, _ members: Int) {
    crew.work = work
    crew.active = members
    crew.start.advance()
    crew.perform(as: 0)
    crew.all.meet(size)
  }
}

/// A thread's place in a team.
package struct Member {
  /// Its number, from 0; the caller is member 0.
  package let index: Int
  /// How many members there are.
  package let count: Int
  fileprivate let crew: Crew?

  /// The only member of a team.
  static let alone = Member(index: 0, count: 1, crew: nil)

  /// Returns when every member has come to this point; what each has written is then seen by all.
  func meet() { crew?.working.meet(count) }

  /// This member's share of 0..<total in whole units, as equal as they allow. The shares depend on nothing else.
  func share(of total: Int, unit: Int = 1) -> Range<Int> {
    let units = (total + unit - 1) / unit
    return min(total, units * index / count * unit)..<min(total, units * (index + 1) / count * unit)
  }
}

/// What the members of a team share.
///
/// `@unchecked Sendable`: the variables are written by the owner, and read by the others only between the advance of
/// `start` and the end of the run, during which they do not change; everything else is atomic.
private final class Crew: @unchecked Sendable {
  let start = Signal()
  /// Where those meet who take part in a run.
  let working = MeetingPoint()
  /// Where all meet at its end, so that none is late for the next.
  let all = MeetingPoint()
  var size = 1
  var active = 1
  /// Not retained: else the last reference to the owner might be given up by one of its own threads.
  unowned(unsafe) var work: (any TeamWork)?

  func serve(as index: Int) {
    var seen = 0
    while true {
      start.wait(past: seen)
      seen += 1
      if !perform(as: index) { return }
      all.meet(size)
    }
  }

  /// False if there is nothing more to do. Not inlined, so that its reference to the work ends with it.
  @inline(never) @discardableResult
  func perform(as index: Int) -> Bool {
    guard let work else { return false }
    if index < active { work.work(as: Member(index: index, count: active, crew: self)) }
    return true
  }
}

/// Where threads wait for one another.
private final class MeetingPoint: Sendable {
  private let arrived = Atomic<Int>(0)
  private let together = Signal()

  /// Returns when so many have come.
  func meet(_ count: Int) {
    let seen = together.current
    if arrived.add(1, ordering: .acquiringAndReleasing).newValue == count {
      arrived.store(0, ordering: .relaxed)
      together.advance()
    } else {
      together.wait(past: seen)
    }
  }
}

/// What a new thread is told.
private final class Enlistment: Sendable {
  let crew: Crew
  let index: Int

  init(crew: Crew, index: Int) {
    self.crew = crew
    self.index = index
  }
}
