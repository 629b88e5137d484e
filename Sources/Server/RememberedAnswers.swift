// The answers that one loop can give again, found by the octets of the request.

import HTTP

/// Belongs to one listener's connections on one loop: the same octets mean the same on all of them.
///
/// A table without chains: two requests that meet take turns, and no search is longer than one comparison. Bounded by its
/// places and by the octets of all contents, which it mostly shares with the caches above.
final class RememberedAnswers {
  /// One of them, changed in place whenever it is given again.
  final class Entry {
    var answer: RepeatableAnswer
    fileprivate let digest: Int

    fileprivate init(_ answer: RepeatableAnswer, digest: Int) {
      self.answer = answer
      self.digest = digest
    }
  }

  private var places = [Entry?](repeating: nil, count: 256)
  private var octets = 0

  /// Octets of all contents together; where one more would be too many, all are forgotten.
  private static let maximumOctets = 8 << 20

  /// The answer to a request of these octets, if it is remembered and still holds.
  func entry(for request: UnsafeRawBufferPointer) -> Entry? {
    let digest = digest(of: request)
    let place = place(of: digest)
    // A request may hold a key. Only the octets of equal digests are compared, so that the time tells nothing of how far two
    // requests are alike.
    guard let entry = places[place], entry.digest == digest, entry.answer.request.count == request.count,
      entry.answer.request.withUnsafeBytes({ $0.elementsEqual(request) })
    else { return nil }
    if entry.answer.holds() { return entry }
    forget(place)
    return nil
  }

  /// Remembers an answer in the place of whatever was there.
  func remember(_ answer: RepeatableAnswer) {
    let digest = answer.request.withUnsafeBytes { self.digest(of: $0) }
    let place = place(of: digest)
    forget(place)
    if octets + answer.content.count > Self.maximumOctets {
      for place in places.indices { forget(place) }
    }
    octets += answer.content.count
    places[place] = Entry(answer, digest: digest)
  }

  private func forget(_ place: Int) {
    octets -= places[place]?.answer.content.count ?? 0
    places[place] = nil
  }

  /// Seeded anew in every process, so that nobody can choose requests that meet.
  private func digest(of request: UnsafeRawBufferPointer) -> Int {
    var hasher = Hasher()
    hasher.combine(bytes: request)
    return hasher.finalize()
  }

  private func place(of digest: Int) -> Int { digest & (places.count - 1) }
}
