// GET /v1/limits: every limit that is enforced.

import Data
import HTTP
import HTTPTypes
import JSON
import Jobs
import Training

extension Operation {
  static let getLimits = Operation("getLimits", .get, "/v1/limits") { call in
    let configuration = call.configuration
    let requests = configuration.requests
    let timeouts = configuration.timeouts
    let training = configuration.jobs.limits
    let json = JSONParser.Limits()
    return .json([
      "requests": [
        "request_line_bytes": .integer(requests.requestLine),
        "header_line_bytes": .integer(requests.headerLine),
        "header_section_bytes": .integer(requests.headerSection),
        "header_count": .integer(requests.headerCount),
        "trailers_bytes": .integer(requests.trailers),
        "chunk_extensions_bytes": .integer(requests.chunkExtensions),
        "body_bytes": .integer(requests.body),
        "json_depth": .integer(json.maximumDepth),
      ],
      "connections": [
        "connections": .integer(configuration.connections),
        "connections_per_address": .integer(configuration.connectionsPerAddress),
        "requests_per_connection": .integer(requests.keepAliveRequests),
        "head_seconds": .number(timeouts.head),
        "body_stall_seconds": .number(timeouts.bodyStall),
        "minimum_body_bytes_per_second": .number(timeouts.minimumBodyRate),
        "write_stall_seconds": .number(timeouts.writeStall),
        "idle_seconds": .number(timeouts.idle),
      ],
      "waiting": [
        "wait_seconds": .integer(configuration.maximumWaitSeconds),
        "waiters": .integer(configuration.maximumWaiters),
      ],
      "jobs": [
        "queue_capacity": .integer(configuration.jobs.queueCapacity),
        "workers": .integer(configuration.jobs.workers),
        "idempotency_seconds": .integer(configuration.jobs.idempotencySeconds),
      ],
      "training": [
        "rows": .integer(training.data.maximumRows),
        "columns": .integer(training.data.maximumColumns),
        "values": .integer(training.data.maximumValues),
        "categories": .integer(training.data.maximumCategories),
        "layers": .integer(training.maximumLayers),
        "units": .integer(training.maximumUnits),
        "parameters": .integer(training.maximumParameters),
        "epochs": .integer(training.maximumEpochs),
        "iterations": .integer(training.maximumIterations),
        "seconds": .number(training.maximumSeconds),
        "curve_points": .integer(training.maximumCurvePoints),
      ],
    ])
  }
}
