// One thread that waits for sockets and timers and runs what they call for.

import CLinux
import Glibc
import Synchronization

/// Names one watched descriptor of one loop; never used again.
public struct Registration: Hashable, Sendable {
  fileprivate let token: UInt64
  fileprivate let descriptor: Int32
}

/// A thread that runs handlers when descriptors become ready, work when timers are due, and closures that
/// other threads hand over. Nothing that runs here may block.
///
/// Until `start` the loop belongs to the thread that made it. From then on only `execute`, `stop` and
/// `isCurrent` may be called from other threads.
///
/// `@unchecked Sendable`: what other threads touch is `inbox`, behind its lock, `thread`, which is atomic,
/// and `Poller.wake`, a write to an eventfd; everything else is read and written by the loop's own thread
/// only, and each method that does so asserts it.
public final class EventLoop: @unchecked Sendable {
  private struct Inbox {
    var work: [@Sendable () -> Void] = []
    var stopped: [@Sendable () -> Void] = []
    var isStopping = false
    var hasEnded = false
  }

  private let inbox = Mutex(Inbox())
  private let name: String
  /// Whom the loop belongs to.
  private let thread = Atomic<pthread_t>(pthread_self())
  private let poller: Poller
  private var ready = ReadyEvents()
  private var handlers: [UInt64: (Readiness) -> Void] = [:]
  private var timers = TimerQueue<Int64, () -> Void>()
  /// When the loop last woke, on its own clock: nanoseconds, monotonic. Reading it costs nothing.
  public private(set) var now = EventLoop.clock()
  private var lastToken: UInt64 = 0

  /// Errors: `EMFILE`, `ENFILE` or `ENOMEM` when the system is short of descriptors or memory.
  public init(name: String) throws(SystemError) {
    self.name = name
    poller = try Poller()
  }

  /// Hands the loop over to a thread of its own, which runs until `stop`. Call it once.
  ///
  /// Error: `EAGAIN` when the system has no room for another thread.
  public func start() throws(SystemError) {
    assertCurrent()
    thread.store(0, ordering: .relaxed)
    try startThread(name: name) { self.run() }
  }

  // MARK: - From any thread

  /// Whether the caller runs on the loop's thread.
  public var isCurrent: Bool {
    thread.load(ordering: .relaxed) == pthread_self()
  }

  /// Runs `work` on the loop soon, in the order of the calls of one thread. After `stop` it is dropped.
  public func execute(_ work: @escaping @Sendable () -> Void) {
    let wakes = inbox.withLock { inbox in
      guard !inbox.isStopping else { return false }
      inbox.work.append(work)
      return inbox.work.count == 1
    }
    if wakes { wake() }
  }

  /// Ends the loop: work handed over so far still runs, then handlers and timers are let go of on the
  /// loop's thread, which closes the descriptors that they own. Returns when the thread has nothing left to
  /// do.
  public func stop() async {
    await withCheckedContinuation { continuation in
      let hasEnded = inbox.withLock { inbox in
        inbox.isStopping = true
        if !inbox.hasEnded { inbox.stopped.append { continuation.resume() } }
        return inbox.hasEnded
      }
      if hasEnded { continuation.resume() } else { wake() }
    }
  }

  private func wake() {
    demand { () throws(SystemError) in try poller.wake() }
  }

  // MARK: - On the loop

  /// Watches a descriptor. The handler lives until `unregister` and must own the descriptor, which may be
  /// closed only after that.
  ///
  /// Errors: `ENOMEM` or `ENOSPC` when the kernel cannot watch another one.
  public func register(
    _ descriptor: borrowing FileDescriptor, for interest: Readiness,
    handler: @escaping (Readiness) -> Void
  ) throws(SystemError) -> Registration {
    assertCurrent()
    lastToken += 1
    let registration = Registration(token: lastToken, descriptor: descriptor.number)
    try poller.add(registration.descriptor, for: interest, token: registration.token)
    handlers[registration.token] = handler
    return registration
  }

  /// Watches for something else; for nothing but a hang-up if empty.
  public func modify(_ registration: Registration, to interest: Readiness) {
    assertCurrent()
    demand { () throws(SystemError) in
      try poller.modify(registration.descriptor, to: interest, token: registration.token)
    }
  }

  /// Events that were already on their way do not reach the handler any more.
  public func unregister(_ registration: Registration) {
    assertCurrent()
    demand { () throws(SystemError) in try poller.remove(registration.descriptor) }
    // Not before: the handler may be the last owner of the descriptor.
    handlers[registration.token] = nil
  }

  /// Runs `work` once, not earlier than `delay` from now.
  public func schedule(after delay: Duration, _ work: @escaping () -> Void) -> TimerID {
    let (seconds, attoseconds) = delay.components
    return schedule(at: Self.clock() + seconds * 1_000_000_000 + attoseconds / 1_000_000_000, work)
  }

  /// Runs `work` once, not earlier than `deadline` on the loop's clock.
  public func schedule(at deadline: Int64, _ work: @escaping () -> Void) -> TimerID {
    assertCurrent()
    return timers.insert(work, at: deadline)
  }

  /// The clock of loops: monotonic nanoseconds.
  public static func clock() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }

  /// Nothing happens if the timer has run already.
  public func cancel(_ timer: TimerID) {
    assertCurrent()
    timers.cancel(timer)
  }

  private func assertCurrent() {
    precondition(isCurrent, "called from outside the event loop's thread")
  }

  // MARK: - The thread

  private func run() {
    thread.store(pthread_self(), ordering: .relaxed)
    while runWork() {
      dispatchEvents()
      runDueTimers()
    }
    handlers = [:]
    timers = TimerQueue()
    let stopped = inbox.withLock { inbox in
      inbox.hasEnded = true
      return inbox.stopped
    }
    for resume in stopped { resume() }
  }

  /// Runs what has been handed over; false when that was the last.
  private func runWork() -> Bool {
    let (work, goesOn) = inbox.withLock { inbox in
      let work = inbox.work
      inbox.work = []
      return (work, !inbox.isStopping)
    }
    for item in work { item() }
    return goesOn
  }

  private func dispatchEvents() {
    demand { () throws(SystemError) in
      try poller.wait(timeout: timeout, into: &ready)
      now = Self.clock()
      for index in 0..<ready.count {
        guard let (token, readiness) = poller.take(ready[index]) else { continue }
        handlers[token]?(readiness)
      }
    }
  }

  /// Only the timers that are due now: one that sets itself again must not keep the sockets waiting.
  private func runDueTimers() {
    let now = Self.clock()
    while let work = timers.popDue(at: now) { work() }
  }

  /// Milliseconds to the next timer, rounded up so that the loop does not spin just before it.
  private var timeout: Int32 {
    guard let deadline = timers.nextDeadline else { return -1 }
    let rest = deadline - Self.clock()
    guard rest > 0 else { return 0 }
    return Int32(min((rest + 999_999) / 1_000_000, 86_400_000))
  }

  /// For calls to epoll and eventfd that fail only through a fault of ours.
  private func demand(_ body: () throws(SystemError) -> Void) {
    do {
      try body()
    } catch {
      preconditionFailure("\(error)")
    }
  }
}
