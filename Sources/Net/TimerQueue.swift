// The timers of an event loop, as a heap from which any timer can be taken out.

/// Names one timer of one queue; never used again.
public struct TimerID: Hashable, Sendable {
  fileprivate let number: UInt64
}

/// Payloads by deadline. Insertion, cancellation and removal take O(log n), the next deadline O(1).
///
/// A binary heap whose entries know their places, so that a cancelled timer leaves at once: connections set
/// a new timer with every request, and those must not pile up until their old deadlines pass.
package struct TimerQueue<Instant: Comparable, Payload> {
  private var heap: [(deadline: Instant, id: TimerID, payload: Payload)] = []
  private var places: [TimerID: Int] = [:]
  private var lastNumber: UInt64 = 0

  /// How many timers are set.
  package var count: Int { heap.count }
  /// When the next timer is due; nil if none is set.
  package var nextDeadline: Instant? { heap.first?.deadline }

  /// A queue without timers.
  package init() {}

  /// Sets a timer. O(log n).
  package mutating func insert(_ payload: Payload, at deadline: Instant) -> TimerID {
    lastNumber += 1
    let id = TimerID(number: lastNumber)
    heap.append((deadline, id, payload))
    places[id] = heap.count - 1
    siftUp(from: heap.count - 1)
    return id
  }

  /// Nothing happens if the timer has run or was cancelled already.
  package mutating func cancel(_ id: TimerID) {
    if let place = places[id] { remove(at: place) }
  }

  /// Takes out the earliest timer that is due; timers of one deadline leave in the order of their insertion.
  package mutating func popDue(at now: Instant) -> Payload? {
    guard let first = heap.first, first.deadline <= now else { return nil }
    remove(at: 0)
    return first.payload
  }

  private mutating func remove(at place: Int) {
    places[heap[place].id] = nil
    let last = heap.removeLast()
    guard place < heap.count else { return }
    heap[place] = last
    places[last.id] = place
    siftUp(from: place)
    siftDown(from: place)
  }

  private func isEarlier(_ a: Int, _ b: Int) -> Bool {
    heap[a].deadline != heap[b].deadline
      ? heap[a].deadline < heap[b].deadline : heap[a].id.number < heap[b].id.number
  }

  private mutating func exchange(_ a: Int, _ b: Int) {
    heap.swapAt(a, b)
    places[heap[a].id] = a
    places[heap[b].id] = b
  }

  private mutating func siftUp(from start: Int) {
    var place = start
    while place > 0, isEarlier(place, (place - 1) / 2) {
      exchange(place, (place - 1) / 2)
      place = (place - 1) / 2
    }
  }

  private mutating func siftDown(from start: Int) {
    var place = start
    while true {
      var earliest = place
      for child in 2 * place + 1...2 * place + 2 where child < heap.count && isEarlier(child, earliest) {
        earliest = child
      }
      guard earliest != place else { return }
      exchange(place, earliest)
      place = earliest
    }
  }
}
