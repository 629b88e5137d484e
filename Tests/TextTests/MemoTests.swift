// What was computed is kept, and not without bounds.

import Testing
import Text

@Suite struct MemoTests {
  @Test func `a key is computed once, and again when too many others have come`() {
    let memo = Memo<Int, Int>(capacity: 3)
    var computed: [Int] = []
    func square(_ number: Int) -> Int {
      memo.value(for: number) {
        computed.append(number)
        return number * number
      }
    }
    #expect([1, 2, 3, 1, 2, 3].map(square) == [1, 4, 9, 1, 4, 9])
    #expect(computed == [1, 2, 3])
    #expect([4, 4, 1].map(square) == [16, 16, 1])
    #expect(computed == [1, 2, 3, 4, 1])
  }
}
