// The texts that the demo, `train` and `show` print, held to the letter.

import JSON
import Testing
import curvesmith

@Suite("Reports")
struct ReportTests {
  @Test("A running job is one line with its progress and newest metrics")
  func runningJob() throws {
    let report = try #require(
      JobReport([
        "id": "job_1", "status": "running", "progress": ["epoch": 12, "epochs": 100],
        "metrics": ["training_loss": 0.25, "validation_accuracy": 0.94736842],
      ]))
    #expect(report.text == "running     epoch 12/100  training_loss 0.2500  validation_accuracy 0.9474\n")
  }

  @Test("A failed job says why")
  func failedJob() throws {
    let report = try #require(
      JobReport([
        "id": "job_1", "status": "failed",
        "error": ["code": "diverged", "message": "the loss is not finite"],
      ]))
    #expect(report.text == "failed    \n  the loss is not finite\n")
  }

  @Test("Anything else is not a job")
  func notAJob() {
    #expect(JobReport(["id": "ds_1", "status": "running"]) == nil)
    #expect(JobReport([1, 2]) == nil)
  }

  @Test("Learned parameters stand beside their initial values, and the curve is drawn before and after")
  func activations() throws {
    let report = try #require(
      ActivationReport([
        "layers": [
          [
            "name": "layers.0.activation", "formula": "sigmoid(a * x + b)",
            "parameters": [
              "a": ["initial": 1, "trained": 1.83421], "b": ["initial": 0, "trained": -0.2117],
            ],
            "curve": ["x": [-1, 0, 1], "initial": [0, 0.5, 1], "trained": [0, 0, 0]],
            "nearest": [["statement": "nearest is `tanh` (R² 0.99)"]], "notes": ["Mind the gap."],
          ]
        ]
      ]))
    let lines = report.text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines[0] == "layers.0.activation   sigmoid(a * x + b)")
    #expect(lines[1] == "  a        initial    1.0000   trained    1.8342")
    #expect(lines[2] == "  b        initial    0.0000   trained   -0.2117")
    #expect(lines[3].hasPrefix("       1.00 │") && lines[3].hasSuffix("·"))
    #expect(lines[15].hasPrefix("       0.00 │●"))
    #expect(lines[16].contains("· initial   ● trained"))
    #expect(lines[17] == "  the trained curve: nearest is `tanh` (R² 0.99)")
    #expect(lines[18] == "  note: Mind the gap.")
  }

  @Test("Per-unit parameters are listed to a bound, and the rest is counted")
  func perUnit() throws {
    let six = JSONValue.array(JSONArray(numbers: [1, 2, 3, 4, 5, 6]))
    let report = try #require(
      ActivationReport(["layers": [["name": "n", "parameters": ["a": ["initial": six, "trained": six]]]]]))
    #expect(report.text.contains("a[3]"))
    #expect(!report.text.contains("a[4]"))
    #expect(report.text.contains("… and 2 more a"))
  }

  @Test("Numbers that no job has are shown as nothing, and do not end the program")
  func hostileNumbers() throws {
    let curve: JSONValue = ["x": [0, 1], "initial": [-1.7e308, 0], "trained": [0, 1.7e308]]
    let report = try #require(
      ActivationReport([
        "layers": [["name": "n", "candidates": [["function": "tanh", "draws": 1e300]], "curve": curve]]
      ]))
    #expect(report.text.contains("drawn 0 times") && !report.text.contains("│"))
    let job = JobReport(["id": "job_1", "status": "running", "progress": ["epoch": 1e300, "epochs": 2]])
    #expect(job?.text == "running   \n")
  }

  @Test(
    "Fixed decimals",
    arguments: [
      (1.23456, 2, "1.23"), (-0.004, 2, "0.00"), (-0.005, 2, "-0.01"), (0.999, 2, "1.00"), (12, 0, "12"),
      (.infinity, 3, "inf"),
    ] as [(Double, Int, String)])
  func decimals(value: Double, decimals: Int, text: String) {
    #expect(fixed(value, decimals: decimals) == text)
  }
}
