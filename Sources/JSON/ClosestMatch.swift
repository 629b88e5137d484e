// "Did you mean …?": the known word nearest to a misspelt one.

/// The candidate that `word` most likely misspells, or nil if none is near.
///
/// Near means that at most a third of the letters (at least one) are inserted, deleted, changed or swapped
/// with their neighbour, regardless of case. The earliest of equally near candidates wins.
/// - Complexity: O(candidates · length²) for candidates of similar length, whatever the word's length.
public func closestMatch(to word: String, in candidates: some Sequence<String>) -> String? {
  var best: (candidate: String, distance: Int)?
  let letters = Array(word.lowercased().unicodeScalars)
  for candidate in candidates {
    let other = Array(candidate.lowercased().unicodeScalars)
    let limit = max(1, min(letters.count, other.count) / 3)
    guard abs(letters.count - other.count) <= limit else { continue }
    let distance = editDistance(letters, other)
    if distance <= limit, distance < best?.distance ?? .max {
      best = (candidate, distance)
    }
  }
  return best?.candidate
}

/// Optimal string alignment: Levenshtein distance in which a swap of neighbours counts once.
private func editDistance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
  var beforePrevious: [Int] = []
  var previous = Array(0...right.count)
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
    (beforePrevious, previous) = (previous, current)
  }
  return previous[right.count]
}
