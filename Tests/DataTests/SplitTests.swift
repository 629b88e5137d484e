// The split: every row once, the right number of each class, the same for the same seed.

import Data
import Testing

@Suite struct SplitTests {
  @Test(arguments: SplitMethod.allCases, [0.0, 0.2, 0.33, 0.9])
  func `every row is in exactly one part`(method: SplitMethod, fraction: Double) {
    let classes = (0..<101).map { $0 % 7 == 0 ? 1 : 0 }
    let split = Split(rows: 101, fraction: fraction, method: method, classes: classes, seed: 3)
    #expect((split.training + split.validation).sorted() == Array(0..<101))
    #expect(split.validation.count == Int((101 * fraction).rounded()))
    #expect(split.training == split.training.sorted())
  }

  @Test func `ordered takes the last rows`() {
    let split = Split(rows: 10, fraction: 0.3, method: .ordered, classes: nil, seed: 0)
    #expect(split.validation == [7, 8, 9])
  }

  @Test func `stratified keeps each class's share`() {
    let classes = (0..<300).map { $0 < 30 ? 0 : $0 < 120 ? 1 : 2 }
    let split = Split(rows: 300, fraction: 0.2, method: .stratified, classes: classes, seed: 1)
    let counts = (0..<3).map { label in split.validation.filter { classes[$0] == label }.count }
    #expect(counts == [6, 18, 36])
  }

  @Test func `stratified leaves a rare class one training row`() {
    let classes = [0, 1, 1, 1, 1, 1, 1, 1, 1, 1]
    let split = Split(rows: 10, fraction: 0.9, method: .stratified, classes: classes, seed: 1)
    #expect(split.training.contains(0))
    #expect(split.training.contains { classes[$0] == 1 })
  }

  @Test func `the seed decides`() {
    func rows(_ seed: UInt64) -> [Int] {
      Split(rows: 100, fraction: 0.5, method: .random, classes: nil, seed: seed).validation
    }
    #expect(rows(1) == rows(1))
    #expect(rows(1) != rows(2))
  }

  @Test func `a row is always left to train`() {
    #expect(Split(rows: 2, fraction: 0.95, method: .random, classes: nil, seed: 0).training.count == 1)
  }

  @Test(arguments: SplitMethod.allCases, [0.0, 0.1, 0.5])
  func `test rows are in no other part, and the same under any validation fraction`(
    method: SplitMethod, fraction: Double
  ) {
    let classes = (0..<200).map { $0 % 5 == 0 ? 1 : 0 }
    func split(_ validation: Double) -> Split {
      Split(
        rows: 200, fraction: validation, testFraction: fraction, method: method, classes: classes, seed: 9)
    }
    let parts = split(0.2)
    #expect((parts.training + parts.validation + parts.test).sorted() == Array(0..<200))
    #expect(parts.test.count == Int(200 * fraction) && parts.validation.count == 40)
    #expect(split(0.4).test == parts.test && split(0).test == parts.test)
    if method == .stratified {
      #expect(parts.test.count { classes[$0] == 1 } * 5 == parts.test.count)
    }
  }

  @Test func `in order the rows for the test come last`() {
    let split = Split(rows: 10, fraction: 0.2, testFraction: 0.3, method: .ordered, classes: nil, seed: 0)
    #expect(split.training == [0, 1, 2, 3, 4] && split.validation == [5, 6] && split.test == [7, 8, 9])
  }

  @Test func `a seed of its own decides the split alone`() throws {
    let members = #""synthetic": {"kind": "sine", "rows": 40}"#
    let first = try load(members + #", "split_seed": 5"#, seed: 1).dataset
    #expect(try load(members + #", "split_seed": 5"#, seed: 2).dataset.validation == first.validation)
    #expect(try load(members, seed: 5).dataset.validation == first.validation)
    #expect(try load(members, seed: 6).dataset.validation != first.validation)
  }

  @Test func `more rows than there are cannot be set aside`() throws {
    let found = try faults(
      #""target": "y", "validation_fraction": 0.6, "test_fraction": 0.5"#, csv: "a,y\n1,1\n2,2\n")
    #expect(found.count == 1 && found[0].hasPrefix("#/data/test_fraction: "))
  }
}
