// How many knots a spline has: one number, or one for each stage of training.

/// Numbers of knots, each larger than the one before; at least one.
///
/// As an option it is a whole number, or a list of them.
package struct KnotStages: Sendable, Hashable, OptionConvertible {
  /// The numbers, first stage first.
  package var counts: [Int]

  /// Stages of so many knots.
  package init(_ counts: Int...) { self.counts = counts }

  init?(_ option: OptionValue) {
    if let count = Int(option) {
      counts = [count]
    } else if let list = [Int](option), !list.isEmpty {
      counts = list
    } else {
      return nil
    }
  }

  /// The number, where there is only one, or the list.
  var option: OptionValue { counts.count == 1 ? counts[0].option : counts.option }
}
