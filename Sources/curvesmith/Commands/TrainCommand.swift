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
    discussion: """
      Example: curvesmith train examples/iris.json --data examples/iris.csv

      Ctrl-C ends the training after its next step, reports what was trained so far, and exits 130.
      """)

  @Argument(help: "The job's specification, a JSON file; - is standard input.")
  var spec: String

  @Option(help: "A CSV or NPY file that the specification's `data` section describes.")
  var data: String?

  @Option(help: "A directory for result.json, activations.json and metrics.csv.")
  var output: String?

  @Flag(help: "Print the result and the learned activations as one JSON document.")
  var json = false

  @Flag(help: "Show no progress and no report; warnings and errors are still shown.")
  var quiet = false

  @Option(help: ArgumentHelp("How the report shows the learned functions.", valueName: "kind"))
  var plot = PlotKind.curves

  func run() throws {
    // Before anything that takes time, and before anything is said that somebody may answer with Ctrl-C.
    let interrupted = InterruptFlag.install()
    let terminal = Terminal.standardError
    let prepared = try prepare()
    for warning in prepared.warnings { Self.warn(warning, on: terminal) }
    var progress = ProgressLine(terminal)
    let processors = CPUAllowance.processors()
    let outcome = prepared.run(
      threads: ThreadAllowance(processors: processors) { processors }, isCancelled: { interrupted.isRaised },
      report: { event in
        if case .epoch(let report) = event, !quiet { progress.show(report) }
      },
      now: monotonicSeconds)
    if !quiet { progress.finish() }
    for warning in outcome.warnings { Self.warn(warning, on: terminal) }

    let result = TrainingReport(prepared, outcome)
    if let output { try write(result, outcome, to: output) }
    if json {
      print(String(decoding: result.document.serialized(pretty: true), as: UTF8.self))
    } else if !quiet {
      let isDrawn = plot == .curves && outcome.ending != .cancelled
      print(result.text(isDrawn ? PlotStyle(.standardOutput) : nil), terminator: "")
    }
    switch outcome.ending {
    case .succeeded, .timeLimit: break
    case .diverged: throw ExitCode(CommandFailure.failure)
    case .cancelled: throw ExitCode(CommandFailure.interrupted)
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
      let faults = error.faults.map { "  \($0)" }.joined(separator: "\n")
      throw CommandFailure(
        message: "\(spec) is not a job that can be trained:\n\(faults)", status: CommandFailure.usage)
    }
  }

  private static func warn(_ warning: Warning, on terminal: Terminal) {
    writeToStandardError("\(terminal.emphasized("warning:")) \(warning.message)\n")
  }

  private func write(_ result: TrainingReport, _ outcome: TrainingOutcome, to directory: String) throws {
    guard mkdir(directory, 0o777) == 0 || errno == EEXIST else {
      throw CommandFailure(message: "cannot create \(directory): \(lastSystemError())")
    }
    try writeFile(result.summary.serialized(pretty: true), to: "\(directory)/result.json")
    try writeFile(result.activations.serialized(pretty: true), to: "\(directory)/activations.json")
    let metrics = outcome.series.csv(names: nil, fromEpoch: nil, maximumPoints: nil)
    try writeFile(Array(metrics.utf8), to: "\(directory)/metrics.csv")
  }
}

/// Whether the user asked to stop with Ctrl-C; the training then ends at its next step and keeps what it has. A second
/// Ctrl-C ends the process at once.
private enum InterruptFlag {
  private static let raised = Atomic(false)

  struct Reader: Sendable {
    var isRaised: Bool { raised.load(ordering: .relaxed) }
  }

  static func install() -> Reader {
    signal(SIGINT) { _ in
      if InterruptFlag.raised.exchange(true, ordering: .relaxed) { _exit(CommandFailure.interrupted) }
    }
    letThrough([SIGINT])
    return Reader()
  }
}
