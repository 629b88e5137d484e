// Everything that the API refuses, as facts; Problem.swift gives them their words.

import HTTP
import HTTPTypes
import JSON
import Jobs
import Training

/// Why a request is not answered as the client wished.
enum APIError: Error, Sendable {
  // Before an operation is found
  case malformed(ProtocolError)
  case misdirected(host: String)
  case crossSite
  case unknownPath
  case methodNotAllowed(HTTPRequest.Method, allowed: [HTTPRequest.Method])
  case methodNotImplemented(HTTPRequest.Method)

  // From the key
  case unauthenticated(isPresented: Bool)
  case insufficientScope(Scope)
  /// More than a key or an address may ask for; `policy` is the quota's name.
  case quotaExceeded(policy: String, standing: QuotaStanding?, retrySeconds: Int)

  // From the head
  case unsupportedMediaType(String?, accepted: [String])
  case unsupportedCoding(String)
  case contentTooLarge(maximum: Int)
  case noCodingAcceptable
  case notAcceptable(available: [String])
  case unknownParameter(String, known: [String])
  case repeatedParameter(String)
  case invalidParameter(String, expected: String)
  case invalidField(HTTPField.Name, expected: String)
  case invalidCursor(String)

  // From the content
  case truncatedGzip
  case invalidGzip(String)
  case decompressionRatio(maximum: Int)
  case invalidJSON(JSONSyntaxError)
  case invalidMultipart(MultipartError)
  case invalidSpecification([Fault])

  // From the state of the service
  case jobNotFound(String)
  case problemNotFound(String, suggestion: String?)
  case activationNotFound(String, suggestion: String?)
  case jobEnded(JobStatus)
  case jobNotEnded(JobStatus)
  case notTrained(JobStatus)
  case idempotencyKeyInFlight
  case idempotencyKeyReused
  case idempotencyKeySpent
  case queueFull(capacity: Int)
  case draining
  case tooManyWaiters(maximum: Int)
  case tooManyStreams(maximum: Int)
  case insufficientStorage
  case storageUnavailable
  case internalError
}

extension APIError {
  init(_ error: StorageError) {
    self =
      switch error {
      case .full: .insufficientStorage
      case .unavailable: .storageUnavailable
      }
  }

  init(_ refusal: AccessRefusal) {
    self =
      switch refusal {
      case .unauthenticated(let isPresented): .unauthenticated(isPresented: isPresented)
      case .insufficientScope(let scope): .insufficientScope(scope)
      case .tooManyRequests(let standing):
        .quotaExceeded(
          policy: standing.policy, standing: standing, retrySeconds: standing.resetSeconds ?? 1)
      case .tooManyFailures(let seconds):
        .quotaExceeded(policy: "failures", standing: nil, retrySeconds: seconds)
      }
  }

  init(_ error: SubmissionError) {
    self =
      switch error {
      case .invalid(let error): .invalidSpecification(error.faults)
      case .queueFull(let capacity): .queueFull(capacity: capacity)
      case .ownQueueFull(let capacity):
        .quotaExceeded(
          policy: "queued_jobs",
          standing: QuotaStanding(policy: "queued_jobs", quota: capacity, remaining: 0),
          retrySeconds: 5)
      case .draining: .draining
      case .keyReused: .idempotencyKeyReused
      case .keySpent: .idempotencyKeySpent
      case .keyInFlight: .idempotencyKeyInFlight
      }
  }
}
