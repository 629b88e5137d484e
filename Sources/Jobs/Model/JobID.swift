// Identifiers of jobs: opaque to clients, and in order of creation when sorted.

import Synchronization
public import Telemetry

/// `job_` and 26 digits of Crockford's base 32 in lower case: 48 bits of milliseconds, then 80 random ones.
///
/// Identifiers sort, as text, by the time of their creation.
public struct JobID: Sendable, Hashable, Comparable, CustomStringConvertible {
  private static let prefix = "job_"
  private static let digits = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)
  private static let digitCount = 26

  /// The identifier as clients write it.
  public let description: String

  /// The identifier with that text; nil if the text cannot be one.
  public init?(_ text: String) {
    let body = text.utf8.dropFirst(Self.prefix.utf8.count)
    guard text.hasPrefix(Self.prefix), body.count == Self.digitCount, body.allSatisfy(Self.digits.contains)
    else { return nil }
    description = text
  }

  /// The identifier of 128 bits, the first two of its 130 being zero.
  init(bits: UInt128) {
    var body: [UInt8] = []
    for place in (0..<Self.digitCount).reversed() {
      body.append(Self.digits[Int(truncatingIfNeeded: bits >> (5 * place)) & 31])
    }
    description = Self.prefix + String(decoding: body, as: UTF8.self)
  }

  /// The order of creation.
  public static func < (left: JobID, right: JobID) -> Bool {
    left.description < right.description
  }
}

/// Makes the identifiers of new jobs.
public protocol IDGenerator: Sendable {
  /// An identifier never given before, after all those given before in order.
  func next() -> JobID
}

/// Identifiers from a clock and a source of randomness.
///
/// Within one millisecond, or while the clock goes back, the random part counts up, so that the order holds.
public final class TimeOrderedIDGenerator: IDGenerator {
  private struct State {
    var random: any RandomNumberGenerator & Sendable
    var last: UInt128 = 0
  }

  private let clock: any WallClock
  private let state: Mutex<State>

  /// - Parameters:
  ///   - clock: tells the milliseconds of an identifier.
  ///   - random: makes the rest of it.
  public init(
    clock: any WallClock, random: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
  ) {
    self.clock = clock
    state = Mutex(State(random: random))
  }

  /// An identifier after all those given before; any thread may ask.
  public func next() -> JobID {
    let milliseconds = UInt128(truncatingIfNeeded: clock.now().milliseconds) & 0xFFFF_FFFF_FFFF
    let bits = state.withLock { state in
      if milliseconds > state.last >> 80 {
        let random = UInt128(state.random.next()) << 64 | UInt128(state.random.next())
        state.last = milliseconds << 80 | random >> 48
      } else {
        state.last += 1
      }
      return state.last
    }
    return JobID(bits: bits)
  }
}
