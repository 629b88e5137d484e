// A worker: claims one job after another, trains it on its own thread, and stores how it ended.

import JSON
import Telemetry

/// What a worker shares with the service and the other workers.
struct WorkerContext: Sendable {
  var store: any JobStore
  /// Where runs are put down; nil: nowhere.
  var checkpoints: CheckpointFolder?
  var runner: any TrainingRunner
  var prepared: PreparedJobs
  var models: LearnedModels
  var live: LiveJobs
  var metrics: JobMetrics
  var changes: ChangeFeed
  var clock: any WallClock
  var log: Logger
  /// As in the service's configuration.
  var runningJobs: @Sendable () -> [String: Int]
  /// Passes the time after a failure of the store, before the next try.
  var pause: @Sendable () async -> Void
}

struct Worker: Sendable {
  let context: WorkerContext
  let queue: ComputeQueue
  /// Yields when a job may have come into the queue; ends when the service drains.
  let wakeups: AsyncStream<Void>

  /// Works until the service drains.
  func work() async {
    for await _ in wakeups {
      var last: JobID?
      while !context.live.isDraining {
        do {
          guard
            let job = try await context.store.claimNext(
              at: context.clock.now(), runningJobs: context.runningJobs())
          else { break }
          await run(job)
          last = job.id
        } catch {
          context.log.error("cannot claim a job", metadata: ["error": "\(error)"])
          await context.pause()
        }
      }
      // Not while others wait to be trained.
      if let last, !context.live.isDraining { context.models.prepareFindings(of: last) }
    }
  }

  private func run(_ job: Job) async {
    let id = job.id
    let live = context.live.begin(job)
    context.changes.signal(id)
    context.metrics.started(job)
    context.log.info("job started", metadata: job.named(with: ["attempt": .stringConvertible(job.attempt)]))
    // A cancellation between the claim and `begin` found nobody to tell; it shows in the store.
    if (try? await context.store.state(of: id))?.status == .cancelling { live.cancel() }

    let context = context
    let outcome: RunOutcome
    switch await work(of: job) {
    case .given(let work):
      queue.start {
        var seen = JobMetrics.Seen()
        live.finish(
          context.runner.run(
            Assignment(job: job, work: work), isStopped: { live.isStopRequested },
            report: { report in
              live.publish(report, at: context.clock.now())
              context.metrics.trained(job, report, since: &seen)
              context.changes.signal(id, .epochs)
            }))
      }
      guard let ended = await live.outcome() else {
        // What is stored says that the job runs: the next start takes it for interrupted.
        context.log.warning("left a job that did not stop in time", metadata: job.named())
        return
      }
      outcome = ended
    case .missing:
      outcome = RunOutcome(
        .failed, JobResults(errorCode: "data_damaged", message: "the stored request is missing"))
    case .drained:
      context.live.end(live)
      return
    }
    await store(outcome, of: live, job)
    context.live.end(live)
    context.changes.signal(id)
  }

  /// What a worker finds of a job that it has claimed.
  private enum Found {
    case given(Assignment.Work)
    /// The store has lost it.
    case missing
    /// The service drained before the store answered.
    case drained
  }

  /// What to run, asked of the store as often as it takes.
  private func work(of job: Job) async -> Found {
    if let prepared = context.prepared.take(job.id) { return .given(.prepared(prepared)) }
    repeat {
      do {
        return try await context.store.request(of: job.id).map { .given(.stored($0)) } ?? .missing
      } catch {
        context.log.error("cannot read a job's request", metadata: ["job": "\(job.id)", "error": "\(error)"])
        await context.pause()
      }
    } while !context.live.isDraining
    return .drained
  }

  /// Stores the end, as often as it takes: only the drain gives up, and the next start will see a crash.
  private func store(_ outcome: RunOutcome, of live: LiveJob, _ job: Job) async {
    let event: JobLifecycle.Event =
      switch outcome.ending {
      case .succeeded: .succeed
      case .failed: .fail
      case .stopped: .stop
      }
    let results = live.complete(outcome.results)
    repeat {
      do {
        let transition = try await context.store.apply(
          event, to: live.id, attempt: job.attempt, at: context.clock.now(), revision: live.revision + 1,
          results: results)
        // What has ended is not taken up again.
        if transition?.job.status.isTerminal ?? true { context.checkpoints?.remove(live.id) }
        if let left = transition?.job {
          context.metrics.left(left)
          if let seconds = live.secondsSinceCancel { context.metrics.stopped(left, seconds: seconds) }
        }
        context.log.info(
          "job left its worker",
          metadata: job.named(with: [
            "status": "\(transition?.job.status.rawValue ?? "deleted, or another attempt's")"
          ]))
        return
      } catch {
        context.log.error("cannot store a job's end", metadata: ["job": "\(live.id)", "error": "\(error)"])
        await context.pause()
      }
    } while !context.live.isDraining
  }
}

extension Job {
  /// What a line of the log says about the job beside its message: which it is, and the trace that it belongs to.
  func named(with more: Logger.Metadata = [:]) -> Logger.Metadata {
    var metadata = more
    metadata["job"] = .string(id.description)
    metadata["trace_id"] = traceID.map { .string($0) }
    return metadata
  }
}
