// GET /v1/jobs: a page of jobs, newest first, with a cursor that inserts and deletes do not disturb.

import HTTP
import HTTPTypes
import JSON
import Jobs
import Training

extension Operation {
  static let listJobs = Operation(
    "listJobs", .get, "/v1/jobs", query: ["status", "strategy", "limit", "after"]
  ) { call in
    let query = call.query
    let status = try query.choice("status", of: JobStatus.self)
    let strategy = try query.strategy()
    let limit = try query.integer("limit", in: 1...100) ?? 20
    let after = try query.cursor("after")
    let page = try await call.jobs.list(status: status, strategy: strategy, limit: limit, after: after)

    let last = page.jobs.last?.id
    var fields: HTTPFields = [:]
    if page.hasMore, let last {
      var items = call.request.target.query.filter { $0.name != "after" && $0.name != "limit" }
      items += [.init(name: "limit", value: "\(limit)"), .init(name: "after", value: "\(last)")]
      // The values are names, numbers and identifiers, none of which needs percent-encoding.
      let query = items.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
      fields[.link] = "</v1/jobs?\(query)>; rel=\"next\""
    }
    return .json(
      [
        "data": .array(JSONArray(page.jobs.map(\.document))),
        "has_more": .bool(page.hasMore),
        "first_id": JSONValue(page.jobs.first?.id.description),
        "last_id": JSONValue(last?.description),
      ], fields: fields)
  }
}

extension QueryReader {
  /// The name of a strategy that exists.
  fileprivate func strategy() throws(APIError) -> String? {
    guard let name = string("strategy") else { return nil }
    let names = TrainingDescriptions.strategyNames
    guard names.contains(name) else {
      throw .invalidParameter("strategy", expected: "one of \(names.joined(separator: ", "))")
    }
    return name
  }

  /// The identifier of a job, which need not exist any more.
  fileprivate func cursor(_ name: String) throws(APIError) -> JobID? {
    guard let text = string(name) else { return nil }
    guard let id = JobID(text) else { throw .invalidCursor(text) }
    return id
  }
}
