// What is counted and measured about the store.

import GRDB
import Glibc
import Telemetry

/// The metrics of a store in one directory. Safe from any thread.
struct StoreMetrics: Sendable {
  private let commits: Histogram
  private let errors: MetricFamily<Counter>

  private static let kinds = ["full", "io", "readonly", "corrupt", "other"]

  init(_ registry: MetricsRegistry, directory: String) {
    commits = registry.histogram(
      "curvesmith_store_commit_seconds", "For a commit to be on disk, with all changes that share it.",
      bounds: Histogram.diskSeconds)
    errors = registry.counters(
      "curvesmith_store_errors_total", "Failures that the store reported.", labels: ["kind"])
    for kind in Self.kinds { errors.with(kind) }
    registry.gauge("curvesmith_data_dir_bytes", "Bytes of the store's files.") {
      let sizes = ["", "-wal", "-shm"].compactMap { Self.size("\(directory)/curvesmith.sqlite\($0)") }
      return sizes.isEmpty ? nil : sizes.reduce(0, +)
    }
    registry.gauge("curvesmith_data_dir_free_bytes", "Bytes that are free where the store's files are.") {
      var figures = statvfs()
      guard statvfs(directory, &figures) == 0 else { return nil }
      return Double(figures.f_bavail) * Double(figures.f_frsize)
    }
  }

  func committed(in seconds: Double) { commits.observe(seconds) }

  /// - Parameter kind: one of `full`, `io`, `readonly` and `corrupt`; anything else is `other`.
  func failed(_ kind: String) { errors.with(Self.kinds.contains(kind) ? kind : "other").add() }

  private static func size(_ path: String) -> Double? {
    var status = stat()
    return stat(path, &status) == 0 ? Double(status.st_size) : nil
  }
}

extension DatabaseError {
  /// What failed, as the metrics tell failures apart.
  var kind: String {
    switch resultCode {
    case .SQLITE_FULL: "full"
    case .SQLITE_READONLY, .SQLITE_PERM: "readonly"
    case .SQLITE_CORRUPT, .SQLITE_NOTADB: "corrupt"
    case .SQLITE_IOERR, .SQLITE_CANTOPEN: "io"
    default: "other"
    }
  }
}
