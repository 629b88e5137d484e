// Keeps the states of one run on disk, seldom enough that nobody notices.

import Dispatch
import Glibc
import Synchronization
import Telemetry
import Training

/// Writes the states of a run beside the run, and the last one before it returns.
///
/// A state is wanted when at least `seconds` have passed since the last, and a hundred times what that cost: the seconds that
/// the run stood still and those of the processor that writing took. So checkpoints cost at most a hundredth of a training.
final class CheckpointWriter: StateKeeper, Sendable {
  private struct State {
    var isWriting = false
    /// When the next state is wanted; the run begins with a pause.
    var next: Double
    /// When the last was wanted.
    var began = 0.0
  }

  private static let share = 100.0

  private let folder: CheckpointFolder
  private let id: JobID
  private let origin: Checkpoint.Origin
  private let seconds: Double
  private let queue: DispatchQueue
  private let log: Logger
  private let metrics: CheckpointMetrics
  private let state: Mutex<State>

  /// - Parameters:
  ///   - seconds: the shortest time between two states.
  ///   - queue: writes the states of all runs, one after the other.
  init(
    _ folder: CheckpointFolder, _ id: JobID, _ origin: Checkpoint.Origin, seconds: Double,
    queue: DispatchQueue, log: Logger, metrics: CheckpointMetrics
  ) {
    self.folder = folder
    self.id = id
    self.origin = origin
    self.seconds = seconds
    self.queue = queue
    self.log = log
    self.metrics = metrics
    state = Mutex(State(next: monotonicSeconds() + seconds))
  }

  func wantsState(at time: Double) -> Bool {
    state.withLock { state in
      guard !state.isWriting, time >= state.next else { return false }
      state.began = time
      return true
    }
  }

  func take(_ run: RunState, isLast: Bool) {
    let checkpoint = Checkpoint(origin: origin, state: run)
    if isLast {
      // Behind a state that is still being written.
      queue.sync { write(checkpoint, stoodStill: 0) }
      return
    }
    let stoodStill = state.withLock { state in
      state.isWriting = true
      return monotonicSeconds() - state.began
    }
    queue.async { self.write(checkpoint, stoodStill: stoodStill) }
  }

  private func write(_ checkpoint: Checkpoint, stoodStill: Double) {
    let (start, before) = (monotonicSeconds(), Self.threadSeconds())
    do {
      try folder.write(checkpoint, of: id)
      metrics.written(seconds: monotonicSeconds() - start)
    } catch {
      // The states before it stand, and training goes on.
      metrics.failed()
      log.error("cannot write a checkpoint", metadata: ["job": "\(id)", "error": "\(error)"])
    }
    let cost = stoodStill + Self.threadSeconds() - before
    state.withLock { state in
      state.isWriting = false
      state.next = state.began + max(seconds, Self.share * cost)
    }
  }

  /// What this thread has had of a processor.
  private static func threadSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
