// `curvesmith train`: one job in the foreground, without a server, by the same code that the workers run.

import ArgumentParser
import Data
import Glibc
import JSON
import Synchronization
import Telemetry
import Training

struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train one job here and now: progress on the terminal, the result as text or JSON.",
    discussion: "Example: curvesmith train examples/iris.json --data examples/iris.csv")

  @Argument(help: "The job's specification, a JSON file; - is standard input.")
  var spec: String

  @Option(help: "A CSV or NPY file that the specification's `data` section describes.")
  var data: String?

  @Option(help: "A directory for result.json, activations.json and metrics.csv.")
  var output: String?

  @Flag(help: "Print the result and the learned activations as one JSON document.")
  var json = false

  func run() throws {
    let prepared = try prepare()
    for warning in prepared.warnings { writeToStandardError("warning: \(warning.message)\n") }
    let interrupted = InterruptFlag.install()
    let progress = ProgressLine(isTerminal: isatty(STDERR_FILENO) == 1)
    let processors = CPUAllowance.processors()
    let outcome = prepared.run(
      threads: ThreadAllowance(processors: processors) { processors }, isCancelled: { interrupted.isRaised },
      report: { event in
        if case .epoch(let report) = event { progress.show(report) }
      },
      now: monotonicSeconds)
    progress.finish()

    let result = TrainingReport(prepared, outcome)
    if let output { try write(result, outcome, to: output) }
    if json {
      print(String(decoding: result.document.serialized(pretty: true), as: UTF8.self))
    } else {
      print(result.text, terminator: "")
    }
    switch outcome.ending {
    case .succeeded, .timeLimit: break
    case .cancelled, .diverged: throw ExitCode(CommandFailure.failure)
    }
  }

  private func prepare() throws -> PreparedTraining {
    let document: JSONValue
    do {
      document = try JSONParser.parse(try readFile(spec, purpose: "the specification"))
    } catch let error as JSONSyntaxError {
      throw CommandFailure(message: "\(spec): \(error)", status: CommandFailure.usage)
    }
    let attachment = try data.map { Attachment(bytes: try readFile($0, purpose: "the data")) }
    do {
      return try PreparedTraining(TrainingRequest(document: document, attachment: attachment))
    } catch {
      let faults = error.faults.map { "  \($0.pointer.fragment): \($0.detail)" }.joined(separator: "\n")
      throw CommandFailure(
        message: "\(spec) is not a job that can be trained:\n\(faults)", status: CommandFailure.usage)
    }
  }

  private func write(_ result: TrainingReport, _ outcome: TrainingOutcome, to directory: String) throws {
    guard mkdir(directory, 0o777) == 0 || errno == EEXIST else {
      throw CommandFailure(message: "cannot create \(directory): \(String(cString: strerror(errno)))")
    }
    try writeFile(result.summary.serialized(pretty: true), to: "\(directory)/result.json")
    try writeFile(result.activations.serialized(pretty: true), to: "\(directory)/activations.json")
    let metrics = outcome.series.csv(names: nil, fromEpoch: nil, maximumPoints: nil)
    try writeFile(Array(metrics.utf8), to: "\(directory)/metrics.csv")
  }
}

/// Whether the user asked to stop with Ctrl-C; the training then ends at its next step and keeps what it has.
private enum InterruptFlag {
  private static let raised = Atomic(false)

  struct Reader: Sendable {
    var isRaised: Bool { raised.load(ordering: .relaxed) }
  }

  static func install() -> Reader {
    signal(SIGINT) { _ in InterruptFlag.raised.store(true, ordering: .relaxed) }
    return Reader()
  }
}

/// The newest epoch on standard error: one line that rewrites itself on a terminal, nothing elsewhere.
private final class ProgressLine {
  private let isTerminal: Bool

  init(isTerminal: Bool) {
    self.isTerminal = isTerminal
  }

  func show(_ report: EpochReport) {
    guard isTerminal else { return }
    let metrics = headline(report.metrics.map { (key: $0.name, value: .number($0.value)) })
    writeToStandardError("\r\u{1B}[Kepoch \(report.epoch)/\(report.epochs)\(metrics)")
  }

  func finish() {
    if isTerminal { writeToStandardError("\r\u{1B}[K") }
  }
}
