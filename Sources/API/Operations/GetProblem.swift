// GET /problems/{code}: what the type of a problem document means, for whoever follows it.

import HTTP
import HTTPTypes
import Jobs
import Text

extension Operation {
  static let getProblem = Operation.quick("getProblem", "/problems/{code}", scope: nil) { call in
    let code = call.parameters["code"] ?? ""
    guard let type = ProblemType.described.first(where: { $0.code == code }) else {
      let suggestion = closestMatch(to: code, in: ProblemType.described.map(\.code))
      throw APIError.problemNotFound(code, suggestion: suggestion)
    }
    return .text("\(type.status.code) \(type.code): \(type.title)\n\n\(type.meaning)\n")
  }
}

extension ProblemType {
  /// Every problem that a client can be told of, violations of HTTP/1.1 among them.
  package static let described: [ProblemType] =
    all
    + ProtocolError.examples.map { error in
      ProblemType(
        error.code, error.status, ProblemType.malformed(code: error.code, status: error.status).title,
        error.detail)
    }
}
