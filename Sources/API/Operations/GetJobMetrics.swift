// GET /v1/jobs/{id}/metrics: the metrics of every epoch, as JSON or CSV, also while the job runs.

import HTTP
import HTTPTypes
import JSON
import Jobs
import Training

extension Operation {
  static let getJobMetrics = Operation(
    "getJobMetrics", .get, "/v1/jobs/{id}/metrics", query: ["names", "from_epoch", "max_points"]
  ) { call in
    let query = call.query
    let fromEpoch = try query.integer("from_epoch", in: 0...Int(Int32.max))
    let maximumPoints = try query.integer("max_points", in: 2...100_000)
    let json = MediaType("application", "json")
    let type = try call.preferred(of: [json, MediaType("text", "csv")])
    let job = try await call.job()
    let series = try await call.jobs.metrics(job.id) ?? MetricSeries(names: [])
    let names = try query.metricNames(of: series)

    let fields: HTTPFields = [.vary: "Accept"]
    guard type == json else {
      let csv = series.csv(names: names, fromEpoch: fromEpoch, maximumPoints: maximumPoints)
      return .text(csv, type: MediaTypes.csvWithHeader, fields: fields)
    }
    let document = series.document(names: names, fromEpoch: fromEpoch, maximumPoints: maximumPoints)
    return .json(document, fields: fields)
  }
}

extension QueryReader {
  /// The metrics that `names` asks for. A job that has not begun has none yet, and any name may still come.
  fileprivate func metricNames(of series: MetricSeries) throws(APIError) -> [String]? {
    guard let text = string("names") else { return nil }
    let names = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard series.names.isEmpty || names.allSatisfy(series.names.contains) else {
      throw .invalidParameter("names", expected: "some of \(series.names.joined(separator: ","))")
    }
    return names
  }
}
