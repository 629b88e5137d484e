// How often the readers of events are told of epochs: many of them must not slow what they watch.

/// How long the streams rest together before they are told of new epochs again: with few of them for a moment; with many so
/// long that all of them together are told only so often.
package struct EpochPace: Sendable {
  /// The shortest rest; the trainer reports no more than ten times a second.
  private static let leastSeconds = 0.05

  /// How often in a second streams are told, all of them together.
  let perSecond: Int
  /// How many streams are open.
  let open: @Sendable () -> Int

  /// For so many turns a second, of so many streams as are open when it is asked.
  package init(perSecond: Int, open: @escaping @Sendable () -> Int) {
    self.perSecond = perSecond
    self.open = open
  }

  /// The seconds of a rest that begins now.
  package var seconds: Double { max(Self.leastSeconds, Double(open()) / Double(perSecond)) }
}
