// Which known word a misspelt one is taken for.

import JSON
import Testing

@Suite("Closest match")
struct ClosestMatchTests {
  static let words = ["epochs", "batch_size", "optimizer", "seed", "x", "relu", "prelu"]

  @Test(
    "a misspelling finds its word",
    arguments: [
      ("epoch", "epochs"), ("epcohs", "epochs"), ("EPOCHS", "epochs"), ("batchsize", "batch_size"),
      ("batch-size", "batch_size"), ("optimiser", "optimizer"), ("sead", "seed"), ("seedd", "seed"),
      ("y", "x"),
      ("rely", "relu"), ("prelu", "prelu"), ("pre1u", "prelu"),
    ])
  func finds(_ word: String, _ expected: String) {
    #expect(closestMatch(to: word, in: Self.words) == expected)
  }

  @Test("a word far from all finds none", arguments: ["", "learning", "epochepoch", "zzzz", "dees"])
  func findsNone(_ word: String) {
    #expect(closestMatch(to: word, in: Self.words.filter { $0.count > 1 }) == nil)
  }

  @Test("no candidates give no match")
  func noCandidates() {
    #expect(closestMatch(to: "a", in: []) == nil)
  }

  @Test("equally near candidates are decided by order")
  func ties() {
    #expect(closestMatch(to: "bat", in: ["cat", "rat"]) == "cat")
    #expect(closestMatch(to: "bat", in: ["rat", "cat"]) == "rat")
  }

  @Test("a huge word is compared with none of the short ones")
  func hugeWord() {
    #expect(closestMatch(to: String(repeating: "e", count: 5_000_000), in: Self.words) == nil)
  }
}
