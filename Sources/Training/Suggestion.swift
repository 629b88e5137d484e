// How this target's faults suggest the word that was meant.

import JSON

/// "; did you mean `x`?", or nothing if no candidate is near.
func suggestion(for word: String, among candidates: [String]) -> String {
  closestMatch(to: word, in: candidates).map { "; did you mean `\($0)`?" } ?? ""
}
