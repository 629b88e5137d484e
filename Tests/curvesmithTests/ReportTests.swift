// The texts that the demo, `train` and `show` print, held to the letter.

import JSON
import Testing
import curvesmith

@Suite struct ReportTests {
  @Test func `A running job is one line with its progress and newest metrics`() throws {
    let report = try #require(
      JobReport([
        "id": "job_1", "status": "running", "progress": ["epoch": 12, "epochs": 100],
        "metrics": ["training_loss": 0.25, "validation_accuracy": 0.94736842],
      ]))
    #expect(report.text == "running     epoch 12/100  training_loss 0.2500  validation_accuracy 0.9474\n")
  }

  @Test func `A failed job says why`() throws {
    let report = try #require(
      JobReport([
        "id": "job_1", "status": "failed",
        "error": ["code": "diverged", "message": "the loss is not finite"],
      ]))
    #expect(report.text == "failed    \n  the loss is not finite\n")
  }

  @Test func `a job shows what it warns of`() throws {
    let report = try #require(
      JobReport([
        "id": "job_1", "status": "succeeded",
        "warnings": [
          ["code": "a", "message": "Mind the gap.", "pointer": "#/data"], ["message": "And the step."],
        ],
      ]))
    #expect(report.text == "succeeded \n  warning: Mind the gap.\n  warning: And the step.\n")
  }

  @Test func `metrics of an ended job are of the epoch that was kept, and say so`() throws {
    let report = try #require(
      JobReport([
        "id": "job_1", "status": "succeeded", "progress": ["epoch": 100, "epochs": 100],
        "metrics": ["training_loss": 0.01],
        "result": ["epoch": 28, "metrics": ["training_loss": 0.03], "last": ["epoch": 100]],
      ]))
    #expect(report.text == "succeeded   epoch 100/100, epoch 28 kept  training_loss 0.0300\n")
  }

  @Test func `anything else is not a job`() {
    #expect(JobReport(["id": "ds_1", "status": "running"]) == nil)
    #expect(JobReport([1, 2]) == nil)
  }

  @Test func `learned parameters stand beside their initial values, and the curve is drawn before and after`()
    throws
  {
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

  @Test func `per-unit parameters are listed to a bound, and the rest is counted`() throws {
    let six = JSONValue.array(JSONArray(numbers: [1, 2, 3, 4, 5, 6]))
    let report = try #require(
      ActivationReport(["layers": [["name": "n", "parameters": ["a": ["initial": six, "trained": six]]]]]))
    #expect(report.text.contains("a[3]"))
    #expect(!report.text.contains("a[4]"))
    #expect(report.text.contains("… and 2 more a"))
  }

  @Test func `numbers that no job has are shown as nothing, and do not end the program`() throws {
    let curve: JSONValue = ["x": [0, 1], "initial": [-1.7e308, 0], "trained": [0, 1.7e308]]
    let report = try #require(
      ActivationReport([
        "layers": [["name": "n", "candidates": [["function": "tanh", "draws": 1e300]], "curve": curve]]
      ]))
    #expect(report.text.contains("drawn 0 times") && !report.text.contains("│"))
    let job = JobReport(["id": "job_1", "status": "running", "progress": ["epoch": 1e300, "epochs": 2]])
    #expect(job?.text == "running   \n")
  }

  @Test func `the kept epoch stands beside the last one`() {
    let result: JSONValue = [
      "epoch": 15, "metrics": ["training_loss": 0.2, "validation_loss": 0.25], "training_seconds": 1.5,
      "last": ["epoch": 100, "metrics": ["training_loss": 0.01, "validation_loss": 1.75]],
    ]
    #expect(
      ResultReport(["status": "succeeded", "error": .null, "result": result]).text == """
        succeeded in 1.50 s after epoch 100; epoch 15 is kept
                                   epoch 15  epoch 100
          training_loss              0.2000     0.0100
          validation_loss            0.2500     1.7500

        """)
  }

  @Test func `a result of the last epoch, or of nothing, has one column`() {
    let last: JSONValue = [
      "epoch": 3, "metrics": ["training_loss": 0.2], "training_seconds": 0.014,
      "last": ["epoch": 3, "metrics": ["training_loss": 0.2]],
    ]
    #expect(
      ResultReport(["status": "succeeded", "result": last]).text
        == "succeeded in 0.01 s after epoch 3, which is kept\n  training_loss              0.2000\n")
    #expect(
      ResultReport(["status": "failed", "error": ["message": "the loss is not finite"]]).text
        == "failed in 0.00 s\n  the loss is not finite\n")
  }

  private static let curve: JSONValue = [
    "layers": [
      ["name": "n", "curve": ["x": [-1, 0, 1], "initial": [0, 0.5, 1], "trained": [0, 0, 0]]]
    ]
  ]

  @Test(arguments: [32, 61, 106])
  func `a plot is as wide as it is told, in ASCII where nothing else can be shown`(
    _ columns: Int
  ) throws {
    var style = PlotStyle()
    style.columns = columns
    style.hasUnicode = false
    let report = try #require(ActivationReport(Self.curve, style: style))
    let lines = report.text.split(separator: "\n")
    #expect(report.text.utf8.allSatisfy { $0 < 0x80 })
    #expect(lines.map(\.count).max() == columns + 13)
    #expect(report.text.contains(". initial   o trained"))
    #expect(try #require(ActivationReport(Self.curve, style: nil)).text == "n   \n")
  }

  @Test func `a function that did not change is not drawn`() throws {
    let fixed: JSONValue = [
      "layers": [
        ["name": "n", "formula": "tanh(x)", "curve": ["x": [0, 1], "initial": [0, 1], "trained": [0, 1]]]
      ]
    ]
    #expect(try #require(ActivationReport(fixed)).text == "n   tanh(x)\n")
  }

  private static let progress = ProgressText(
    epoch: 71, epochs: 100, ratio: 0.71,
    metrics: [("training_loss", 0.0148), ("training_auc", 1), ("validation_loss", 0.119)],
    rowsPerSecond: 512_300, remainingSeconds: 4.2)

  @Test(
    arguments: [
      (
        200,
        "epoch 71/100  ███████░░░  training_loss 0.0148  validation_loss 0.1190  512k rows/s  5 s left"
      ),
      (79, "epoch 71/100  training_loss 0.0148  validation_loss 0.1190  5 s left"),
      (60, "epoch 71/100  training_loss 0.0148  validation_loss 0.1190"),
      (40, "epoch 71/100  training_loss 0.0148"), (20, "epoch 71/100"), (5, "epoch"), (0, ""),
    ] as [(Int, String)])
  func `progress leaves out what has no room, and never wraps`(_ columns: Int, _ text: String) {
    #expect(Self.progress.fitting(columns) == text)
  }

  @Test func `progress without a sensible number is still a line`() {
    let strange = ProgressText(
      epoch: 1, epochs: 1, ratio: .nan, metrics: [("training_loss", .nan)], rowsPerSecond: .infinity,
      remainingSeconds: -1)
    #expect(strange.fitting(200) == "epoch 1/1  ░░░░░░░░░░  training_loss nan  ? rows/s  ? left")
  }

  @Test(
    arguments: [
      (1.23456, 2, "1.23"), (-0.004, 2, "0.00"), (-0.005, 2, "-0.01"), (0.999, 2, "1.00"), (12, 0, "12"),
      (.infinity, 3, "inf"),
    ] as [(Double, Int, String)])
  func `fixed decimals`(value: Double, decimals: Int, text: String) {
    #expect(fixed(value, decimals: decimals) == text)
  }
}
