// GET /readyz: whether the service takes jobs. A full queue is not unready: only submissions feel it.

import HTTP
import HTTPTypes
import Jobs

extension Operation {
  static let ready = Operation.quick(
    "ready", "/readyz", scope: nil, query: ["verbose"], ignoresUnknownQuery: true
  ) { call in
    let isVerbose = call.query.string("verbose").map { $0 != "false" } ?? false
    let isReady = call.jobs.isReady
    let mark = isReady ? "[+]jobs ok\n" : "[-]jobs starting or draining\n"
    return .text(
      (isVerbose ? mark : "") + (isReady ? "ok\n" : "not ready\n"),
      status: isReady ? .ok : .serviceUnavailable, fields: isReady ? [:] : [.retryAfter: "1"],
      caching: .never)
  }
}
