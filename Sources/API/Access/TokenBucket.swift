// How fast one key asks: tokens that come back evenly, as many as a minute's at most.

/// A bucket of a minute's requests. An idle client may send them all at once; then they come back one by one.
struct TokenBucket: Sendable {
  private var tokens: Double
  private var last: Double

  /// A full bucket.
  init(perMinute: Int, at now: Double) {
    tokens = Double(perMinute)
    last = now
  }

  /// Takes a token, if there is one.
  ///
  /// - Parameters:
  ///   - perMinute: the quota, which may have changed since.
  ///   - now: monotonic seconds.
  mutating func take(perMinute: Int, at now: Double) -> (isTaken: Bool, standing: QuotaStanding) {
    let perSecond = Double(perMinute) / 60
    tokens = min(Double(perMinute), tokens + max(0, now - last) * perSecond)
    last = now
    let isTaken = tokens >= 1
    if isTaken { tokens -= 1 }
    let left = tokens.rounded(.down)
    return (
      isTaken,
      QuotaStanding(
        policy: "requests", quota: perMinute, windowSeconds: 60, remaining: Int(left),
        resetSeconds: Int(((left + 1 - tokens) / perSecond).rounded(.up)))
    )
  }
}
