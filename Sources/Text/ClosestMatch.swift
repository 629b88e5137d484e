// "Did you mean …?": the known word nearest to a misspelt one, found and offered in one way everywhere.

/// The candidate that `word` most likely misspells, or nil if none is near.
///
/// Near means that at most a third of the characters of the shorter word (at least one) are inserted, deleted, changed
/// or swapped with their neighbour, regardless of case. Of equally near candidates the one nearest in length wins, then
/// the earliest. Words are compared by Unicode scalars; one of more than 256 is near to none.
/// - Complexity: O(candidates · length²) for candidates of similar length, whatever the word's length.
package func closestMatch(to word: String, in candidates: some Sequence<String>) -> String? {
  guard word.unicodeScalars.prefix(maximumLength + 1).count <= maximumLength else { return nil }
  let letters = Array(word.lowercased().unicodeScalars)
  var best: (candidate: String, distance: Int, lengthChange: Int)?
  for candidate in candidates where candidate.utf8.count <= 4 * maximumLength {
    let other = Array(candidate.lowercased().unicodeScalars)
    let lengthChange = abs(letters.count - other.count)
    let limit = max(1, min(letters.count, other.count) / 3)
    guard lengthChange <= limit,
      let distance = editDistance(letters, other, atMost: min(limit, best?.distance ?? limit))
    else { continue }
    if let best, (best.distance, best.lengthChange) <= (distance, lengthChange) { continue }
    best = (candidate, distance, lengthChange)
  }
  return best?.candidate
}

/// Words that are longer, in Unicode scalars, are not names that anyone misspells.
private let maximumLength = 256

/// The end of a fault's sentence that offers the candidate nearest to `word`: "; did you mean `x`?", or nothing if none
/// is near.
///
/// `verb` says what is to be done with it: "; did you mean to rename `x`?" for "to rename".
package func suggestion(
  for word: String, among candidates: some Sequence<String>, _ verb: String? = nil
) -> String {
  didYouMean(closestMatch(to: word, in: candidates), verb)
}

/// "; did you mean `x`?" for a match that was found before, or nothing for none.
package func didYouMean(_ match: String?, _ verb: String? = nil) -> String {
  match.map { "; did you mean \(verb.map { $0 + " " } ?? "")\(quoted($0))?" } ?? ""
}

/// Optimal string alignment: Levenshtein distance in which a swap of neighbours counts once; nil beyond `limit`.
private func editDistance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar], atMost limit: Int) -> Int? {
  var beforePrevious: [Int] = []
  var previous = Array(0...right.count)
  var wasBeyond = false
  for i in left.indices {
    var current = [i + 1]
    for j in right.indices {
      let substitution = previous[j] + (left[i] == right[j] ? 0 : 1)
      var distance = min(substitution, previous[j + 1] + 1, current[j] + 1)
      if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
        distance = min(distance, beforePrevious[j - 1] + 1)
      }
      current.append(distance)
    }
    // A swap looks two rows back, so that both must be beyond the limit before all that follows is.
    let isBeyond = current.allSatisfy { $0 > limit }
    if isBeyond && wasBeyond { return nil }
    wasBeyond = isBeyond
    (beforePrevious, previous) = (previous, current)
  }
  return previous[right.count] <= limit ? previous[right.count] : nil
}
