// The failed keys of each address in the present minute: who guesses is stopped, and does not fill the log.

/// Counts failures by address, anew every minute.
struct FailureCount: Sendable {
  /// Failures of one address in a minute after which its requests without a good key are not looked at.
  static let maximum = 20
  /// Addresses that are counted apart; all further ones share one count, so that memory has a bound.
  static let maximumAddresses = 4096
  private static let seconds = 60.0

  private var counts: [String: Int] = [:]
  private var told: Set<[String]> = []
  private var start = 0.0

  /// After how many seconds the address is heard again; nil while it is.
  mutating func blockedSeconds(_ address: String, at now: Double) -> Int? {
    turn(at: now)
    guard let count = counts[place(of: address)], count > Self.maximum else { return nil }
    return max(1, Int((start + Self.seconds - now).rounded(.up)))
  }

  /// Counts a failure.
  ///
  /// - Returns: whether the log is to have it: the first of its kind of an address in a minute.
  mutating func record(_ reason: String, of address: String, at now: Double) -> Bool {
    turn(at: now)
    let place = place(of: address)
    counts[place, default: 0] += 1
    return told.insert([place, reason]).inserted
  }

  private func place(of address: String) -> String {
    counts[address] != nil || counts.count < Self.maximumAddresses ? address : "many"
  }

  private mutating func turn(at now: Double) {
    guard now - start >= Self.seconds else { return }
    start = now
    counts = [:]
    told = []
  }
}
