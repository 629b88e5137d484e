// GET /livez: the process answers. It looks at nothing else, so that a slow disk does not get it killed.

import HTTP
import HTTPTypes

extension Operation {
  static let live = Operation.quick("live", "/livez", scope: nil, ignoresUnknownQuery: true) { _ in
    Response.text("ok\n", caching: .never).holding { true }
  }
}
