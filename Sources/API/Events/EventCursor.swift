// How far a reader of a job's events has come: the identifier of an event.

import Jobs

/// The number of the last status or warning event, and the last epoch, that a reader has seen. It is made of what is stored
/// anyway, so that it holds across restarts of either side.
struct EventCursor: Equatable, CustomStringConvertible {
  var sequence = 0
  var epoch = 0

  /// `2.37`.
  var description: String { "\(sequence).\(epoch)" }

  /// Nothing seen yet.
  init() {}

  init(sequence: Int, epoch: Int) {
    self.sequence = sequence
    self.epoch = epoch
  }

  /// Two numbers of at most nine digits with a point between them.
  init?(_ text: some StringProtocol) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, let sequence = Self.number(parts[0]), let epoch = Self.number(parts[1]) else {
      return nil
    }
    (self.sequence, self.epoch) = (sequence, epoch)
  }

  private static func number(_ text: some StringProtocol) -> Int? {
    guard (1...9).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
      return nil
    }
    return Int(text)
  }
}

/// Where a reader stands with each of several jobs.
struct EventPlaces: CustomStringConvertible {
  let all: [(id: JobID, cursor: EventCursor)]

  init(_ all: [(id: JobID, cursor: EventCursor)]) { self.all = all }

  /// `a:2.37,b:1.0`
  var description: String { all.map { "\($0.id):\($0.cursor)" }.joined(separator: ",") }

  /// The places of `jobs` in such a text; a job that it does not name is at its beginning. Nil if it is none, or names
  /// another job.
  init?(_ text: String, of jobs: [JobID]) {
    var cursors: [JobID: EventCursor] = [:]
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let halves = part.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      guard halves.count == 2, let id = JobID(String(halves[0])), jobs.contains(id),
        let cursor = EventCursor(halves[1]), cursors.updateValue(cursor, forKey: id) == nil
      else { return nil }
    }
    all = jobs.map { ($0, cursors[$0] ?? EventCursor()) }
  }
}
