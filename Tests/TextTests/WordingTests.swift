// How sentences write numbers, names and lists.

import Testing
import Text

@Suite struct WordingTests {
  @Test(
    arguments: [
      (3, "3"), (-0.5, "-0.5"), (0.1, "0.1"), (1e-7, "1e-07"), (1e21, "1e+21"), (0, "0"), (.infinity, "inf"),
    ] as [(Double, String)])
  func `a number is written as shortly as it can be read back`(_ number: Double, _ expected: String) {
    #expect(text(of: number) == expected)
  }

  @Test(arguments: [
    ([], "none"), (["a"], "`a`"), (["a", "b"], "`a` and `b`"), (["a", "b", "c"], "`a`, `b` and `c`"),
  ])
  func `names are listed as a sentence lists them`(_ names: [String], _ expected: String) {
    #expect(listed(names) == expected)
  }

  @Test func `a quotation keeps a line whole and short`() {
    #expect(quoted("größe") == "`größe`")
    #expect(quoted("a\nb\u{1B}[0m") == "`a\\nb\\u{1B}[0m`")
    #expect(quoted(String(repeating: "x", count: 80)) == "`\(String(repeating: "x", count: 80))`")
    #expect(quoted(String(repeating: "x", count: 81)) == "`\(String(repeating: "x", count: 80))…`")
  }
}
