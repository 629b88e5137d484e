// Targets, splits and numbers that made a result worthless without a word.

import JSON
import Testing

@Suite struct TargetTests {
  static func table(_ target: (Int) -> String, rows: Int = Table.rows) -> String {
    Table.text(rows: rows) { ["\(Table.a($0))", "\(Table.b($0))", target($0)] }
  }

  @Test(arguments: ["zero-one-target", "one-value-target", "ordered-split-missing-class", "one-positive-row"])
  func `a target that says little is said to`(name: String) async throws {
    let words = [
      "zero-one-target": ["regression", "class"], "one-value-target": ["`y`", "every row"],
      "ordered-split-missing-class": ["`high`", "train"], "one-positive-row": ["`ill`", "validation"],
    ]
    try await LiveService.run { client in
      let outcome = try await client.outcome(Case.spec(name), csv: Case.csv(name))
      #expect(outcome.says(words[name] ?? []), "\(outcome)")
    }
  }

  @Test(arguments: [
    ["0", "1"], ["1", "2"], ["-1", "1"], ["1", "2", "3"], ["0.0", "1.0"], ["3", "5", "7", "9"],
  ])
  func `a target of a few whole numbers is a regression with a warning, or classes where they are asked for`(
    values: [String]
  ) async throws {
    let csv = Self.table { values[$0 % values.count] }
    let task: JSONValue = values.count == 2 ? "binary" : "multiclass"
    try await LiveService.run { client in
      let found = try await client.outcome(Case.spec(), csv: csv)
      #expect(found.task == "regression" && found.says(["class"]), "\(found)")
      #expect(found.remarks.contains { $0.contains(task.stringValue ?? "") }, "\(found)")
      var asked = try #require(Case.spec().objectValue)
      asked["task"] = task
      let classes = try await client.outcome(.object(asked), csv: csv)
      #expect(classes.trained && classes.task == task.stringValue, "\(classes)")
      asked["task"] = "regression"
      let regression = try await client.outcome(.object(asked), csv: csv)
      #expect(
        regression.trained && regression.remarks.isEmpty, "asked for, it needs no warning: \(regression)")
    }
  }

  @Test func `a target of many numbers needs no warning`() async throws {
    try await LiveService.run { client in
      let outcome = try await client.outcome(Case.spec(), csv: Table.numbers)
      #expect(outcome.trained && outcome.task == "regression" && outcome.remarks.isEmpty, "\(outcome)")
    }
  }

  @Test(arguments: ["3", "0", "-1.5", "yes", "true"])
  func `a target of one value is said to be one`(value: String) async throws {
    try await LiveService.run { client in
      let outcome = try await client.outcome(Case.spec(), csv: Self.table { _ in value })
      #expect(outcome.says(["`y`"]), "\(outcome)")
    }
  }

  @Test func `a class for every row is said`() async throws {
    try await LiveService.run { client in
      let outcome = try await client.outcome(Case.spec(), csv: Self.table { "name \($0)" })
      #expect(outcome.says(["`y`"]), "\(outcome)")
    }
  }

  @Test(arguments: ["stratified", "random", "ordered"])
  func `a class that one side lacks is named, under every split`(split: String) async throws {
    let csv = Self.table { $0 == 40 ? "rare" : Table.kind($0) }
    try await LiveService.run { client in
      let outcome = try await client.outcome(Case.spec(data: ["split": .string(split)]), csv: csv)
      #expect(outcome.says(["`rare`"]), "\(outcome)")
    }
  }

  @Test func `booleans and names of classes are classes`() async throws {
    try await LiveService.run { client in
      for values in [["true", "false"], ["TRUE", "FALSE"], ["yes", "no"], ["T", "F"]] {
        let outcome = try await client.outcome(Case.spec(), csv: Self.table { values[$0 % 2] })
        #expect(outcome.trained && outcome.task == "binary" && outcome.remarks.isEmpty, "\(outcome)")
      }
    }
  }

  // MARK: Numbers

  @Test func `large targets keep their digits`() async throws {
    let spec = try Case.spec("large-targets")
    try await expectExact(spec)
  }

  @Test(arguments: [1.7e9, -1.7e9, 1e12, 123_456_789.5, 4e15, 1.0, 1e-9])
  func `predictions are as exact as the metrics say, wherever the targets lie`(offset: Double) async throws {
    let targets = (0..<60).map { offset + Double($0) * max(1, abs(offset) * 1e-13) }
    let spec: JSONValue = [
      "data": [
        "inputs": .array(JSONArray((0..<60).map { [.number(Double($0) / 10)] })),
        "targets": .array(JSONArray(targets.map { .number($0) })),
      ],
      "model": ["hidden": [8]], "activation": "tanh",
      "training": ["epochs": 300, "optimizer": ["name": "adam", "learning_rate": 0.02]],
    ]
    try await expectExact(spec)
  }

  /// Predicts the rows of training and compares their error with the one that the result states.
  private func expectExact(_ spec: JSONValue, sourceLocation: SourceLocation = #_sourceLocation) async throws
  {
    var members = try #require(spec.objectValue)
    var data = try #require(members["data"]?.objectValue)
    data["validation_fraction"] = 0
    members["data"] = .object(data)
    let targets = try #require(data["targets"]?.arrayValue).compactMap(\.doubleValue)
    let inputs = try #require(data["inputs"])
    try await LiveService.run { [members] client in
      let outcome = try await client.outcome(.object(members))
      #expect(outcome.trained, "\(outcome)", sourceLocation: sourceLocation)
      let id = try #require(outcome.document["id"]?.stringValue)
      let answer = try await client.post("/v1/jobs/\(id)/predict", json: ["inputs": inputs]).json()
      let predictions = try #require(answer["predictions"]?.arrayValue).compactMap(\.doubleValue)
      let errors = zip(predictions, targets).map { $0 - $1 }
      let error = (errors.map { $0 * $0 }.reduce(0, +) / Double(errors.count)).squareRoot()
      let stated = outcome.metric("training_rmse")
      #expect(
        abs(error - stated) <= 0.01 * stated, "\(error), stated \(stated)", sourceLocation: sourceLocation)
      #expect(Set(predictions).count > targets.count / 2, sourceLocation: sourceLocation)
    }
  }

  @Test func `a last batch of one row does not poison what batch norm learns`() async throws {
    let spec = try Case.spec("batch-norm-last-row")
    try await LiveService.run { client in
      let outcome = try await client.outcome(spec)
      #expect(
        outcome.says(["batch"]) || outcome.metric("training_loss") < 0.3,
        "\(outcome), \(outcome.metrics ?? .null)")
    }
  }

  @Test(arguments: [(33, 32), (65, 32), (17, 16), (9, 4), (5, 1)])
  func `no number of rows beside the batch size spoils a network with batch norm`(rows: Int, batch: Int)
    async throws
  {
    var members = try #require(try Case.spec("batch-norm-last-row").objectValue)
    let points = (0..<rows).map { row in (Double(row % 7), Double(row * 3 % 5)) }
    members["data"] = [
      "inputs": .array(JSONArray(points.map { [.number($0.0), .number($0.1)] })),
      "targets": .array(JSONArray(points.map { .number($0.0 + 0.5 * $0.1) })), "validation_fraction": 0,
    ]
    var training = try #require(members["training"]?.objectValue)
    training["batch_size"] = .integer(batch)
    members["training"] = .object(training)
    try await LiveService.run { [members] client in
      let outcome = try await client.outcome(.object(members))
      let said = outcome.says(["batch"])
      let isGood = outcome.metric("training_loss") < 0.5
      #expect(said || isGood, "\(outcome), \(outcome.metrics ?? .null)")
    }
  }

  @Test
  func `early stopping on a metric that is never a number is refused, warned of, or waits until the end`()
    async throws
  {
    let spec = try Case.spec("early-stopping-not-a-number")
    try await LiveService.run { client in
      let outcome = try await client.outcome(spec)
      let epoch = outcome.document["progress"]?["epoch"]?.intValue
      #expect(
        !outcome.remarks.isEmpty && (epoch == nil || epoch == 100 || outcome.says(["validation_auc"])),
        "\(outcome)")
    }
  }

  @Test(arguments: ["validation_auc", "validation_f1", "validation_r2"])
  func `no metric of one validation row stops a job in silence`(metric: String) async throws {
    let isRegression = metric == "validation_r2"
    let csv = Self.table({ isRegression ? Table.number($0) : Table.kind($0) }, rows: 10)
    var members = try #require(Case.spec(data: ["validation_fraction": 0.1, "split": "ordered"]).objectValue)
    members["training"] = ["epochs": 30, "early_stopping": ["patience": 2, "metric": .string(metric)]]
    try await LiveService.run { [members] client in
      let outcome = try await client.outcome(.object(members), csv: csv)
      #expect(outcome.says([metric]) || outcome.document["progress"]?["epoch"] == 30, "\(outcome)")
    }
  }

  @Test(arguments: [2, 3, 4, 5, 10])
  func `metrics of many rows do not follow their order`(period: Int) async throws {
    // Nothing can be learned: the classes repeat while x is a number of its own.
    let rows = 5000
    let csv = Table.text("x,y", rows: rows) {
      ["\(Double($0 * 7919 % 5003) / 5003)", $0 % period == 0 ? "a" : "b"]
    }
    var members = try #require(Case.spec(data: ["validation_fraction": 0]).objectValue)
    // Enough to find the more frequent class, and no more.
    members["training"] = ["epochs": 6]
    let truth = 1 - 1 / Double(period)
    try await LiveService.run { [members] client in
      let outcome = try await client.outcome(.object(members), csv: csv)
      let accuracy = outcome.metric("training_accuracy")
      #expect(period == 2 ? abs(accuracy - 0.5) < 0.06 : abs(accuracy - truth) < 0.06, "\(accuracy)")
      #expect(!outcome.metric("training_auc").isNaN)
    }
  }

  @Test func `rows in a pattern are judged by all of them`() async throws {
    try await LiveService.run { client in
      let outcome = try await client.outcome(Case.spec("periodic-rows"), csv: Case.csv("periodic-rows"))
      #expect(abs(outcome.metric("training_accuracy") - 0.5) < 0.05, "\(outcome.metrics ?? .null)")
      #expect(!outcome.metric("training_auc").isNaN)
    }
  }

  @Test func `the result says which epoch its metrics and its model are of`() async throws {
    try await LiveService.run { client in
      let best = try await client.outcome(Case.spec("best-epoch")).document["result"]
      #expect(best?["keep"] == "best")
      #expect(best?["epoch"] != nil && best?["epoch"] == best?["best_epoch"], "\(best ?? .null)")
      #expect(best?["last"]?["epoch"] == 300)
      let loss = try #require(best?["metrics"]?["validation_loss"]?.doubleValue)
      let last = try #require(best?["last"]?["metrics"]?["validation_loss"]?.doubleValue)
      #expect(loss < 0.5 * last, "\(loss), \(last)")

      var members = try #require(try Case.spec("best-epoch").objectValue)
      var training = try #require(members["training"]?.objectValue)
      training["keep"] = "last"
      members["training"] = .object(training)
      let kept = try await client.outcome(.object(members))
      #expect(kept.document["result"]?["epoch"] == 300 && !kept.warnings.isEmpty, "\(kept)")
      #expect(kept.metric("validation_loss") == last)
    }
  }
}
