// The collector's bound, which keeps a hostile document from growing its own answer.

import JSON
import Testing

@Suite struct FaultCollectorTests {
  @Test func `a full collector keeps the first faults and says that it is full`() {
    let collector = FaultCollector(maximum: 2)
    #expect(collector.isEmpty && !collector.isFull)
    for index in 0..<3 { collector.add("fault \(index)", at: JSONPointer()) }
    #expect(collector.isFull)
    #expect(collector.faults.map(\.detail) == ["fault 0", "fault 1"])
  }

  @Test(.timeLimit(.minutes(1)))
  func `a million unknown members cost no more than the faults that are kept`() {
    let collector = FaultCollector()
    let document = JSONValue.object(JSONObject((0..<1_000_000).map { ("epoch\($0)", 1) }))
    var reader = ObjectReader(document, faults: collector)
    _ = reader.integer("epochs")
    let elapsed = ContinuousClock().measure { reader.finish() }
    #expect(collector.faults.count == collector.maximum)
    #expect(elapsed < .seconds(5))
  }
}
