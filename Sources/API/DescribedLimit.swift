// The table of limits: where each stands in `GET /v1/limits`, what it means, and what it is; one row to add one.

import Data
import HTTP
import JSON
import Jobs
import Training

/// One limit that is enforced.
package struct DescribedLimit: Sendable {
  /// The member of the document that it stands in.
  package let group: String
  /// Its name there; the unit is its ending.
  package let name: String
  /// One sentence for the documentation.
  package let meaning: String
  /// Whether it is a whole number.
  package let isWhole: Bool
  let value: @Sendable (APIConfiguration) -> JSONValue

  private init(
    _ group: String, _ name: String, _ meaning: String, isWhole: Bool = true,
    _ value: @escaping @Sendable (APIConfiguration) -> JSONValue
  ) {
    self.group = group
    self.name = name
    self.meaning = meaning
    self.isWhole = isWhole
    self.value = value
  }

  private static func count(
    _ group: String, _ name: String, _ place: any KeyPath<APIConfiguration, Int> & Sendable, _ meaning: String
  ) -> DescribedLimit {
    DescribedLimit(group, name, meaning) { .integer($0[keyPath: place]) }
  }

  private static func measure(
    _ group: String, _ name: String, _ place: any KeyPath<APIConfiguration, Double> & Sendable,
    _ meaning: String
  ) -> DescribedLimit {
    DescribedLimit(group, name, meaning, isWhole: false) { .number($0[keyPath: place]) }
  }

  /// The document of all limits, by group, in the table's order.
  static func document(_ configuration: APIConfiguration) -> JSONValue {
    var groups: JSONObject = [:]
    for limit in all {
      var members = groups[limit.group]?.objectValue ?? [:]
      members[limit.name] = limit.value(configuration)
      groups[limit.group] = .object(members)
    }
    return .object(groups)
  }

  /// Every limit.
  package static let all: [DescribedLimit] =
    requests + connections + [
      count(
        "waiting", "wait_seconds", \.maximumWaitSeconds,
        "The longest `Prefer: wait`; a longer one is shortened to it."),
      count("waiting", "waiters", \.maximumWaiters, "Requests that wait at a time."),
      count("waiting", "streams", \.maximumStreams, "Streams of events that are open at a time."),
      count(
        "waiting", "streams_per_key", \.streamsPerKey,
        "Those of one key, where the key has no bound of its own."
      ),
      count(
        "waiting", "epoch_turns_per_second", \.epochTurnsPerSecond,
        "How often in a second streams are told of new epochs, all of them together."),
      count("jobs", "queue_capacity", \.jobs.queueCapacity, "Jobs that wait."),
      count("jobs", "workers", \.jobs.workers, "Jobs that train at a time."),
      count(
        "jobs", "queued_jobs_per_key", \.queuedJobsPerKey,
        "Jobs of one key that wait, where the key has no bound of its own."),
      count(
        "jobs", "idempotency_seconds", \.jobs.idempotencySeconds, "How long an Idempotency-Key is remembered."
      ),
      DescribedLimit(
        "keys", "failures_per_minute", "Of keys that open nothing, from one address; then 429 for a while."
      ) { _ in .integer(FailureCount.maximum) },
    ] + training

  private static let requests: [DescribedLimit] = [
    count("requests", "request_line_bytes", \.requests.requestLine, "Of the request line."),
    count("requests", "header_line_bytes", \.requests.headerLine, "Of one header field's line."),
    count("requests", "header_section_bytes", \.requests.headerSection, "Of all header fields."),
    count("requests", "header_count", \.requests.headerCount, "Header fields."),
    count("requests", "trailers_bytes", \.requests.trailers, "Of the fields after a chunked body."),
    count(
      "requests", "chunk_extensions_bytes", \.requests.chunkExtensions, "Of all chunk extensions of a body."),
    count(
      "requests", "body_bytes", \.requests.body,
      "Of a body that is no form, as it is sent and without its coding."),
    count(
      "requests", "upload_bytes", \.maximumUpload,
      "Of a body that is a form (`multipart/form-data`), as it is sent and without its coding."),
    count(
      "requests", "gzip_expansion", \.maximumGzipRatio,
      "Bytes of content for each byte of a body in gzip, once there is more than a MiB of content."),
    DescribedLimit("requests", "json_depth", "Arrays and objects of a JSON document within one another.") {
      _ in
      .integer(JSONParser.Limits().maximumDepth)
    },
  ]

  private static let connections: [DescribedLimit] = [
    count("connections", "connections", \.connections, "Open at a time."),
    count(
      "connections", "connections_per_address", \.connectionsPerAddress,
      "Of one remote client; loopback, where a reverse proxy may speak for many, has no share."),
    count(
      "connections", "requests_per_connection", \.requests.keepAliveRequests,
      "After which a connection is closed."),
    measure("connections", "head_seconds", \.timeouts.head, "For the head of a request to arrive."),
    measure(
      "connections", "body_stall_seconds", \.timeouts.bodyStall, "Between two arrivals of a body's bytes."),
    measure(
      "connections", "minimum_body_bytes_per_second", \.timeouts.minimumBodyRate,
      "The least rate at which a body arrives."),
    measure(
      "connections", "write_stall_seconds", \.timeouts.writeStall,
      "Between two times that a client takes bytes of a response."),
    measure("connections", "idle_seconds", \.timeouts.idle, "Between a response and the next request."),
  ]

  private static let training: [DescribedLimit] = [
    count("training", "rows", \.jobs.limits.data.maximumRows, "Rows of data."),
    count("training", "columns", \.jobs.limits.data.maximumColumns, "Columns of data."),
    count("training", "values", \.jobs.limits.data.maximumValues, "Rows times columns, after encoding."),
    count(
      "training", "categories", \.jobs.limits.data.maximumCategories,
      "Different values of a column of classes."),
    count("training", "layers", \.jobs.limits.maximumLayers, "Layers of a model."),
    count("training", "units", \.jobs.limits.maximumUnits, "Units of a layer."),
    count(
      "training", "window", \.jobs.limits.maximumWindow,
      "Elements of a kernel or a pooling window along one axis, and its strides and dilation."),
    count("training", "parameters", \.jobs.limits.maximumParameters, "Parameters of a model."),
    count(
      "training", "step_values", \.jobs.limits.maximumStepValues,
      "Values that one step holds: rows of its batch times the widths of all layers."),
    count("training", "epochs", \.jobs.limits.maximumEpochs, "Epochs of a training."),
    count("training", "iterations", \.jobs.limits.maximumIterations, "Iterations of a training."),
    measure("training", "seconds", \.jobs.limits.maximumSeconds, "The longest `limits.max_seconds`."),
    count("training", "curve_points", \.jobs.limits.maximumCurvePoints, "Points of a sampled curve."),
  ]
}
