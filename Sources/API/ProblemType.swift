// The table of problems: code, status, title and meaning of each, one row to add one.

package import HTTPTypes

/// What all problems of one code have in common.
package struct ProblemType: Sendable {
  /// What a program decides by: stable, in snake_case. The type URI is `/problems/` and this.
  package let code: String
  /// The status of every response with the code.
  package let status: HTTPResponse.Status
  /// The same sentence for every occurrence.
  package let title: String
  /// When it occurs and what a client does about it, for the documentation.
  package let meaning: String

  init(_ code: String, _ status: HTTPResponse.Status, _ title: String, _ meaning: String) {
    self.code = code
    self.status = status
    self.title = title
    self.meaning = meaning
  }
}

extension ProblemType {
  // Before an operation is found
  static let misdirected = ProblemType(
    "misdirected", .misdirectedRequest, "The service does not answer for this host.",
    "The Host field names neither loopback nor one of the hosts that the service was started with.")
  static let crossSite = ProblemType(
    "cross_site", .forbidden, "Pages of other sites may not change anything here.",
    "A browser sent an unsafe request on behalf of another site's page. Programs send neither Origin nor "
      + "Sec-Fetch-Site and are not concerned.")
  static let notFound = ProblemType(
    "not_found", .notFound, "There is nothing at this path.", "No operation has this path.")
  static let methodNotAllowed = ProblemType(
    "method_not_allowed", .methodNotAllowed, "The path does not have this method.",
    "The Allow field names the methods that it has.")
  static let methodNotImplemented = ProblemType(
    "method_not_implemented", .notImplemented, "The method is not implemented.",
    "The method is none of HTTP's that the service knows.")

  // From the key
  static let unauthenticated = ProblemType(
    "unauthenticated", .unauthorized, "The operation needs a key.",
    "The request has no Authorization: Bearer with a key, or one that opens nothing (any more). `curvesmith keygen` "
      + "makes keys.")
  static let insufficientScope = ProblemType(
    "insufficient_scope", .forbidden, "The key does not allow this.",
    "The key is good, and the scope that the operation needs is none of its own; WWW-Authenticate names it.")
  static let quotaExceeded = ProblemType(
    "quota_exceeded", .tooManyRequests, "A quota is used up.",
    "`violated_policies` names it: `requests`, `queued_jobs` and `event_streams` of the key, `failures` of an address from which too many "
      + "bad keys have come. Retry-After says when there is more.")

  // From the head
  static let unsupportedMediaType = ProblemType(
    "unsupported_media_type", .unsupportedMediaType, "The content's media type is not taken here.",
    "The Accept field names the media types that the operation takes.")
  static let unsupportedContentCoding = ProblemType(
    "unsupported_content_coding", .unsupportedMediaType, "The content's coding is not taken here.",
    "Content is taken as it is, or in gzip.")
  static let contentTooLarge = ProblemType(
    "content_too_large", .contentTooLarge, "The content is too large.",
    "The content is longer than the operation takes; /v1/limits has the bounds.")
  static let notAcceptable = ProblemType(
    "not_acceptable", .notAcceptable, "No acceptable form of the answer is available.",
    "None of the media types of which the operation offers a choice is acceptable by the Accept field, or neither gzip "
      + "nor content without coding by Accept-Encoding.")
  static let invalidQuery = ProblemType(
    "invalid_query", .badRequest, "The query is not valid.",
    "A query parameter is unknown, given twice, or has a value out of its range; `parameter` names it.")
  static let invalidField = ProblemType(
    "invalid_field", .badRequest, "A header field is not valid.",
    "A field of the request has a value that it may not have; `parameter` names the field.")
  static let invalidCursor = ProblemType(
    "invalid_cursor", .badRequest, "The cursor is not valid.",
    "A cursor is the `last_id` of the page before.")

  // From the content
  static let truncatedGzip = ProblemType(
    "truncated_gzip", .badRequest, "The content in gzip is not whole.",
    "The content ends before its gzip form does, as when a transfer breaks off.")
  static let invalidGzip = ProblemType(
    "invalid_gzip", .badRequest, "The content is not valid gzip.",
    "Content-Encoding says gzip, and the content is not what RFC 1952 describes; `detail` says how.")
  static let decompressionRatio = ProblemType(
    "decompression_ratio", .contentTooLarge, "The content in gzip expands too much.",
    "The content is as long as only hostile or very uniform content is; it may be sent without coding.")
  static let invalidJSON = ProblemType(
    "invalid_json", .badRequest, "The content is not valid JSON.",
    "`byte_offset`, `line` and `column` say where the text departs from RFC 8259.")
  static let invalidMultipart = ProblemType(
    "invalid_multipart", .badRequest, "The content is not valid multipart/form-data.",
    "The content cannot be taken apart as RFC 7578 says.")
  static let invalidSpecification = ProblemType(
    "invalid_specification", .unprocessableContent, "The document's values are not valid.",
    "The document is JSON, and `errors` has everything that is wrong with its values, each at its pointer.")

  // From the state of the service
  static let jobNotFound = ProblemType(
    "job_not_found", .notFound, "There is no such job.", "The job never existed, or was deleted.")
  static let activationNotFound = ProblemType(
    "activation_not_found", .notFound, "There is no such activation function.",
    "/v1/activations lists the functions.")
  static let jobEnded = ProblemType(
    "job_ended", .conflict, "The job has ended.", "A job that has succeeded or failed cannot be cancelled.")
  static let jobNotEnded = ProblemType(
    "job_not_ended", .conflict, "The job has not ended.", "A job is cancelled before it is deleted.")
  static let notTrained = ProblemType(
    "not_trained", .conflict, "The job has trained nothing yet.",
    "The job waits, or ended before its first epoch: there is no model and no learned activation.")
  static let idempotencyKeyInFlight = ProblemType(
    "idempotency_key_in_flight", .conflict, "A request with this idempotency key is being handled.",
    "The first request with the key has no answer yet; the same request may be sent again.")
  static let idempotencyKeyReused = ProblemType(
    "idempotency_key_reused", .unprocessableContent, "The idempotency key belongs to another request.",
    "The key came with other content before; each request has a key of its own.")
  static let gone = ProblemType(
    "gone", .gone, "What was asked for is gone.",
    "What the idempotency key had created has been deleted; it is not created again under that key.")
  static let insufficientStorage = ProblemType(
    "insufficient_storage", .init(code: 507, reasonPhrase: "Insufficient Storage"), "The disk is full.",
    "Nothing was stored, and what was stored before stands.")
  static let storageUnavailable = ProblemType(
    "storage_unavailable", .serviceUnavailable, "The store fails.",
    "The disk or the database file cannot be read or written; the log has the cause.")
  static let queueFull = ProblemType(
    "queue_full", .serviceUnavailable, "The queue is full.",
    "As many jobs wait as may; Retry-After says when to submit again.")
  static let draining = ProblemType(
    "draining", .serviceUnavailable, "The service is shutting down.",
    "No new jobs are taken; Retry-After says when to submit again.")
  static let tooManyWaiters = ProblemType(
    "too_many_waiters", .serviceUnavailable, "Too many requests are waiting.",
    "As many requests with Prefer: wait are held as may be; the same request without it is answered at once.")
  static let tooManyStreams = ProblemType(
    "too_many_streams", .serviceUnavailable, "Too many streams are open.",
    "As many streams of events are open as may be; Retry-After says when to try again, and a page of events, as "
      + "application/json, is there at once.")
  static let internalError = ProblemType(
    "internal_error", .internalServerError, "The service failed.",
    "The cause is in the service's log under the request's identifier.")

  /// The row of a violation of HTTP/1.1, whose table is `ProtocolError`.
  static func malformed(code: String, status: HTTPResponse.Status) -> ProblemType {
    ProblemType(
      code, status, "The request is not acceptable HTTP/1.1.",
      "`detail` says what is wrong and what is right.")
  }

  /// Every problem of the API itself; violations of HTTP/1.1 have their own table.
  package static let all: [ProblemType] = [
    misdirected, crossSite, unauthenticated, insufficientScope, quotaExceeded, notFound, methodNotAllowed,
    methodNotImplemented,
    unsupportedMediaType, unsupportedContentCoding, contentTooLarge, notAcceptable, invalidQuery,
    invalidField,
    invalidCursor,
    truncatedGzip, invalidGzip, decompressionRatio, invalidJSON, invalidMultipart, invalidSpecification,
    jobNotFound, activationNotFound, jobEnded, jobNotEnded, notTrained, idempotencyKeyInFlight,
    idempotencyKeyReused, gone, insufficientStorage, storageUnavailable, queueFull, draining, tooManyWaiters,
    tooManyStreams,
    internalError,
  ]
}
