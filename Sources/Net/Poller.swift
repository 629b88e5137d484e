// The kernel's readiness queue (epoll) with a wake-up from other threads (eventfd).

import CLinux
import Glibc

/// What a descriptor is watched for, and what it was found ready for.
public struct Readiness: OptionSet, Sendable {
  /// The bits of epoll_ctl(2).
  public let rawValue: UInt32
  /// A set of those bits.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// Octets, an end or a connection to accept have arrived.
  public static let readable = Readiness(rawValue: UInt32(CL_READABLE))
  /// The send buffer has room.
  public static let writable = Readiness(rawValue: UInt32(CL_WRITABLE))
  /// Both directions are over or the connection was reset; reported whether asked for or not.
  public static let hangup = Readiness(rawValue: UInt32(CL_HANGUP) | UInt32(CL_ERROR))
}

/// What one wait found, in a buffer that serves all waits.
struct ReadyEvents {
  fileprivate var buffer = [cl_event](repeating: cl_event(), count: Int(CL_EPOLL_BATCH))
  fileprivate(set) var count = 0

  subscript(index: Int) -> cl_event { buffer[index] }
}

/// Watches descriptors by level: one that stays ready is reported again at every wait.
struct Poller: ~Copyable {
  private let epoll: FileDescriptor
  private let wakeUps: FileDescriptor
  private static let wakeUpToken: UInt64 = 0

  init() throws(SystemError) {
    let epoll = FileDescriptor(owning: try system("epoll_create1") { cl_epoll_create() })
    let wakeUps = FileDescriptor(owning: try system("eventfd") { cl_eventfd() })
    let (queue, counter) = (epoll.number, wakeUps.number)
    try system("epoll_ctl") { cl_epoll_add_counter(queue, counter, Self.wakeUpToken) }
    self.epoll = epoll
    self.wakeUps = wakeUps
  }

  /// `token` comes back with the descriptor's events; 0 is taken.
  func add(_ descriptor: Int32, for interest: Readiness, token: UInt64) throws(SystemError) {
    try system("epoll_ctl") { cl_epoll_add(epoll.number, descriptor, interest.rawValue, token) }
  }

  func modify(_ descriptor: Int32, to interest: Readiness, token: UInt64) throws(SystemError) {
    try system("epoll_ctl") { cl_epoll_modify(epoll.number, descriptor, interest.rawValue, token) }
  }

  func remove(_ descriptor: Int32) throws(SystemError) {
    try system("epoll_ctl") { cl_epoll_remove(epoll.number, descriptor) }
  }

  /// Waits `timeout` milliseconds (for ever if negative) until something is ready.
  ///
  /// `events` belongs to the caller, because `wake` uses the poller at the same time.
  func wait(timeout: Int32, into events: inout ReadyEvents) throws(SystemError) {
    let epoll = epoll.number
    events.count = try events.buffer.withUnsafeMutableBufferPointer { buffer throws(SystemError) in
      Int(try system("epoll_wait") { cl_epoll_wait(epoll, buffer.baseAddress, Int32(buffer.count), timeout) })
    }
  }

  /// The token and readiness of a descriptor; nil for a wake-up, of which the event is all there is.
  func take(_ event: cl_event) -> (token: UInt64, readiness: Readiness)? {
    event.token == Self.wakeUpToken ? nil : (event.token, Readiness(rawValue: event.events))
  }

  /// Ends the current or the next wait. The only call that is allowed from other threads.
  func wake() throws(SystemError) {
    var one: UInt64 = 1
    // Nobody reads the counter, which would be full, and block, after 2^64 wake-ups.
    _ = try nonBlocking("write") { write(wakeUps.number, &one, MemoryLayout.size(ofValue: one)) }
  }
}
