// What jobs have learned, from memory or from the store, and made ready while there is nothing else to do.

import Training

/// The trained models of all jobs.
struct LearnedModels: Sendable {
  /// A model of an ended job, and how the job ended.
  struct Kept: Sendable {
    var model: TrainedModel
    var state: JobState
  }

  let store: any JobStore
  let live: LiveJobs
  let kept: JobCache<Kept>
  let computation: ComputeQueue

  /// The job's model, or a recent state of it while the job runs. Models of ended jobs are kept with the state of the job,
  /// so that the next question asks the store nothing.
  func model(of id: JobID) async throws -> ModelLookup {
    if let kept = kept.value(of: id) { return .model(kept.model, kept.state) }
    let ticket = kept.ticket
    let running = live[id]?.model
    guard let state = try await store.state(of: id) else { return .noJob }
    if !state.status.isTerminal {
      return running.map { .model($0, state) } ?? .notTrained(state.status)
    }
    guard let bytes = try await store.model(of: id) else { return .notTrained(state.status) }
    let model = try await computation.run { Result { try TrainedModel(serialized: bytes) } }.get()
    kept.keep(Kept(model: model, state: state), of: id, bytes: model.byteCount, ticket)
    return .model(model, state)
  }

  /// Finds out in the background what the activations of an ended job resemble: it is what is asked next, and takes tens of
  /// milliseconds. Whoever asks sooner computes it too.
  func prepareFindings(of id: JobID) {
    Task {
      guard case .model(let model, let state) = try? await model(of: id), state.status.isTerminal else {
        return
      }
      await computation.run { model.prepareFindings() }
    }
  }
}
