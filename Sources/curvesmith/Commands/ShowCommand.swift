// `curvesmith show`: turns a job or its learned activations, as the API gives them, into text for a terminal.

import ArgumentParser
import JSON

struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show a job, or its learned activations, from the service's JSON.",
    discussion: "Example: curl -s localhost:8080/v1/jobs/ID/activations | curvesmith show")

  @Argument(
    help: "A file holding the body of GET /v1/jobs/ID or /v1/jobs/ID/activations; - is standard input.")
  var file = "-"

  func run() throws {
    let bytes = try readFile(file, purpose: "the document")
    let document: JSONValue
    do {
      document = try JSONParser.parse(bytes)
    } catch {
      throw CommandFailure(message: "\(file) is not JSON: \(error)")
    }
    if let report = ActivationReport(document, style: PlotStyle(.standardOutput)) {
      print(report.text, terminator: "")
    } else if let report = JobReport(document) {
      print(report.text, terminator: "")
    } else {
      throw CommandFailure(message: "\(file) is neither a job nor its activations")
    }
  }
}
