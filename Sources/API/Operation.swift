// The table of operations: routing, allowed methods, content checks and the contract test all follow from it.

import HTTP
package import HTTPTypes

/// One operation of the API, named as in `openapi.yaml`.
package struct Operation: Sendable {
  /// The `operationId`.
  package let id: String
  /// The method that it answers; GET answers HEAD too.
  package let method: HTTPRequest.Method
  /// The path, with `{name}` for a segment that is a parameter.
  package let template: String
  /// What a key must be allowed to do; nil where nobody needs a key.
  package let scope: Scope?
  /// The statuses of success.
  package let successes: [Int]
  /// The names of the query parameters that it knows; any other is refused, and so is one given twice.
  package let query: [String]
  /// Whether it looks past query parameters that it does not know, and past repetitions of the others: what probes it may not be turned away for them.
  package let ignoresUnknownQuery: Bool
  /// The media types of the content that it takes; none means that it takes no content.
  package let accepts: [String]
  /// Whether its content is an empty object, as HTTP libraries send it where there is nothing to say, or nothing; the
  /// media type of nothing says nothing.
  package let takesEmptyObject: Bool
  /// Answers a request that has passed every check above on the event loop, if that takes well under a millisecond; nil
  /// where something has to be waited for.
  let atOnce: @Sendable (Call) throws -> Response?
  /// Answers what was not answered at once.
  let answer: @Sendable (Call) async throws -> Response

  init(
    _ id: String, _ method: HTTPRequest.Method, _ template: String, scope: Scope? = .read,
    successes: [Int] = [200],
    query: [String] = [], ignoresUnknownQuery: Bool = false, accepts: [String] = [],
    takesEmptyObject: Bool = false, atOnce: @escaping @Sendable (Call) throws -> Response? = { _ in nil },
    answer: @escaping @Sendable (Call) async throws -> Response
  ) {
    self.id = id
    self.method = method
    self.template = template
    self.scope = scope
    self.successes = successes
    self.query = query
    self.ignoresUnknownQuery = ignoresUnknownQuery
    self.accepts = accepts
    self.takesEmptyObject = takesEmptyObject
    self.atOnce = atOnce
    self.answer = answer
  }

  /// An operation that never waits.
  static func quick(
    _ id: String, _ template: String, scope: Scope? = .read, query: [String] = [],
    ignoresUnknownQuery: Bool = false,
    answer: @escaping @Sendable (Call) throws -> Response
  ) -> Operation {
    Operation(
      id, .get, template, scope: scope, query: query, ignoresUnknownQuery: ignoresUnknownQuery,
      atOnce: answer,
      answer: answer)
  }

  /// An operation with one answer for everybody as long as the process runs.
  static func fixed(
    _ id: String, _ template: String, scope: Scope? = .read, _ response: FixedResponse
  ) -> Operation {
    Operation(
      id, .get, template, scope: scope, atOnce: { response.ifMade(for: $0) },
      answer: { await response.made(for: $0) })
  }

  /// Bytes of an empty object with white space around it.
  static let emptyObjectBytes = 1024

  /// Every operation.
  package static let all: [Operation] = [
    createJob, validateJob, listJobs, getJob, cancelJob, deleteJob,
    listJobEvents, listEvents, getJobMetrics, getJobActivations, getJobActivationsPlot, predict,
    listActivations, getActivation, analyzeActivation, listStrategies,
    getLimits, getVersion, getMetrics, getProblem, live, ready, openapiYAML, openapiJSON, index,
  ]
}
