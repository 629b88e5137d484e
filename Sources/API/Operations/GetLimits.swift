// GET /v1/limits: every limit that is enforced, from the table of them.

import HTTP
import HTTPTypes

extension Operation {
  static let getLimits = Operation("getLimits", .get, "/v1/limits") { call in
    .json(DescribedLimit.document(call.configuration))
  }
}
