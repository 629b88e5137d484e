// GET /v1/version: the identity of the running build.

import HTTP
import HTTPTypes
import JSON
import Jobs

extension Operation {
  static let getVersion = Operation.quick("getVersion", "/v1/version") { call in
    .json([
      "name": "curvesmith",
      "version": .string(call.configuration.jobs.version),
      "api": "v1",
      "instruction_set": .string(call.configuration.jobs.instructionSet),
    ])
  }
}
