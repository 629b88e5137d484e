// The one place where errors become text and a status: problem details (RFC 9457).

import HTTP
import HTTPTypes
import JSON
import Jobs
import Text

/// One problem as it is told to a client.
struct Problem: Sendable {
  /// What a program decides by: stable, in snake_case. The type URI is `/problems/` and this.
  var code: String
  var status: HTTPResponse.Status
  /// The same sentence for every occurrence of the code.
  var title: String
  /// What was wrong this time.
  var detail: String
  /// Further members of the document.
  var members: [(String, JSONValue)] = []
  /// Header fields that the status asks for.
  var fields: HTTPFields = [:]

  /// How many faults of a document are listed; the rest is only said to exist.
  static let maximumFaults = 100

  /// The response, of media type `application/problem+json`.
  func response(requestID: String) -> Response {
    let document: [(String, JSONValue)] = [
      ("type", .string("/problems/\(code)")),
      ("title", .string(title)),
      ("status", .integer(status.code)),
      ("detail", .string(detail)),
      ("code", .string(code)),
      ("request_id", .string(requestID)),
    ]
    var fields = fields
    fields[.contentType] = MediaTypes.problem
    fields[.cacheControl] = "no-store"
    let body = JSONValue.object(JSONObject(document + members)).serialized(pretty: true)
    return Response(status: status, fields: fields, body: .bytes(body))
  }
}

extension Problem {
  /// The words for a fact.
  init(_ error: APIError) {
    switch error {
    case .malformed(let error):
      self.init(
        code: error.code, status: error.status, title: "The request is not acceptable HTTP/1.1.",
        detail: error.detail)
    case .misdirected(let host):
      self.init(
        code: "misdirected", status: .misdirectedRequest, title: "The service does not answer for this host.",
        detail:
          "Host \(Self.quoted(host)) is not one of the service's names; it can be added to the allowed hosts."
      )
    case .crossSite:
      self.init(
        code: "cross_site", status: .forbidden, title: "Pages of other sites may not change anything here.",
        detail: "Origin or Sec-Fetch-Site names another site; it can be added to the allowed origins.")
    case .unknownPath:
      self.init(
        code: "not_found", status: .notFound, title: "There is nothing at this path.",
        detail: "No operation has this path; /openapi.json lists them all.")
    case .methodNotAllowed(let method, let allowed):
      self.init(
        code: "method_not_allowed", status: .methodNotAllowed, title: "The path does not have this method.",
        detail: "\(method.rawValue) is not one of \(Self.list(allowed)).",
        fields: [.allow: Self.list(allowed)])
    case .methodNotImplemented(let method):
      self.init(
        code: "method_not_implemented", status: .notImplemented, title: "The method is not implemented.",
        detail: "\(method.rawValue) is not implemented for any path.")

    case .unsupportedMediaType(let type, let accepted):
      let list = accepted.joined(separator: ", ")
      self.init(
        code: "unsupported_media_type", status: .unsupportedMediaType,
        title: "The content's media type is not taken here.",
        detail: (type.map { "\(Self.quoted($0)) is not" } ?? "The request has no Content-Type, which must be")
          + " one of \(list).",
        fields: [.accept: list, .acceptPost: list])
    case .unsupportedCoding(let coding):
      self.init(
        code: "unsupported_content_coding", status: .unsupportedMediaType,
        title: "The content's coding is not taken here.",
        detail: "Content-Encoding \(Self.quoted(coding)) is not taken; send the content as it is.",
        fields: [.acceptEncoding: "identity"])
    case .contentTooLarge(let maximum):
      self.init(
        code: "content_too_large", status: .contentTooLarge, title: "The content is too large.",
        detail: maximum == 0
          ? "The operation takes no content." : "The operation takes at most \(maximum) bytes.")
    case .notAcceptable(let available):
      self.init(
        code: "not_acceptable", status: .notAcceptable, title: "No acceptable media type is available.",
        detail: "Available are \(available.joined(separator: ", ")).")
    case .unknownParameter(let name, let known):
      self.init(
        code: "invalid_query", status: .badRequest, title: "The query is not valid.",
        detail: Self.sentence(
          "Unknown query parameter \(Self.quoted(name))", closestMatch(to: name, in: known)),
        members: [("parameter", .string(name))])
    case .invalidParameter(let name, let expected):
      self.init(
        code: "invalid_query", status: .badRequest, title: "The query is not valid.",
        detail: "The query parameter \(Self.quoted(name)) must be \(expected).",
        members: [("parameter", .string(name))])
    case .invalidField(let name, let expected):
      self.init(
        code: "invalid_field", status: .badRequest, title: "A header field is not valid.",
        detail: "\(name.rawName) must be \(expected).", members: [("parameter", .string(name.rawName))])
    case .invalidCursor(let cursor):
      self.init(
        code: "invalid_cursor", status: .badRequest, title: "The cursor is not valid.",
        detail: "\(Self.quoted(cursor)) is not the identifier of a job.", members: [("parameter", "after")])

    case .invalidJSON(let error):
      self.init(
        code: "invalid_json", status: .badRequest, title: "The content is not valid JSON.",
        detail: "At line \(error.line), column \(error.column): \(error.reason).",
        members: [
          ("byte_offset", .integer(error.byteOffset)), ("line", .integer(error.line)),
          ("column", .integer(error.column)),
        ])
    case .invalidMultipart(let error):
      self.init(
        code: "invalid_multipart", status: .badRequest,
        title: "The content is not valid multipart/form-data.",
        detail: Self.text(error))
    case .invalidSpecification(let faults):
      self.init(
        code: "invalid_specification", status: .unprocessableContent,
        title: "The document's values are not valid.",
        detail: Self.summary(faults), members: Self.members(faults))

    case .jobNotFound(let id):
      self.init(
        code: "job_not_found", status: .notFound, title: "There is no such job.",
        detail: "There is no job \(Self.quoted(id)).")
    case .activationNotFound(let name, let suggestion):
      self.init(
        code: "activation_not_found", status: .notFound, title: "There is no such activation function.",
        detail: Self.sentence("There is no activation function \(Self.quoted(name))", suggestion))
    case .jobEnded(let status):
      self.init(
        code: "job_ended", status: .conflict, title: "The job has ended.",
        detail: "The job is \(status.rawValue) and cannot be cancelled any more.")
    case .jobNotEnded(let status):
      self.init(
        code: "job_not_ended", status: .conflict, title: "The job has not ended.",
        detail: "The job is \(status.rawValue); cancel it first.")
    case .notTrained(let status):
      self.init(
        code: "not_trained", status: .conflict, title: "The job has trained nothing yet.",
        detail: "The job is \(status.rawValue) and has no trained parameters.",
        fields: status.isTerminal ? [:] : [.retryAfter: "1"])
    case .idempotencyKeyInFlight:
      self.init(
        code: "idempotency_key_in_flight", status: .conflict,
        title: "A request with this idempotency key is being handled.",
        detail: "The first request with this key has no answer yet; ask again.", fields: [.retryAfter: "1"])
    case .idempotencyKeyReused:
      self.init(
        code: "idempotency_key_reused", status: .unprocessableContent,
        title: "The idempotency key belongs to another request.",
        detail: "This key came with other content before; use a new key for a new request.")
    case .queueFull(let capacity):
      self.init(
        code: "queue_full", status: .serviceUnavailable, title: "The queue is full.",
        detail: "\(capacity) jobs are waiting already; submit again later.", fields: [.retryAfter: "5"])
    case .draining:
      self.init(
        code: "draining", status: .serviceUnavailable, title: "The service is shutting down.",
        detail: "No new jobs are taken; submit again when the service is back.", fields: [.retryAfter: "5"])
    case .tooManyWaiters(let maximum):
      self.init(
        code: "too_many_waiters", status: .serviceUnavailable, title: "Too many requests are waiting.",
        detail: "\(maximum) requests wait already; ask again without Prefer: wait.",
        fields: [.retryAfter: "5"])
    case .internalError:
      self.init(
        code: "internal_error", status: .internalServerError, title: "The service failed.",
        detail: "The cause is in the service's log under this request's identifier.")
    }
  }

  private static func text(_ error: MultipartError) -> String {
    switch error {
    case .notFormData: "The media type is not multipart/form-data."
    case .invalidBoundary: "Content-Type has no boundary of 1 to 70 characters."
    case .missingFirstBoundary: "The content has no line with the boundary."
    case .missingFinalBoundary: "The content ends before the final boundary."
    case .malformedBoundaryLine: "A boundary is followed by something other than a line end."
    case .malformedPartHeader: "The header of a part is malformed."
    case .partHeaderTooLarge: "The header of a part is too large."
    case .missingName: "A part has no Content-Disposition: form-data with a name."
    case .invalidContentType: "The Content-Type of a part is malformed."
    case .duplicateName(let name): "Two parts are named \(Self.quoted(name))."
    case .tooManyParts(let maximum): "There are more than \(maximum) parts."
    }
  }

  /// The first fault, and how many more there are.
  private static func summary(_ faults: [Fault]) -> String {
    guard let first = faults.first else { return "The document is not valid." }
    let text = "\(first.pointer.fragment): \(first.detail)"
    switch faults.count {
    case 1: return "\(text)."
    case 2: return "\(text); and 1 more fault."
    default: return "\(text); and \(faults.count - 1) more faults."
    }
  }

  private static func members(_ faults: [Fault]) -> [(String, JSONValue)] {
    let errors = faults.prefix(maximumFaults).map { fault -> JSONValue in
      ["pointer": .string(fault.pointer.fragment), "detail": .string(fault.detail)]
    }
    let truncated: [(String, JSONValue)] = faults.count > maximumFaults ? [("errors_truncated", true)] : []
    return [("errors", .array(JSONArray(errors)))] + truncated
  }

  private static func list(_ methods: [HTTPRequest.Method]) -> String {
    methods.map(\.rawValue).joined(separator: ", ")
  }

  /// The text with the name that was probably meant, or with a full stop.
  private static func sentence(_ text: String, _ match: String?) -> String {
    text + (match == nil ? "." : didYouMean(match))
  }

  /// The text as every sentence quotes it.
  static func quoted(_ text: String) -> String { Text.quoted(text) }
}
