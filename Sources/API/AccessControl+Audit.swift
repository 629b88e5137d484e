// Which requests leave a line in the audit log, and what stands in it: never a key, and nothing of a body.

import HTTP
import HTTPTypes
import Telemetry

extension AccessControl {
  /// Notes a request that was to change something, or that had no key for what it asked.
  ///
  /// Of what an address sends without a good key, so much is noted in a minute as keys of it are looked at: whoever floods
  /// the service does not fill the disk.
  func note(_ response: Response, to request: Request, of operation: Operation?, _ judgement: Judgement) {
    guard let operation, judgement.failure != nil || operation.isChange else { return }
    if judgement.failure != nil, !mayNoteFailure(of: request.client ?? "") { return }
    var event = AuditEvent(
      operation.id, outcome: "\(response.status.code)", target: operation.target(of: request, response),
      reason: judgement.failure?.rawValue ?? response.problem)
    event.principal = judgement.principal?.id
    event.name = judgement.principal?.name
    event.peer = request.client
    event.requestID = request.id
    event.traceID = request.traceID
    audit.record(event)
  }
}

extension Operation {
  /// Whether it changes what is kept: neither does one that only reads, nor one that only computes.
  fileprivate var isChange: Bool {
    switch scope {
    case .submit, .cancel, .delete, .admin: true
    case .read, .predict, .metrics, nil: false
    }
  }

  /// What the request names in its path, or what it has made.
  fileprivate func target(of request: Request, _ response: Response) -> String? {
    let segments = template.split(separator: "/")
    if let place = segments.firstIndex(where: { $0.hasPrefix("{") }) {
      return place < request.target.segments.count ? request.target.segments[place] : nil
    }
    return response.fields.value(of: .location)?.split(separator: "/").last.map(String.init)
  }
}
