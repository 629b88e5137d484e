// One request on its way to an operation, with the service that the operation works on.

import HTTP
import HTTPTypes
import Jobs
import Telemetry

/// What an operation gets: the request, the values of its path's parameters, and the service.
struct Call: Sendable {
  /// Without its content.
  let request: Request
  /// What there is to read of it.
  let content: RequestContent
  /// What may be done with the answer's content.
  let coding: ResponseCoding
  /// Path parameters by name.
  let parameters: [String: String]
  /// Whose key the request has; nil where none is needed.
  let principal: Principal?
  let access: AccessControl
  let jobs: JobService
  let configuration: APIConfiguration
  let waiters: Waiters
  let documents: RenderedDocuments
  let streams: StreamSlots
  let pace: EpochPace
  let metrics: APIMetrics

  /// Readers of the query parameters. Names are checked before an operation is called.
  var query: QueryReader { QueryReader(target: request.target) }

  /// The job identifier of the path.
  ///
  /// - Throws: `.jobNotFound` if the text cannot be one.
  func jobID() throws(APIError) -> JobID {
    let text = parameters["id"] ?? ""
    guard let id = JobID(text) else { throw .jobNotFound(text) }
    return id
  }

  /// The job that the path names.
  func job() async throws -> Job {
    let id = try jobID()
    guard let job = try await jobs.job(id) else { throw APIError.jobNotFound(id.description) }
    return job
  }

  /// The representation that the client likes best.
  ///
  /// - Throws: `.notAcceptable` if it likes none.
  func preferred(of offers: [MediaType]) throws(APIError) -> MediaType {
    guard let type = Accept(request.fields).preferred(of: offers) else {
      throw .notAcceptable(available: offers.map(\.essence))
    }
    return type
  }

  /// The seconds of `Prefer: wait`, shortened to what is allowed; nil if there is no such preference.
  ///
  /// Preferences that are not understood are ignored. Source: RFC 7240 §2, §4.3.
  var waitSeconds: Int? {
    Prefer(request.fields).wait.map { min($0, configuration.maximumWaitSeconds) }
  }
}
