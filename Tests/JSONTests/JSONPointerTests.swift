// Pointers in both of their written forms.

import JSON
import Testing

@Suite struct JSONPointerTests {
  @Test(
    arguments: [
      ([], "", "#"), (["foo"], "/foo", "#/foo"), ([""], "/", "#/"), (["a/b"], "/a~1b", "#/a~1b"),
      (["m~n"], "/m~0n", "#/m~0n"), (["~1"], "/~01", "#/~01"), (["c%d"], "/c%d", "#/c%25d"),
      (["e^f"], "/e^f", "#/e%5Ef"), (["g|h"], "/g|h", "#/g%7Ch"), ([#"i\j"#], #"/i\j"#, "#/i%5Cj"),
      ([#"k"l"#], #"/k"l"#, "#/k%22l"), ([" "], "/ ", "#/%20"), (["é"], "/é", "#/%C3%A9"),
      (["a", "b", "c"], "/a/b/c", "#/a/b/c"),
      (["?:@!$&'()*+,;=-._"], "/?:@!$&'()*+,;=-._", "#/?:@!$&'()*+,;=-._"),
      (["#"], "/#", "#/%23"),
    ] as [([String], String, String)])
  func `tokens are escaped in string form and percent-encoded in fragment form`(
    _ tokens: [String], _ string: String, _ fragment: String
  ) {
    let pointer = tokens.reduce(JSONPointer()) { $0.appending($1) }
    #expect(pointer.description == string)
    #expect(pointer.fragment == fragment)
    #expect(pointer.tokens == tokens)
  }

  @Test func `an index is its decimal digits, and appending leaves the shorter pointer alone`() {
    let rows = JSONPointer().appending("rows")
    let cell = rows.appending(12).appending(0)
    #expect(cell.fragment == "#/rows/12/0")
    #expect(cell == rows.appending("12").appending("0"))
    #expect(rows.fragment == "#/rows")
  }
}
