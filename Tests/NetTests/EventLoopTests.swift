// The event loop: work from other threads, timers, and an orderly end.

import Net
import Testing

@Suite(.timeLimit(.minutes(10))) struct EventLoopTests {
  @Test func `work from many threads runs once each, on the loop, in the order of each thread`() async throws
  {
    let record = Record<(thread: Int, index: Int)>()
    try await withLoop { loop in
      try await withThrowingTaskGroup { group in
        for thread in 0..<8 {
          group.addTask {
            try await onThread {
              for index in 0..<500 {
                loop.execute { record.add((thread, index)) }
              }
            }
          }
        }
        try await group.waitForAll()
      }
      #expect(await loop.run { loop.isCurrent })
      #expect(!loop.isCurrent)
    }
    #expect(record.all.count == 8 * 500)
    for thread in 0..<8 {
      #expect(record.all.filter { $0.thread == thread }.map(\.index) == Array(0..<500))
    }
  }

  @Test func `timers run by deadline, not before it, and not at all when cancelled`() async throws {
    let record = Record<String>()
    let began = ContinuousClock.now
    try await withLoop { loop in
      await withCheckedContinuation { continuation in
        loop.execute {
          _ = loop.schedule(after: .milliseconds(30)) {
            record.add("last")
            continuation.resume()
          }
          let cancelled = loop.schedule(after: .milliseconds(20)) { record.add("cancelled") }
          _ = loop.schedule(after: .milliseconds(10)) {
            record.add("second")
            loop.cancel(cancelled)
          }
          _ = loop.schedule(after: .zero) { record.add("first") }
        }
      }
    }
    #expect(record.all == ["first", "second", "last"])
    #expect(began.duration(to: .now) >= .milliseconds(30))
  }

  @Test func `a timer that always sets itself again does not keep other work waiting`() async throws {
    let record = Record<Void>()
    try await withLoop { loop in
      await loop.run { renew(on: loop, record) }
      for _ in 0..<100 { await loop.run {} }
    }
    #expect(!record.all.isEmpty)
  }

  @Test func `thousands of timers that are set and cancelled leave the others on time`() async throws {
    let record = Record<Int>()
    try await withLoop { loop in
      await withCheckedContinuation { continuation in
        loop.execute {
          let cancelled = (0..<20_000).map { _ in
            loop.schedule(after: .milliseconds(1)) { record.add(-1) }
          }
          for index in 0..<100 { _ = loop.schedule(after: .zero) { record.add(index) } }
          for timer in cancelled { loop.cancel(timer) }
          _ = loop.schedule(after: .milliseconds(2)) { continuation.resume() }
        }
      }
    }
    #expect(record.all == Array(0..<100))
  }

  @Test func `a handler that was unregistered does not run, although its event was already found`()
    async throws
  {
    let listeners = try [Listener(), Listener()]
    let record = Record<Int>()
    let registrations = Record<Registration>()
    let (ran, signal) = AsyncStream.makeStream(of: Void.self)
    // Both are ready before the loop's first wait, which thus finds both; whoever runs first ends the other.
    let loop = try await onThread {
      for listener in listeners {
        _ = try BlockingConnection(to: listener.socket.address, timeout: .seconds(30))
      }
      let loop = try EventLoop(name: "test")
      for (index, listener) in listeners.enumerated() {
        registrations.add(
          try listener.socket.register(with: loop) { [listener] in
            record.add(index)
            for registration in registrations.all { loop.unregister(registration) }
            signal.yield()
            _ = listener
          })
      }
      try loop.start()
      return loop
    }
    for await _ in ran { break }
    await loop.stop()
    #expect(record.all.count == 1)
  }

  @Test func `stop runs what was handed over, then drops timers, handlers and later work`() async throws {
    let loop = try EventLoop(name: "test")
    let record = Record<String>()
    try loop.start()
    let released = Record<String>()
    try await loop.run { Result { try listenForEver(on: loop) { released.add("listener") } } }.get()
    await loop.run { _ = loop.schedule(after: .seconds(3600)) { record.add("timer") } }
    for index in 0..<100 { loop.execute { record.add("\(index)") } }
    await loop.stop()
    await loop.stop()
    loop.execute { record.add("late") }
    #expect(record.all == (0..<100).map(String.init))
    // The handler owned the socket, which is closed with it.
    #expect(released.all == ["listener"])
  }

  @Test func `the loop's own calls trap on another thread`() async {
    await #expect(processExitsWith: .failure) {
      let loop = try EventLoop(name: "test")
      try loop.start()
      _ = loop.schedule(after: .zero) {}
    }
  }
}

/// Sets a timer that is due at once, again and again.
private func renew(on loop: EventLoop, _ record: Record<Void>) {
  record.add(())
  _ = loop.schedule(after: .zero) { renew(on: loop, record) }
}

/// Listens with a socket that only the handler owns.
private func listenForEver(on loop: EventLoop, released: @escaping @Sendable () -> Void) throws {
  let owner = Owner(try Listener(), released: released)
  _ = try owner.listener.socket.register(with: loop) { [owner] in _ = owner }
}

/// Owns a listener, and tells when it does no more.
private final class Owner: Sendable {
  let listener: Listener
  private let released: @Sendable () -> Void

  init(_ listener: Listener, released: @escaping @Sendable () -> Void) {
    self.listener = listener
    self.released = released
  }

  deinit { released() }
}
