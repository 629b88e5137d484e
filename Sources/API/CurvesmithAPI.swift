// The application behind the server: from a request to the operation that answers it.

import Compression
public import HTTP
import HTTPTypes
import JSON
public import Jobs
public import Telemetry
import Training

/// Answers every request of the API.
///
/// What can be decided from the head is decided in `admit`, in the order of cheapness and danger: host,
/// path and method, origin, key, query, media type, length. Everything else is one `Operation`'s business.
public struct CurvesmithAPI: Responder {
  private let jobs: JobService
  private let configuration: APIConfiguration
  private let log: Logger
  private let hosts: HostPolicy
  private let origins: CrossSitePolicy
  private let cors: CORSPolicy
  private let access: AccessControl
  private let router: Router<Operation>
  private let waiters: Waiters
  private let documents: RenderedDocuments
  private let streams: StreamSlots
  private let pace: EpochPace
  private let metrics: APIMetrics

  /// The operations over a job service, which the caller starts and drains.
  ///
  /// - Parameters:
  ///   - access: who may do what.
  ///   - metrics: what `GET /metrics` shows, with what the API adds to it.
  public init(
    jobs: JobService, configuration: APIConfiguration, access: AccessControl = .open, log: Logger,
    metrics: MetricsRegistry = MetricsRegistry()
  ) {
    self.jobs = jobs
    self.configuration = configuration
    self.access = access
    self.log = log
    hosts = HostPolicy(hosts: configuration.allowedHosts)
    origins = CrossSitePolicy(origins: configuration.allowedOrigins)
    cors = CORSPolicy(origins: configuration.allowedOrigins)
    router = Router(Operation.all.map { Router.Route($0.method, $0.template, $0) })
    waiters = Waiters(maximum: configuration.maximumWaiters)
    documents = RenderedDocuments(capacity: configuration.documentCacheBytes)
    streams = StreamSlots(maximum: configuration.maximumStreams)
    pace = EpochPace(perSecond: configuration.epochTurnsPerSecond, open: { [streams] in streams.open })
    self.metrics = APIMetrics(metrics, configuration: configuration, waiters: waiters, streams: streams)
  }

  /// Every operation, as the metrics name it.
  public var routes: [RouteDescription] {
    Operation.all.map {
      RouteDescription(
        operation: $0.id, method: $0.method.rawValue, route: $0.template, successes: $0.successes)
    }
  }

  /// Routes the request, once: the handler knows where to.
  public func admit(_ head: Request) -> Admission {
    var judgement = Judgement()
    do {
      let route = try route(head, &judgement)
      let spool = route.maximumBody > configuration.spool.memory ? Spool(configuration.spool) : nil
      return .accept(
        maximumBody: route.maximumBody, sink: spool,
        handler: RequestHandler(
          atOnce: { [judgement] request in
            answerAtOnce(request, spool, by: route, judgement).map {
              finish($0, for: request, of: route.operation, judgement)
            }
          },
          later: { [judgement] request in
            finish(
              await answer(request, spool, by: route, judgement), for: request, of: route.operation, judgement
            )
          },
          failed: spool == nil ? nil : failure(by: route, judgement)))
    } catch {
      return .refuse(
        finish(
          Problem(metrics.counted(error)).response(requestID: head.id), for: head, of: operation(of: head),
          judgement))
    }
  }

  /// A problem document for a request that is not well-formed HTTP.
  public func respond(toInvalid error: ProtocolError, requestID: String) -> Response {
    var response = Problem(.malformed(error)).response(requestID: requestID)
    addCommonFields(to: &response, requestID: requestID)
    cors.addFields(to: &response, for: nil)
    return response
  }
}

// MARK: - From a head to an operation

extension CurvesmithAPI {
  /// Where a request goes: to an operation, or to the list of a path's methods.
  private enum Route: Sendable {
    case operation(Operation, parameters: [String: String], maximumBody: Int, coding: ResponseCoding)
    case options(allowed: [HTTPRequest.Method])

    var maximumBody: Int {
      if case .operation(_, _, let maximum, _) = self { maximum } else { 0 }
    }

    var operation: Operation? {
      if case .operation(let operation, _, _, _) = self { operation } else { nil }
    }
  }

  /// The operation that a refused request was for; nil if there is none.
  private func operation(of head: Request) -> Operation? {
    if case .handler(let operation, _, _) = router.match(method: head.method, target: head.target) {
      operation
    } else {
      nil
    }
  }

  /// Everything that the head alone can be refused for.
  ///
  /// - Parameter judgement: what the request's key has come to, also where something else is wrong.
  private func route(_ head: Request, _ judgement: inout Judgement) throws(APIError) -> Route {
    guard hosts.allows(head.authority) else { throw .misdirected(host: head.authority?.description ?? "") }
    switch router.match(method: head.method, target: head.target) {
    case .notFound:
      throw .unknownPath
    case .notImplemented:
      throw .methodNotImplemented(head.method)
    case .methodNotAllowed(let allowed, _):
      throw .methodNotAllowed(head.method, allowed: allowed)
    case .options(let allowed, _):
      return .options(allowed: allowed)
    case .handler(let operation, let parameters, _):
      guard origins.allows(head) else { throw .crossSite }
      judgement = access.judge(head, for: operation.scope)
      if let refusal = judgement.refusal { throw APIError(refusal) }
      let maximum =
        if operation.takesEmptyObject {
          Operation.emptyObjectBytes
        } else {
          operation.accepts.isEmpty ? 0 : configuration.maximumBody(of: head.mediaType)
        }
      try checkQuery(of: head.target, for: operation)
      // What probes the service is answered whatever it accepts.
      let coding = operation.ignoresUnknownQuery ? .none : try ResponseCoding(for: head)
      try checkContent(of: head, for: operation, maximum: maximum)
      return .operation(operation, parameters: parameters, maximumBody: maximum, coding: coding)
    }
  }

  private func checkQuery(of target: Target, for operation: Operation) throws(APIError) {
    if operation.ignoresUnknownQuery { return }
    var names: Set<String> = []
    for item in target.query {
      guard operation.query.contains(item.name) else {
        throw .unknownParameter(item.name, known: operation.query)
      }
      // Two values for one name are ambiguous; which of them holds would depend on who reads.
      guard names.insert(item.name).inserted else { throw .repeatedParameter(item.name) }
    }
  }

  private func checkContent(of head: Request, for operation: Operation, maximum: Int) throws(APIError) {
    let accepted = operation.accepts
    if !accepted.isEmpty {
      if case .unknown(let coding) = ReceivedCoding(head.fields) { throw .unsupportedCoding(coding) }
      guard operation.takesEmptyObject || head.mediaType.map(accepted.contains) == true else {
        throw .unsupportedMediaType(head.fields.value(of: .contentType), accepted: accepted)
      }
    }
    if let length = head.fields.value(of: .contentLength).flatMap(Int.init), length > maximum {
      throw .contentTooLarge(maximum: maximum)
    }
  }
}

// MARK: - From an operation to a response

extension CurvesmithAPI {
  /// The answer of an operation that need not wait; nil for any other.
  private func answerAtOnce(
    _ request: Request, _ spool: Spool?, by route: Route, _ judgement: Judgement
  ) -> Response? {
    switch route {
    case .options(let allowed):
      return options(allowed, for: request)
    case .operation(let operation, let parameters, let maximum, let coding):
      // Whatever has to be read, inflated or compressed is not for the event loop.
      let call = call(request, spool, of: operation, parameters, maximum, judgement, coding)
      guard call.content.inHand != nil, call.knowsToSee(operation) else { return nil }
      do {
        guard let response = try operation.atOnce(call)?.tagged(for: call.request) else { return nil }
        return call.codedAtOnce(response, for: request)
      } catch {
        return call.codedAtOnce(problem(error, of: request), for: request)
      }
    }
  }

  private func call(
    _ request: Request, _ spool: Spool?, of operation: Operation, _ parameters: [String: String],
    _ maximum: Int, _ judgement: Judgement, _ coding: ResponseCoding
  ) -> Call {
    var bare = request
    bare.head.headerFields = request.fields.withUncodedPreconditions(for: coding.preferred)
    bare.body = []
    var gzip = GzipLimits()
    gzip.maximumBytes = maximum
    gzip.maximumRatio = configuration.maximumGzipRatio
    return Call(
      request: bare,
      content: RequestContent(
        of: request, spool, gzip: gzip, emptyIsNothing: operation.takesEmptyObject, metrics: metrics),
      coding: coding, parameters: parameters, principal: judgement.principal,
      access: access, jobs: jobs,
      configuration: configuration, waiters: waiters, documents: documents, streams: streams,
      pace: pace, metrics: metrics)
  }

  private func answer(
    _ request: Request, _ spool: Spool?, by route: Route, _ judgement: Judgement
  ) async -> Response {
    switch route {
    case .options(let allowed):
      return options(allowed, for: request)
    case .operation(let operation, let parameters, let maximum, let coding):
      let call = call(request, spool, of: operation, parameters, maximum, judgement, coding)
      defer { call.content.discard() }
      do {
        try await call.checkOwner(operation)
        return await call.coded(try await operation.answer(call).tagged(for: call.request), for: request)
      } catch {
        return await call.coded(problem(error, of: request), for: request)
      }
    }
  }

  /// The answer where the content cannot be kept until it is whole.
  private func failure(
    by route: Route, _ judgement: Judgement
  ) -> @Sendable (Request, any Error) -> Response {
    { finish(problem($1, of: $0), for: $0, of: route.operation, judgement) }
  }

  private func problem(_ error: any Error, of request: Request) -> Response {
    Problem(metrics.counted(fact(error, of: request))).response(requestID: request.id)
  }

  /// The fact behind any error. What no operation foresaw is logged, and told to nobody else.
  private func fact(_ error: any Error, of request: Request) -> APIError {
    switch error {
    case let error as APIError: return error
    case let error as JSONSyntaxError: return .invalidJSON(error)
    case let error as SpecificationError: return .invalidSpecification(error.faults)
    case let error as SubmissionError: return APIError(error)
    case let error as StorageError:
      log.error("the store fails", metadata: ["request_id": "\(request.id)", "error": "\(error)"])
      return APIError(error)
    case is CancellationError:
      // The client has hung up: nobody reads the answer.
      return .internalError
    default:
      log.error("unexpected error", metadata: ["request_id": "\(request.id)", "error": "\(error)"])
      return .internalError
    }
  }

  private func options(_ allowed: [HTTPRequest.Method], for request: Request) -> Response {
    let target = request.target
    // Before any key: a browser sends none here.
    var fields = cors.preflightFields(for: request, methods: allowed) ?? [:]
    fields[.allow] = allowed.map(\.rawValue).joined(separator: ", ")
    if !target.isAsterisk, case .handler(let operation, _, _) = router.match(method: .post, target: target),
      !operation.accepts.isEmpty
    {
      fields[.acceptPost] = operation.accepts.joined(separator: ", ")
    }
    return Response(status: .noContent, fields: fields)
  }

  /// Adds what every response has.
  private func finish(
    _ response: Response, for request: Request, of operation: Operation?, _ judgement: Judgement
  ) -> Response {
    var response = access.held(response, by: judgement, for: operation?.scope)
    response.caller = judgement.principal.map { Caller(id: $0.id, name: $0.name) }
    response.note = ExchangeNote(
      operation: operation?.id ?? ExchangeNote.unmatched,
      route: operation?.template ?? ExchangeNote.unmatched,
      traceID: request.traceID)
    access.note(response, to: request, of: operation, judgement)
    for field in judgement.standing?.fields ?? [:] where !response.fields.contains(field.name) {
      response.fields.append(field)
    }
    addCommonFields(to: &response, requestID: request.id)
    cors.addFields(to: &response, for: request)
    if request.target.segments.first == "v1" || request.target.segments.isEmpty {
      let own = response.fields.value(of: .link).map { "\($0), " } ?? ""
      response.fields[.link] = own + "</openapi.json>; rel=\"service-desc\""
    }
    // An address has no name that could be remembered, and loopback belongs to every service of the machine.
    if configuration.strictTransport, request.head.scheme == "https", let host = request.authority,
      !host.isLoopback, !host.isAddress
    {
      response.fields[.strictTransportSecurity] = "max-age=63072000"
    }
    return response
  }

  private func addCommonFields(to response: inout Response, requestID: String) {
    response.fields[.requestID] = requestID
    response.fields[.xContentTypeOptions] = "nosniff"
    // No other site's page may embed it, not even without reading it.
    response.fields[.crossOriginResourcePolicy] = "same-origin"
  }
}
