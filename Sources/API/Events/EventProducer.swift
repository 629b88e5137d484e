// A stream of events as the content of a response, from its first octets to its last.

import HTTP
import Telemetry

/// What a reader of events asked for.
struct EventRequest: Sendable {
  var format: EventFormat
  var types: Set<EventType>
  /// The least time between two `activations` events of a job.
  var activationsSeconds: Double
  /// Whether the stream is of several jobs: then events say which, and an identifier has all places.
  var isOfSeveral: Bool
}

/// What there is to tell a reader. There is no queue: who reads slowly finds many epochs in one event, or several events
/// one after the other, of which none is made before the one in front of it is on its way.
protocol EventTeller: Actor {
  /// What the stream is of, for its first line.
  var name: String { get }
  /// Whether nothing will follow.
  var hasEnded: Bool { get }
  /// A bounded portion of the events since the last call; without any, all has been told for now.
  func news() async throws -> [UInt8]
  /// Returns true when there may be news, and every few seconds in any case; false when nothing will follow because the
  /// service drains or the client is gone.
  func wait() async -> Bool
}

/// Passes on what a teller has, with signs of life where it has nothing.
actor EventProducer: ContentProducer {
  private let teller: any EventTeller
  private let format: EventFormat
  private let clock: any WallClock
  /// Counts the stream among those that are open for as long as it is.
  private let slot: StreamSlots.Slot
  /// Whether the reader may still read: asked whenever there may be something to tell, every few seconds at least.
  private let isAdmitted: @Sendable () -> Bool
  private var isGreeted = false
  private var hasEnded = false
  private var lastSent = ContinuousClock.now

  /// Silence after which a sign of life is sent.
  private static let heartbeat = Duration.seconds(14)

  init(
    _ teller: any EventTeller, _ format: EventFormat, clock: any WallClock, slot: StreamSlots.Slot,
    isAdmitted: @escaping @Sendable () -> Bool
  ) {
    self.teller = teller
    self.format = format
    self.clock = clock
    self.slot = slot
    self.isAdmitted = isAdmitted
  }

  func next() async throws -> [UInt8]? {
    if !isGreeted {
      isGreeted = true
      let greeting = format.greeting(await teller.name)
      if !greeting.isEmpty { return greeting }
    }
    while !hasEnded {
      guard isAdmitted() else {
        hasEnded = true
        break
      }
      let bytes = try await teller.news()
      hasEnded = await teller.hasEnded
      if !bytes.isEmpty {
        lastSent = .now
        return bytes
      }
      if hasEnded { break }
      if ContinuousClock.now - lastSent >= Self.heartbeat {
        lastSent = .now
        return format.heartbeat(at: clock.now().rfc3339)
      }
      if await !teller.wait() {
        hasEnded = true
        let farewell = format.farewell()
        if !Task.isCancelled, !farewell.isEmpty { return farewell }
      }
    }
    return nil
  }
}
