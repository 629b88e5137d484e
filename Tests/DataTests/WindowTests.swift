// Windows over a time series: what they hold, which part they are in, and what is wrong with them.

import Data
import JSON
import Testing

/// A table whose column `a` counts from 0, with ten times that as `b`.
private func series(_ rows: Int) -> String {
  "a,b\n" + (0..<rows).map { "\($0),\($0 * 10)\n" }.joined()
}

@Suite struct WindowTests {
  @Test func `a window is some rows, and its target stands behind them`() throws {
    let loaded = try load(
      #""target": "b", "window": {"steps": 3, "horizon": 2, "stride": 2}, "validation_fraction": 0, "#
        + #""standardize": false"#, csv: series(9))
    let training = loaded.dataset.training
    #expect(loaded.dataset.inputEncoder.shape == InputShape([3, 2]))
    #expect(training.inputs.prefix(12) == [0, 0, 1, 10, 2, 20, 2, 20, 3, 30, 4, 40])
    #expect(training.targets == [40, 60, 80])
    #expect(loaded.dataset.featureNames == ["a", "b"])
    #expect(loaded.resolved["window"] == ["steps": 3, "horizon": 2, "stride": 2])
    #expect(loaded.resolved["split"] == "ordered")
    let chosen = try load(
      #""target": "b", "features": ["a"], "window": {"steps": 2}, "validation_fraction": 0, "#
        + #""standardize": false"#, csv: series(4))
    #expect(chosen.dataset.training.inputs == [0, 1, 1, 2])
    #expect(chosen.dataset.training.targets == [20, 30])
  }

  @Test func `windows that cross a border are in no part`() throws {
    let loaded = try load(
      #""target": "b", "window": {"steps": 2}, "validation_fraction": 0.3, "test_fraction": 0.3, "#
        + #""standardize": false, "features": ["a"]"#, csv: series(10))
    // Rows 0 to 3 train, 4 to 6 validate, 7 to 9 test; a window of two rows and its target are three.
    #expect(loaded.dataset.training.inputs == [0, 1, 1, 2])
    #expect(loaded.dataset.validation.inputs == [4, 5])
    #expect(loaded.dataset.validation.targets == [60])
    #expect(loaded.dataset.test.inputs == [7, 8])
    #expect(loaded.dataset.test.targets == [90])
  }

  @Test func `classes may be forecast, and are no features of their own`() throws {
    let loaded = try load(
      #""target": "c", "window": {"steps": 2}, "validation_fraction": 0, "standardize": false"#,
      csv: "a,c\n1,up\n2,down\n3,up\n4,down\n")
    #expect(loaded.dataset.training.inputs == [1, 2, 2, 3])
    #expect(loaded.dataset.training.targets == [1, 0])
  }

  @Test(
    arguments: [
      (
        #""target": "b", "window": {"steps": 10}"#,
        "#/data/window/steps: 10 steps and a horizon of 1 need 11 rows, the data has 9"
      ),
      (
        #""target": "b", "window": {"steps": 2, "horizon": 8}"#,
        "#/data/window/steps: 2 steps and a horizon of 8 need 10 rows, the data has 9"
      ),
      (
        #""target": "b", "window": {"steps": 7}"#,
        "#/data/window: no window of 8 rows lies within those that train; there are 9 rows in all"
      ),
      (#""target": "b", "window": {"horizon": 1}"#, "#/data/window/steps: required member is missing"),
      (
        #""target": "b", "window": {"steps": 0}"#,
        "#/data/window/steps: must be between 1 and 10000, got 0"
      ),
      (
        #""target": "b", "window": {"steps": 2}, "split": "random""#,
        "#/data/split: windows over time are split `ordered`, so that no row is seen before its time"
      ),
      (
        #""target": "b", "window": {"steps": 2}, "input_shape": [2, 2]"#,
        "#/data/input_shape: windows are [steps, features] by themselves"
      ),
      (
        #""target": "b", "window": {"steps": 2}, "lengths": "a""#, "#/data/lengths: windows have one length"
      ),
    ])
  func `a fault says what does not fit`(members: String, fault: String) throws {
    #expect(try faults(members, csv: series(9)) == [fault])
  }

  @Test func `a column of classes is no part of a window`() throws {
    #expect(
      try faults(#""target": "a", "window": {"steps": 2}"#, csv: "a,c\n1,x\n2,y\n3,x\n4,y\n5,x\n")
        == ["#/data: the column `c` holds classes; windows are of numbers: leave it out with `ignore`"])
    #expect(
      try faults {
        try load(#""inputs": [[1], [2], [3]], "targets": [1, 2, 3], "window": {"steps": 1}"#)
      } == ["#/data/window: only a table in time order (CSV or NPY) can have this member"])
  }
}
