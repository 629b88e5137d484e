// The values that are kept in memory: which ones, and never more than so many bytes.

import Testing
import Text

@Suite struct RecentValuesTests {
  @Test func `the one that was asked for longest ago goes first, at the exact byte`() {
    let values = RecentValues<Int, String>(capacity: 30)
    for key in 0..<3 { values.keep("\(key)", for: key, bytes: 10) }
    #expect(values.byteCount == 30 && values.value(for: 0) == "0")
    values.keep("3", for: 3, bytes: 10)
    #expect((0..<4).map { values.value(for: $0) } == ["0", nil, "2", "3"])
    values.keep("4", for: 4, bytes: 1)
    #expect((0..<5).map { values.value(for: $0) } == [nil, nil, "2", "3", "4"])
    #expect(values.byteCount == 21)
  }

  @Test func `a value that is too large for all of it drives nothing out`() {
    let values = RecentValues<Int, String>(capacity: 30)
    values.keep("small", for: 0, bytes: 30)
    values.keep("large", for: 1, bytes: 31)
    #expect(values.value(for: 0) == "small" && values.value(for: 1) == nil)
  }

  @Test func `a value takes the place of the one before it, and is forgotten on demand`() {
    let values = RecentValues<Int, String>(capacity: 30)
    values.keep("first", for: 0, bytes: 20)
    values.keep("second", for: 0, bytes: 25)
    #expect(values.value(for: 0) == "second" && values.byteCount == 25)
    // Too large to be kept, and the one before it is out of date.
    values.keep("third", for: 0, bytes: 31)
    #expect(values.value(for: 0) == nil && values.byteCount == 0)
    values.keep("fourth", for: 0, bytes: 5)
    values.remove(0)
    values.remove(0)
    #expect(values.value(for: 0) == nil && values.byteCount == 0)
  }
}
