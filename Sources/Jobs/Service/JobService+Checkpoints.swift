// Where a service's jobs leave their states, and what is left of them.

import Telemetry

extension JobService.Configuration {
  var checkpoints: CheckpointFolder? { checkpointDirectory.map(CheckpointFolder.init(dataDirectory:)) }
}

extension JobService {
  /// Brings back into the queue what a dead process was at, and removes the states that nobody needs.
  func recover(at time: Timestamp) async throws -> [Job] {
    let checkpoints = configuration.checkpoints
    let recovered = try await store.recover(at: time) { id, attempt in
      checkpoints?.names(of: id).first?.attempt == attempt
    }
    try await sweepCheckpoints()
    return recovered
  }

  /// Removes the states of jobs that have ended or are gone.
  private func sweepCheckpoints() async throws {
    guard let checkpoints = configuration.checkpoints else { return }
    var needed: Set<JobID> = []
    for id in checkpoints.jobs where try await store.state(of: id)?.status.isTerminal == false {
      needed.insert(id)
    }
    checkpoints.sweep(needed.contains)
  }
}
