// Which known word a misspelt one is taken for, and how it is offered.

import Testing
import Text

@Suite struct ClosestMatchTests {
  static let words = ["epochs", "batch_size", "optimizer", "seed", "x", "relu", "prelu"]

  @Test(arguments: [
    ("epoch", "epochs"), ("epcohs", "epochs"), ("EPOCHS", "epochs"), ("batchsize", "batch_size"),
    ("batch-size", "batch_size"), ("optimiser", "optimizer"), ("sead", "seed"), ("seedd", "seed"),
    ("y", "x"), ("rely", "relu"), ("prelu", "prelu"), ("pre1u", "prelu"), ("SED", "seed"),
    ("OPTIMIZR", "optimizer"),
  ])
  func `a misspelling finds its word, whatever its case`(_ word: String, _ expected: String) {
    #expect(closestMatch(to: word, in: Self.words) == expected)
  }

  @Test(arguments: ["", "learning", "epochepoch", "zzzz", "dees"])
  func `a word far from all finds none`(_ word: String) {
    #expect(closestMatch(to: word, in: Self.words.filter { $0.count > 1 }) == nil)
  }

  @Test func `no candidates give no match`() {
    #expect(closestMatch(to: "a", in: []) == nil)
  }

  @Test func `equally near candidates are decided by length, then by order`() {
    #expect(closestMatch(to: "bat", in: ["cat", "rat"]) == "cat")
    #expect(closestMatch(to: "bat", in: ["rat", "cat"]) == "rat")
    #expect(closestMatch(to: "bat", in: ["bats", "rat", "cat"]) == "rat")
  }

  @Test func `letters beyond ASCII count as one each`() {
    #expect(closestMatch(to: "größe", in: ["grösse", "größen"]) == "größen")
    #expect(closestMatch(to: "ÄPFEL", in: ["äpfel"]) == "äpfel")
  }

  @Test func `a huge word is compared with none`() {
    #expect(closestMatch(to: String(repeating: "e", count: 5_000_000), in: Self.words) == nil)
    let long = String(repeating: "e", count: 257)
    #expect(closestMatch(to: long, in: [long]) == nil)
  }

  @Test func `the sentence offers the match in backticks, or ends where it is`() {
    #expect(suggestion(for: "sed", among: Self.words) == "; did you mean `seed`?")
    #expect(suggestion(for: "sed", among: Self.words, "to rename") == "; did you mean to rename `seed`?")
    #expect(suggestion(for: "zzzz", among: Self.words) == "")
    #expect(didYouMean(nil) == "")
  }
}
