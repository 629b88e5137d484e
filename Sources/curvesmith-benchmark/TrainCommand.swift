// `train`: one workload from data in memory to a trained model, timed as the peers are.

import ArgumentParser
import Engine
import Glibc
import JSON

/// Prints one line `RESULT {json}`.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train", abstract: "Train a workload and print its times, loss and accuracy.")

  @Option(help: "The JSON file that describes the workloads.")
  var workloads: String
  @Option(help: "The directory of the workloads' arrays (default: $BENCH_DIR/data).")
  var data: String?
  @Argument(help: "The workload's name in the file.")
  var workload: String
  @Argument(
    help: "The activation of the hidden layers: a variant of the file, or a function of the catalogue.")
  var variant: String
  @Argument(help: "How many threads train.")
  var threads: Int
  @Argument(help: "The monotonic clock when the process was started.")
  var started: Double?

  func run() throws {
    let launched = started ?? monotonicSeconds()
    let startup = monotonicSeconds() - launched
    let directory = data ?? getenv("BENCH_DIR").map { String(cString: $0) + "/data" } ?? ".build-peers/data"
    let variant = Variant(variant)
    let workload = try Workload(workload, file: workloads, directory: directory, cell: variant.cell)
    let ready = monotonicSeconds()
    var run = WorkloadRun(
      workload, model: try variant.model(of: workload, threads: threads),
      drawsChoices: variant.function == "random_choice")
    var seconds: [Double] = []
    for epoch in 0..<workload.epochs { seconds.append(run.train(epoch)) }
    let cold = monotonicSeconds() - ready
    let peak = peakMebibytes()
    let (training, held) = (run.evaluate(workload.training), run.evaluate(workload.held))
    while seconds.count - 1 < workload.timedEpochs { seconds.append(run.train(seconds.count)) }
    let timed = Array(seconds.dropFirst())
    let result: JSONValue = [
      "startup_s": .number(startup), "cold_total_s": .number(cold), "peak_rss_mb": .number(peak),
      "sec_per_epoch": .number(timed.median), "sec_per_epoch_min": .number(timed.min() ?? .nan),
      "sec_per_epoch_max": .number(timed.max() ?? .nan), "timed_epochs": .integer(timed.count),
      "train_loss": .number(training.loss), "test_loss": .number(held.loss),
      "train_acc": .number(training.accuracy), "test_acc": .number(held.accuracy),
      "version": .string(InstructionSet.current),
    ]
    print("RESULT " + String(decoding: result.serialized(), as: UTF8.self))
  }

  /// The most memory that the process has held, in MiB.
  private func peakMebibytes() -> Double {
    guard let status = try? readFile("/proc/self/status") else { return .nan }
    for line in String(decoding: status, as: UTF8.self).split(separator: "\n")
    where line.hasPrefix("VmHWM:") {
      return (line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Double($0) } ?? .nan)
        / 1024
    }
    return .nan
  }
}

/// A model under training on a workload's rows in the workload's order.
private struct WorkloadRun {
  private let workload: Workload
  private let model: Model
  private let drawsChoices: Bool
  private var step = 0

  init(_ workload: Workload, model: Model, drawsChoices: Bool) {
    self.workload = workload
    self.model = model
    self.drawsChoices = drawsChoices
  }

  /// Seconds of one epoch.
  mutating func train(_ epoch: Int) -> Double {
    let start = monotonicSeconds()
    let rows = workload.training.count
    let first = epoch % (workload.order.count / rows) * rows
    workload.order.withUnsafeBufferPointer { order in
      for begin in stride(from: 0, to: rows, by: workload.batchSize) {
        let range = first + begin..<first + min(begin + workload.batchSize, rows)
        if drawsChoices { fixChoices() }
        _ = model.trainStep(
          inputs: workload.training.inputs, targets: workload.training.targets,
          rows: UnsafeBufferPointer(rebasing: order[range]), step: step, epoch: epoch)
        step += 1
      }
    }
    return monotonicSeconds() - start
  }

  private func fixChoices() {
    let layers = workload.network.activationCount
    let iterations = workload.choices.count / layers
    for layer in 0..<layers {
      model.fixChoice(workload.choices[step % iterations * layers + layer], ofActivation: layer)
    }
  }

  /// The mean loss, and the share of rows whose class is the likeliest one.
  func evaluate(_ rows: Workload.Rows) -> (loss: Double, accuracy: Double) {
    let outputs = model.specification.outputs
    var predictions = [Float](repeating: 0, count: rows.count * outputs)
    model.predict(inputs: rows.inputs, rows: rows.count, into: &predictions)
    var right = 0
    for row in 0..<rows.count {
      let scores = predictions[row * outputs..<(row + 1) * outputs]
      let target = rows.targets[row]
      switch workload.loss {
      case .softmaxCrossEntropy:
        if scores.max() == scores[scores.startIndex + Int(target)] { right += 1 }
      case .binaryCrossEntropy: if (scores[scores.startIndex] > 0.5) == (target > 0.5) { right += 1 }
      case .meanSquaredError: break
      }
    }
    return (
      model.evaluateLoss(inputs: rows.inputs, targets: rows.targets, rows: rows.count),
      workload.loss == .meanSquaredError ? .nan : Double(right) / Double(rows.count)
    )
  }
}
