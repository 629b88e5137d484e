// What is counted and measured about checkpoints.

import Telemetry

/// The metrics of a service's checkpoints. Safe from any thread.
struct CheckpointMetrics: Sendable {
  private let seconds: Histogram
  private let counts: MetricFamily<Counter>

  init(_ registry: MetricsRegistry) {
    seconds = registry.histogram(
      "curvesmith_checkpoint_seconds", "For a checkpoint to be on disk, off the training's thread.",
      bounds: Histogram.diskSeconds)
    counts = registry.counters(
      "curvesmith_checkpoints_total", "Checkpoints by how they went: written, failed, resumed, damaged.",
      labels: ["outcome"])
    for outcome in ["written", "failed", "resumed", "damaged"] { counts.with(outcome) }
  }

  func written(seconds: Double) {
    self.seconds.observe(seconds)
    counts.with("written").add()
  }

  func failed() { counts.with("failed").add() }
  func resumed() { counts.with("resumed").add() }
  func damaged() { counts.with("damaged").add() }
}
