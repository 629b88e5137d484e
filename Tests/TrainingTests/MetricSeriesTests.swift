// The series of metrics: selection, down-sampling, CSV, and the way to disk and back.

import JSON
import Testing
import Training

private func series(_ count: Int) -> MetricSeries {
  var series = MetricSeries(names: ["training_loss", "validation_auc"])
  for epoch in 1...count { series.append(epoch: epoch, row: [1 / Double(epoch), epoch == 2 ? .nan : 0.5]) }
  return series
}

@Suite struct MetricSeriesTests {
  @Test func `the whole series is shown`() throws {
    let document = series(3).document(names: nil, fromEpoch: nil, maximumPoints: nil)
    let expected = """
      {"names":["training_loss","validation_auc"],"epochs":[1,2,3],\
      "series":{"training_loss":[1,0.5,0.3333333333333333],"validation_auc":[0.5,"NaN",0.5]},\
      "points":3,"total_points":3}
      """
    #expect(String(decoding: document.serialized(), as: UTF8.self) == expected)
  }

  @Test func `names and first epoch select`() {
    let document = series(5).document(names: ["validation_auc"], fromEpoch: 4, maximumPoints: nil)
    #expect(document["names"] == ["validation_auc"])
    #expect(document["epochs"] == [4, 5])
    #expect(document["series"]?.objectValue?.count == 1)
  }

  @Test(arguments: [1, 2, 3, 10, 99])
  func `down sampling keeps both ends`(points: Int) throws {
    let document = series(100).document(names: nil, fromEpoch: nil, maximumPoints: points)
    let epochs = try #require(document["epochs"]?.arrayValue?.numbers)
    #expect(epochs.count == points)
    #expect(epochs.last == 100)
    if points > 1 { #expect(epochs.first == 1) }
    #expect(epochs == epochs.sorted() && Set(epochs).count == points)
    #expect(document["total_points"] == 100)
  }

  @Test func `CSV has a header and the same numbers`() {
    #expect(
      series(2).csv(names: nil, fromEpoch: nil, maximumPoints: nil)
        == "epoch,training_loss,validation_auc\r\n1,1.0,0.5\r\n2,0.5,NaN\r\n")
  }

  @Test func `the way to disk and back is exact`() throws {
    let original = series(50)
    let bytes = original.serialized()
    let copy = try MetricSeries(serialized: bytes)
    #expect(copy.serialized() == bytes)
    #expect(copy.epochs == original.epochs && copy.names == original.names)
  }

  @Test(arguments: [
    ("no", StoredFormatError.notJSON), ("{}", .unsupportedVersion),
    (#"{"version":1,"names":["a"],"epochs":[1],"values":[[]]}"#, .damaged("values")),
  ])
  func `damaged bytes are refused`(text: String, expected: StoredFormatError) {
    #expect(throws: expected) { try MetricSeries(serialized: Array(text.utf8)) }
  }
}
