// GET /v1/jobs: a page of jobs, newest first, with a cursor that inserts and deletes do not disturb.

import HTTP
import HTTPTypes
import JSON
import Jobs
import Training

extension Operation {
  static let listJobs = Operation(
    "listJobs", .get, "/v1/jobs",
    query: ["status", "strategy", "q", "view", "counts", "limit", "after"]
  ) { call in
    let query = call.query
    let filter = JobFilter(
      statuses: try query.choices("status", of: JobStatus.self).map(Set.init),
      strategy: try query.strategy(), namePart: query.string("q"), createdBy: call.owner)
    let view = try query.choice("view", of: ListView.self) ?? .full
    let isCounted = try query.flag("counts")
    let limit = try query.integer("limit", in: 1...100) ?? 20
    let after = try query.cursor("after")
    let (entries, ids, hasMore) = try await call.entries(view, filter, limit: limit, after: after)

    var fields: HTTPFields = [:]
    if hasMore, let last = ids.last { fields[.link] = call.nextLink(limit: limit, after: last) }
    var document: JSONObject = [
      "data": .array(JSONArray(entries)),
      "has_more": .bool(hasMore),
      "first_id": JSONValue(ids.first?.description),
      "last_id": JSONValue(ids.last?.description),
    ]
    if isCounted {
      let counts = try await call.jobs.counts(filter)
      document["counts"] = .object(
        JSONObject(JobStatus.allCases.map { ($0.rawValue, .integer(counts[$0] ?? 0)) }))
    }
    return .json(.object(document), fields: fields)
  }
}

/// How much of each job a list has.
private enum ListView: String, CaseIterable {
  case full, summary
}

extension Call {
  /// One page, as documents.
  fileprivate func entries(
    _ view: ListView, _ filter: JobFilter, limit: Int, after: JobID?
  ) async throws -> (documents: [JSONValue], ids: [JobID], hasMore: Bool) {
    switch view {
    case .full:
      let page = try await jobs.list(filter, limit: limit, after: after)
      return (page.jobs.map(\.document), page.jobs.map(\.id), page.hasMore)
    case .summary:
      let page = try await jobs.summaries(filter, limit: limit, after: after)
      return (page.jobs.map(\.document), page.jobs.map(\.id), page.hasMore)
    }
  }

  /// The address of the next page, with this one's filters.
  fileprivate func nextLink(limit: Int, after last: JobID) -> String {
    var items = request.target.query.filter { $0.name != "after" && $0.name != "limit" }
    items += [.init(name: "limit", value: "\(limit)"), .init(name: "after", value: "\(last)")]
    let query = items.map { "\($0.name)=\(percentEncoded($0.value))" }.joined(separator: "&")
    return "</v1/jobs?\(query)>; rel=\"next\""
  }
}

/// A text as the value of a query: all but the unreserved characters of RFC 3986 §2.3 and the comma percent-encoded.
private func percentEncoded(_ text: String) -> String {
  let digits = Array("0123456789ABCDEF")
  return text.utf8.reduce(into: "") { encoded, byte in
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
      UInt8(ascii: "~"), UInt8(ascii: ","):
      encoded.unicodeScalars.append(Unicode.Scalar(byte))
    default:
      encoded += "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
    }
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
