// The one place where errors become text: problem details (RFC 9457). Codes, statuses and titles are ProblemType's.

import HTTP
import HTTPTypes
import JSON
import Jobs
import Text

/// One problem as it is told to a client.
struct Problem: Sendable {
  /// What it has in common with all problems of its code.
  var type: ProblemType
  /// What was wrong this time.
  var detail: String
  /// Further members of the document.
  var members: [(String, JSONValue)]
  /// Header fields that the status asks for.
  var fields: HTTPFields

  /// How many faults of a document are listed; the rest is only said to exist.
  static let maximumFaults = 100

  init(
    _ type: ProblemType, _ detail: String, members: [(String, JSONValue)] = [], fields: HTTPFields = [:]
  ) {
    self.type = type
    self.detail = detail
    self.members = members
    self.fields = fields
  }

  /// The response, of media type `application/problem+json`.
  func response(requestID: String) -> Response {
    let document: [(String, JSONValue)] = [
      ("type", .string("/problems/\(type.code)")),
      ("title", .string(type.title)),
      ("status", .integer(type.status.code)),
      ("detail", .string(detail)),
      ("code", .string(type.code)),
      ("request_id", .string(requestID)),
    ]
    var fields = fields
    fields[.contentType] = MediaTypes.problem
    fields[.cacheControl] = "no-store"
    let body = JSONValue.object(JSONObject(document + members)).serialized(pretty: true)
    var response = Response(status: type.status, fields: fields, body: .bytes(body))
    response.problem = type.code
    return response
  }
}

extension Problem {
  /// The words for a fact.
  init(_ error: APIError) {
    self =
      switch error {
      case .malformed(let error):
        Problem(.malformed(code: error.code, status: error.status), error.detail)
      case .misdirected(let host):
        Problem(
          .misdirected,
          "Host \(quoted(host)) is not one of the service's names; --allowed-host makes it one.")
      case .crossSite:
        Problem(
          .crossSite,
          "Origin or Sec-Fetch-Site names another site. Send the request from a program, or from a page that "
            + "has the service's own host and port or an origin given by --allowed-origin.")
      case .unknownPath:
        Problem(.notFound, "No operation has this path; /openapi.json lists them all.")
      case .methodNotAllowed(let method, let allowed):
        Problem(
          .methodNotAllowed, "\(method.rawValue) is not one of \(Self.list(allowed)).",
          fields: [.allow: Self.list(allowed)])
      case .methodNotImplemented(let method):
        Problem(.methodNotImplemented, "\(method.rawValue) is not implemented for any path.")

      case .unauthenticated(let isPresented):
        Problem(
          .unauthenticated,
          isPresented
            ? "The key is not known, not right, expired or revoked."
            : "The operation needs a key, sent as Authorization: Bearer and the key.",
          fields: [.wwwAuthenticate: Self.challenge + (isPresented ? ", error=\"invalid_token\"" : "")])
      case .insufficientScope(let scope):
        Problem(
          .insufficientScope, "The operation needs a key with the scope \(quoted(scope.rawValue)).",
          fields: [
            .wwwAuthenticate: "\(Self.challenge), error=\"insufficient_scope\", scope=\"\(scope.rawValue)\""
          ])
      case .quotaExceeded(let policy, let standing, let seconds):
        Self.quotaExceeded(policy, standing, seconds)

      case .unsupportedMediaType(let type, let accepted):
        Self.unsupportedMediaType(type, accepted: accepted.joined(separator: ", "))
      case .unsupportedCoding(let coding):
        Problem(
          .unsupportedContentCoding,
          "Content-Encoding \(quoted(coding)) is not taken; send the content in gzip or as it is.",
          fields: [.acceptEncoding: "gzip"])
      case .contentTooLarge(let maximum):
        Problem(
          .contentTooLarge,
          maximum == 0 ? "The operation takes no content." : "The operation takes at most \(maximum) bytes.")
      case .noCodingAcceptable:
        Problem(
          .notAcceptable,
          "Accept-Encoding refuses content without coding and in gzip; there is no other form of it.")
      case .notAcceptable(let available):
        Problem(.notAcceptable, "Available are \(available.joined(separator: ", ")).")
      case .unknownParameter(let name, let known):
        Problem(
          .invalidQuery,
          Self.sentence("Unknown query parameter \(quoted(name))", closestMatch(to: name, in: known)),
          members: [("parameter", .string(name))])
      case .repeatedParameter(let name):
        Problem(
          .invalidQuery,
          "The query parameter \(quoted(name)) is given more than once; give it once, with commas between "
            + "several values.", members: [("parameter", .string(name))])
      case .invalidParameter(let name, let expected):
        Problem(
          .invalidQuery, "The query parameter \(quoted(name)) must be \(expected).",
          members: [("parameter", .string(name))])
      case .invalidField(let name, let expected):
        Problem(
          .invalidField, "\(name.rawName) must be \(expected).",
          members: [("parameter", .string(name.rawName))])
      case .invalidCursor(let cursor):
        Problem(
          .invalidCursor, "\(quoted(cursor)) is not the identifier of a job.",
          members: [("parameter", "after")])

      case .truncatedGzip:
        Problem(.truncatedGzip, "The content in gzip ends too early.")
      case .invalidGzip(let reason):
        Problem(.invalidGzip, "Content-Encoding says gzip. \(reason)")
      case .decompressionRatio(let maximum):
        Problem(
          .decompressionRatio,
          "A byte of the content in gzip became more than \(maximum) bytes; send it as it is, or start the "
            + "service with a greater --max-gzip-ratio.")
      case .invalidJSON(let error): Self.invalidJSON(error)
      case .invalidMultipart(let error): Problem(.invalidMultipart, Self.text(error))
      case .invalidSpecification(let faults):
        Problem(.invalidSpecification, Self.summary(faults), members: Self.members(faults))

      case .jobNotFound(let id):
        Problem(.jobNotFound, "There is no job \(quoted(id)).")
      case .problemNotFound(let code, let suggestion):
        Problem(.notFound, Self.sentence("There is no problem \(quoted(code))", suggestion))
      case .activationNotFound(let name, let suggestion):
        Problem(
          .activationNotFound,
          Self.sentence("There is no activation function \(quoted(name))", suggestion))
      case .jobEnded(let status):
        Problem(.jobEnded, "The job is \(status.rawValue) and cannot be cancelled any more.")
      case .jobNotEnded(let status):
        Problem(.jobNotEnded, "The job is \(status.rawValue); cancel it first.")
      case .notTrained(let status):
        Problem(
          .notTrained, "The job is \(status.rawValue) and has no trained parameters.",
          fields: status.isTerminal ? [:] : [.retryAfter: "1"])
      case .idempotencyKeyInFlight:
        Problem(
          .idempotencyKeyInFlight, "The first request with this key has no answer yet; ask again.",
          fields: [.retryAfter: "1"])
      case .idempotencyKeyReused:
        Problem(
          .idempotencyKeyReused, "This key came with other content before; use a new key for a new request.")
      case .idempotencyKeySpent:
        Problem(
          .gone,
          "The job that this idempotency key had created has been deleted; use a new key for a new request.")
      case .insufficientStorage:
        Problem(
          .insufficientStorage,
          "Nothing was stored, and what was stored before stands; make room and send the request again.")
      case .storageUnavailable:
        Problem(
          .storageUnavailable, "The cause is in the service's log under this request's identifier.",
          fields: [.retryAfter: "5"])
      case .queueFull(let capacity):
        Problem(
          .queueFull, "\(capacity) jobs are waiting already; submit again later.", fields: [.retryAfter: "5"])
      case .draining:
        Problem(
          .draining, "No new jobs are taken; submit again when the service is back.",
          fields: [.retryAfter: "5"])
      case .tooManyStreams(let maximum):
        Problem(
          .tooManyStreams, "\(maximum) streams of events are open already.", fields: [.retryAfter: "5"])
      case .tooManyWaiters(let maximum):
        Problem(
          .tooManyWaiters, "\(maximum) requests wait already; ask again without Prefer: wait.",
          fields: [.retryAfter: "5"])
      case .internalError:
        Problem(
          .internalError, "The cause is in the service's log under this request's identifier.")
      }
  }

  /// What `WWW-Authenticate` says of every operation that needs a key (RFC 6750 §3).
  private static let challenge = "Bearer realm=\"curvesmith\""

  private static func quotaExceeded(
    _ policy: String, _ standing: QuotaStanding?, _ seconds: Int
  ) -> Problem {
    let subject =
      switch policy {
      case "requests": "The key may send \(standing?.quota ?? 0) requests in a minute"
      case "event_streams": "The key may have \(standing?.quota ?? 0) streams open"
      case "queued_jobs": "The key may have \(standing?.quota ?? 0) jobs that wait"
      default: "Too many keys that open nothing have come from this address"
      }
    var fields = standing?.fields ?? [:]
    fields[.retryAfter] = "\(seconds)"
    return Problem(
      .quotaExceeded, "\(subject); ask again in \(seconds) s.",
      members: [("violated_policies", [.string(policy)])], fields: fields)
  }

  private static func unsupportedMediaType(_ type: String?, accepted: String) -> Problem {
    let subject = type.map { "\(quoted($0)) is not" } ?? "The request has no Content-Type, which must be"
    return Problem(
      .unsupportedMediaType, "\(subject) one of \(accepted).",
      fields: [.accept: accepted, .acceptPost: accepted])
  }

  private static func invalidJSON(_ error: JSONSyntaxError) -> Problem {
    Problem(
      .invalidJSON, "At line \(error.line), column \(error.column): \(error.reason).",
      members: [
        ("byte_offset", .integer(error.byteOffset)), ("line", .integer(error.line)),
        ("column", .integer(error.column)),
      ])
  }

  /// The text with the name that was probably meant, or with a full stop.
  private static func sentence(_ text: String, _ match: String?) -> String {
    text + (match == nil ? "." : didYouMean(match))
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
    case .duplicateName(let name): "Two parts are named \(quoted(name))."
    case .tooManyParts(let maximum): "There are more than \(maximum) parts."
    }
  }

  /// The first fault, and how many more there are.
  private static func summary(_ faults: [Fault]) -> String {
    guard let first = faults.first else { return "The document is not valid." }
    let text = "\(first)"
    switch faults.count {
    case 1: return text.hasSuffix("?") ? text : "\(text)."
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
}
