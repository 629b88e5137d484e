// The trace that a request belongs to.

import Digest
import HTTP

extension Request {
  /// 32 hexadecimal digits: of the trace that its traceparent names, or of one of its own, which bears the name of the request.
  var traceID: String {
    if let parent = TraceParent(fields) { return parent.traceID }
    // A name that the server has given can stand for a trace; one that the client has given may be any text.
    return TraceParent.isTraceID(id) ? id : String(SHA256.hexDigest(of: Array(id.utf8)).prefix(32))
  }
}
