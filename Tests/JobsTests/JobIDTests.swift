// Identifiers: their text, their order, and what is refused.

import Jobs
import Testing

@Suite struct JobIDTests {
  /// Gives the same word for ever.
  struct Constant: RandomNumberGenerator, Sendable {
    var word: UInt64
    func next() -> UInt64 { word }
  }

  @Test func `the text is the prefix, the time and the random part in Crockford's base 32`() {
    let clock = ManualClock()
    let zeros = TimeOrderedIDGenerator(clock: clock, random: Constant(word: 0)).next().description
    let ones = TimeOrderedIDGenerator(clock: clock, random: Constant(word: .max)).next().description
    // 1767225600000 ms is 2026-01-01T00:00:00Z.
    let time = Self.base32(1_767_225_600_000, digits: 10)
    #expect(zeros == "job_\(time)0000000000000000")
    #expect(ones == "job_\(time)zzzzzzzzzzzzzzzz")
  }

  static func base32(_ value: UInt64, digits: Int) -> String {
    let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz")
    return String((0..<digits).reversed().map { alphabet[Int(value >> (5 * UInt64($0))) & 31] })
  }

  @Test func `identifiers increase within a millisecond, with the clock, and while it goes back`() {
    let clock = ManualClock()
    let generator = TimeOrderedIDGenerator(clock: clock)
    var ids: [JobID] = []
    for step: Int64 in [0, 1, -5000, 0, 10_000] {
      clock.advance(milliseconds: step)
      for _ in 0..<100 { ids.append(generator.next()) }
    }
    #expect(ids == ids.sorted())
    #expect(Set(ids).count == ids.count)
  }

  @Test func `concurrent callers never get the same identifier`() async {
    let generator = TimeOrderedIDGenerator(clock: ManualClock())
    let ids = await withTaskGroup(of: [JobID].self) { group in
      for _ in 0..<8 { group.addTask { (0..<500).map { _ in generator.next() } } }
      return await group.reduce(into: []) { $0 += $1 }
    }
    #expect(Set(ids).count == 4000)
  }

  @Test func `an identifier reads back from its text`() {
    let id = TimeOrderedIDGenerator(clock: ManualClock()).next()
    #expect(JobID(id.description) == id)
  }

  @Test(arguments: [
    "", "job_", "job_0000000000000000000000000", "job_000000000000000000000000000",
    "job_0000000000000000000000000i", "job_0000000000000000000000000A", "ds_000000000000000000000000000",
    "job-00000000000000000000000000", "job_0000000000000000000000000é", " job_00000000000000000000000000",
  ])
  func `what cannot be an identifier is refused`(_ text: String) {
    #expect(JobID(text) == nil)
  }
}
