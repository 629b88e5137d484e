// The `training` section: how long, in what steps, with which optimiser, and when to stop.

import Data
package import Engine
import JSON

/// Which state of a model a run keeps, which then predicts.
public enum KeptState: String, CaseIterable, Sendable {
  /// The best by the early-stopping metric, else by the validation loss.
  case best
  /// That after the last whole epoch.
  case last
}

/// How a job trains.
package struct TrainingSection: Sendable {
  /// How long training lasts, unless something stops it early.
  package enum Length: Equatable, Sendable {
    case epochs(Int)
    case iterations(Int)
  }

  /// Rows of a mini-batch.
  package enum BatchSize: Equatable, Sendable {
    case rows(Int)
    case full
  }

  /// How many threads train; `auto` takes what the service has to spare.
  package enum Threads: Equatable, Sendable {
    case auto
    case count(Int)
  }

  /// When to stop before the end.
  package struct EarlyStopping: Equatable, Sendable {
    /// Epochs in a row without improvement.
    package var patience: Int
    /// What an improvement must exceed, in the metric's own unit.
    package var minimumDelta: Double
    /// A metric of every epoch.
    package var metric: String
  }

  /// 100 epochs unless given.
  package var length = Length.epochs(100)
  /// 32 rows unless given.
  package var batchSize = BatchSize.rows(32)
  /// The update rule, weight decay and clipping.
  package var optimizer = OptimizerSpecification()
  /// How the learning rate changes.
  package var schedule = ScheduleSection()
  /// Nil: never.
  package var earlyStopping: EarlyStopping?
  /// Nil: `best` where there is something to judge by.
  package var keep: KeptState?
  /// Whether every epoch has an order of its own.
  package var shuffle = true
  /// How the initial weights are drawn.
  package var initializer = Initializer.auto
  /// How many threads train.
  package var threads = Threads.auto

  /// Everything as it is by default.
  package init() {}
}

extension TrainingSection {
  init(_ value: JSONValue?, at pointer: JSONPointer, faults: FaultCollector, limits: TrainingLimits) {
    guard let value else { return }
    var reader = ObjectReader(value, at: pointer, faults: faults)
    if reader.has("epochs"), reader.has("iterations") {
      reader.fault("iterations", "give either epochs or iterations, not both")
    }
    if let epochs = reader.integer("epochs", in: 1...limits.maximumEpochs) { length = .epochs(epochs) }
    if let count = reader.integer("iterations", in: 1...limits.maximumIterations) {
      length = .iterations(count)
    }
    if let size = Self.integer(or: "full", "batch_size", in: 1...limits.data.maximumRows, &reader) {
      batchSize = size.map(BatchSize.rows) ?? .full
    }
    optimizer = OptimizerSection.read(&reader)
    schedule = ScheduleSection(reader.value("schedule"), at: pointer.appending("schedule"), faults: faults)
    if let stopping = reader.object("early_stopping") { earlyStopping = Self.earlyStopping(stopping) }
    keep = reader.choice("keep", of: KeptState.self)
    shuffle = reader.bool("shuffle") ?? true
    initializer = InitializerSection.read(&reader)
    if let count = Self.integer(or: "auto", "threads", in: 1...1024, &reader) {
      threads = count.map(Threads.count) ?? .auto
    }
    if type(of: optimizer.kind).searchesLine { useLineSearch(&reader) }
    reader.finish()
  }

  /// What a line search asks of the rest of the section: all rows in a step, and no other say in the step's length.
  private mutating func useLineSearch(_ reader: inout ObjectReader) {
    let name = type(of: optimizer.kind).name
    if case .rows = batchSize, reader.has("batch_size") {
      reader.fault("batch_size", "`\(name)` takes all rows in a step; leave it out or give \"full\"")
    }
    batchSize = .full
    if optimizer.gradientClipNorm != nil {
      reader.fault("gradient_clip_norm", "`\(name)` finds the length of its steps itself; leave it out")
    }
    if schedule.name != .constant || schedule.warmupEpochs > 0 {
      reader.fault("schedule", "`\(name)` finds the length of its steps itself; leave it constant")
    }
  }

  /// A whole number, or the one word that stands for none: nil inside the optional.
  private static func integer(
    or word: String, _ name: String, in range: ClosedRange<Int>, _ reader: inout ObjectReader
  ) -> Int?? {
    guard let value = reader.value(name) else { return nil }
    if value.stringValue == word { return .some(nil) }
    if value.doubleValue != nil { return reader.integer(name, in: range).map { .some($0) } }
    reader.fault(name, "expected a whole number or \"\(word)\"")
    return nil
  }

  private static func earlyStopping(_ given: ObjectReader) -> EarlyStopping? {
    var reader = given
    let patience = reader.integer("patience", in: 1...100_000, required: true)
    let minimumDelta = reader.number("min_delta", in: 0...1e9) ?? 0
    let metric = reader.string("metric", maximumCharacters: 100) ?? "validation_loss"
    reader.finish()
    return patience.map { EarlyStopping(patience: $0, minimumDelta: minimumDelta, metric: metric) }
  }

  /// The metric that early stopping watches and by which an epoch is the best.
  func monitoredMetric(hasValidation: Bool) -> String {
    earlyStopping?.metric ?? (hasValidation ? "validation_loss" : "training_loss")
  }

  /// The state that a run keeps. By the training loss alone, which falls on and on, none is chosen unless early stopping
  /// asks for a training metric.
  func keptState(hasValidation: Bool) -> KeptState {
    hasValidation || earlyStopping != nil ? keep ?? .best : .last
  }

  /// The section with its defaults written out.
  func resolved(hasValidation: Bool) -> JSONValue {
    var object = JSONObject()
    switch length {
    case .epochs(let count): object["epochs"] = .integer(count)
    case .iterations(let count): object["iterations"] = .integer(count)
    }
    object["batch_size"] =
      switch batchSize {
      case .rows(let count): .integer(count)
      case .full: "full"
      }
    object["optimizer"] = OptimizerSection.resolved(optimizer)
    object["schedule"] = schedule.resolved
    object["weight_decay"] = .number(optimizer.weightDecay)
    object["gradient_clip_norm"] = optimizer.gradientClipNorm.map(JSONValue.number) ?? .null
    object["early_stopping"] =
      earlyStopping.map {
        [
          "patience": .integer($0.patience), "min_delta": .number($0.minimumDelta),
          "metric": .string($0.metric),
        ]
      } ?? .null
    object["keep"] = .string(keptState(hasValidation: hasValidation).rawValue)
    object["shuffle"] = .bool(shuffle)
    object["initializer"] = InitializerSection.resolved(initializer)
    object["threads"] =
      switch threads {
      case .auto: "auto"
      case .count(let count): .integer(count)
      }
    return .object(object)
  }
}
