// A request made ready to run: every fault found, data loaded and split, model outlined and priced.

import Activations
public import Data
import Digest
import Engine
public import JSON
import Text

/// A job that is known to be sound; `run` trains it.
public struct PreparedTraining: Sendable {
  /// What was asked for, with the defaults of all that was not; its rows are gone.
  public let specification: JobSpecification
  /// The rows, encoded and split.
  public let dataset: Dataset
  /// The document as sent, without inline rows and CSV text.
  public let specDocument: JSONValue
  /// The document with every default filled in.
  public let resolvedSpec: JSONValue
  /// What is legal but was probably not meant, in the order of discovery.
  public let warnings: [Warning]
  /// What every layer makes of a row, and the numbers that it trains: `pointer`, `type`, `input`, `output`, `parameters`.
  public let layerShapes: JSONValue
  /// Trainable numbers of the model, those of its activations among them.
  public let parameterCount: Int
  /// Trainable numbers of the activations alone.
  public let activationParameterCount: Int
  /// What training will take, roughly.
  public let estimatedCost: EstimatedCost
  /// SHA-256 of the resolved specification, as 64 hexadecimal digits.
  public let specDigest: String
  /// SHA-256 of the data's bytes: the file or CSV text; arrays in files of their own, each after its name and size; inline
  /// numbers as little-endian doubles, row by row, after the shapes of inputs and targets; any other inline data and synthetic
  /// data as canonical JSON.
  public let dataDigest: String
  /// The model in the engine's terms.
  package let assembly: ModelAssembly
  /// The mini-batches and epochs.
  package let steps: StepPlan

  /// The analysis of the job's activation (``TrainingDescriptions/analysis(of:)``); nil where it has more parameters than
  /// an analysis takes. Takes some tens of milliseconds.
  public var activationAnalysis: JSONValue? {
    guard let strategy = specification.activation?.strategy, let subject = try? AnalysisSubject(strategy)
    else {
      return nil
    }
    return subject.document(named: assembly.specification.activations[0].functionName)
  }

  /// The client's name for the job.
  public var name: String? { specification.name }
  /// The client's own notes.
  public var metadata: [String: String] { specification.metadata }
  /// -10 … 10; higher runs first.
  public var priority: Int { specification.priority }
  /// Decides every random number of the job.
  public var seed: UInt64 { specification.seed }
  /// The strategy of the job's activation: `fixed`, `parametric`, …
  public var strategyName: String { assembly.specification.activations[0].strategyName }
  /// What is learned: numbers, or one of two or more classes.
  public var task: LearningTask { dataset.task }

  /// Reads, checks and loads.
  ///
  /// - Throws: every fault of the document and its data at once.
  /// - Complexity: O(bytes) for reading, O(rows · columns) for encoding; a large data set takes seconds, so that
  ///   this must not run where waiting is forbidden.
  public init(_ request: TrainingRequest, limits: TrainingLimits = .init()) throws(SpecificationError) {
    let faults = FaultCollector()
    var specification = JobSpecification(request, faults: faults, limits: limits)
    var warnings: [Warning] = []
    // A full collector could not tell that the data are faulty too.
    guard !faults.isFull else { throw SpecificationError(faults: faults.faults) }
    let dataset = specification.dataset(faults: faults, limits: limits, warnings: &warnings)
    var shapes: ModelShapes?
    if let dataset {
      shapes = Self.check(specification, dataset, faults: faults, limits: limits)
    } else {
      Self.checkMetricName(specification, names: MetricNames.all, faults: faults)
    }
    guard faults.isEmpty, let dataset, let shapes, let activation = specification.activation else {
      throw SpecificationError(faults: faults.faults)
    }
    let assembly = ModelAssembly(
      specification.model, activation: activation, input: dataset.inputEncoder.rowShape,
      outputs: dataset.targetEncoder.outputs(of: dataset.task))
    let plan = ModelPlan(assembly.specification)
    if plan.parameterCount > limits.maximumParameters {
      faults.add(
        "the model has \(grouped(Double(plan.parameterCount))) parameters; at most "
          + "\(grouped(Double(limits.maximumParameters))) are allowed",
        at: JSONPointer().appending("model"))
      throw SpecificationError(faults: faults.faults)
    }
    OptimizerSection.check(
      specification.training.optimizer, assembly.specification, plan, faults: faults, limits: limits)
    let stages = 1 + (assembly.specification.lastStages.max() ?? 0)
    let steps = specification.steps(of: dataset)
    if steps.epochs < stages {
      faults.add(
        "there are \(steps.epochs) epochs for \(stages) stages of a spline's knots; every stage needs one",
        at: JSONPointer().appending("training").appending("epochs"))
    }
    guard faults.isEmpty else { throw SpecificationError(faults: faults.faults) }
    if !assembly.usesJobActivation {
      warnings.append(
        Warning(
          code: "unused_activation", message: "no layer of the model uses the job's activation",
          pointer: JSONPointer().appending("activation")))
    }
    warnings += shapes.warnings
    warnings += RecurrentWarnings(
      activation: activation.specification,
      isClipped: specification.training.optimizer.gradientClipNorm != nil
    ).warnings(
      specification.model.layers,
      at: JSONPointer().appending("model").appending(specification.model.layersPlace))
    warnings += assembly.specification.activations.enumerated().flatMap { index, activation in
      activation.notes.map { note in
        Warning(
          code: "activation_parameters", message: note,
          pointer: index == 0 ? JSONPointer().appending("activation") : JSONPointer().appending("model"))
      }
    }
    if specification.training.keep == .best,
      specification.training.keptState(hasValidation: dataset.validationRowCount > 0) == .last
    {
      warnings.append(
        Warning(
          code: "last_state_kept",
          message:
            "no row validates and early stopping names no metric, so that there is no best state: the last is kept",
          pointer: JSONPointer().appending("training").appending("keep")))
    }
    self.dataset = dataset
    self.assembly = assembly
    self.warnings = warnings
    layerShapes = shapes.document(parameters: assembly.parameterCounts(plan))
    parameterCount = plan.parameterCount
    activationParameterCount = plan.activationParameterCount
    self.steps = steps
    estimatedCost = EstimatedCost(plan: plan, steps: steps)
    specDocument = Self.withoutRows(request.document)
    resolvedSpec = specification.resolved(dataset: dataset)
    specDigest = SHA256.hexDigest(of: resolvedSpec.serialized())
    dataDigest = Self.dataDigest(specification.data)
    // The encoded rows are all that training reads; the text they came from may be large.
    specification.data.source = nil
    self.specification = specification
  }

  // MARK: - Faults that show only when the data is known

  private static func check(
    _ specification: JobSpecification, _ dataset: Dataset, faults: FaultCollector, limits: TrainingLimits
  ) -> ModelShapes {
    let root = JSONPointer()
    let outputs = dataset.targetEncoder.outputs(of: dataset.task)
    let model = specification.model
    let shapes = ModelShapes(
      model, activation: specification.activation?.specification, input: dataset.inputEncoder.rowShape,
      lengths: dataset.lengths
        ?? (model.tokens?.masksZero == true ? dataset.inputWidth...dataset.inputWidth : nil),
      outputs: outputs,
      targetSteps: dataset.targetSteps, at: root.appending("model"), faults: faults, limits: limits)
    if model.output == .none {
      if shapes.isEmpty {
        faults.add("a model without an output layer needs at least one layer", at: root.appending("model"))
      } else if let width = shapes.last?.channels, width != outputs {
        faults.add(
          "without an output layer the last layer must give \(outputs) \(outputs == 1 ? "number" : "numbers") per row, "
            + "but it gives \(width)",
          at: root.appending("model").appending("output"))
      }
    }
    if shapes.parameters > Double(limits.maximumParameters) {
      faults.add(
        "the model has \(grouped(shapes.parameters)) parameters; at most \(grouped(Double(limits.maximumParameters))) "
          + "are allowed", at: root.appending("model"))
    }
    let steps = specification.steps(of: dataset)
    if model.normalizesBatch, steps.rowsPerStep == 1 {
      faults.add(
        "batch_norm needs at least two rows in a mini-batch\(dataset.trainingRowCount == 1 ? ", but only one row trains" : "")",
        at: root.appending("training").appending("batch_size"))
    }
    if steps.epochs > limits.maximumEpochs {
      faults.add(
        "are \(steps.epochs) epochs of \(steps.stepsPerEpoch) steps; at most \(limits.maximumEpochs) epochs are allowed",
        at: root.appending("training").appending("iterations"))
    }
    if shapes.values * Double(steps.mostRows) > Double(limits.maximumStepValues) {
      faults.add(
        "one step of \(steps.mostRows) rows has \(grouped(shapes.values * Double(steps.mostRows))) values in all layers; at "
          + "most \(grouped(Double(limits.maximumStepValues))) are allowed",
        at: root.appending("training").appending("batch_size"))
    }
    let names = MetricNames.names(of: dataset.task, hasValidation: dataset.validationRowCount > 0)
    checkMetricName(specification, names: names, faults: faults)
    checkMetricIsDefined(specification, dataset, faults: faults)
    return shapes
  }

  /// A metric that these rows leave undefined, whatever the model, would never let training stop.
  private static func checkMetricIsDefined(
    _ specification: JobSpecification, _ dataset: Dataset, faults: FaultCollector
  ) {
    guard let metric = specification.training.earlyStopping?.metric else { return }
    let rows = EvaluatedRows(dataset, seed: specification.seed)
    let evaluator = Evaluator(task: dataset.task, targets: dataset.targetEncoder)
    for (part, examples) in [(DataPart.training, rows.training), (.validation, rows.validation)] {
      for measure in MetricNames.measures(of: dataset.task) where part.name(measure) == metric {
        guard let reason = evaluator.reasonUndefined(measure, of: examples, in: part) else { continue }
        faults.add("`\(metric)` can never be a number: \(reason)", at: metricPlace)
      }
    }
  }

  private static let metricPlace = JSONPointer().appending("training").appending("early_stopping")
    .appending("metric")

  private static func checkMetricName(
    _ specification: JobSpecification, names: [String], faults: FaultCollector
  ) {
    guard let metric = specification.training.earlyStopping?.metric, !names.contains(metric) else { return }
    let place = metricPlace
    if metric.hasPrefix("test_") {
      faults.add("test rows are measured once, after the end: nothing can be chosen by them", at: place)
      return
    }
    if MetricNames.all.contains(metric), metric.hasPrefix("validation_"), !names.contains("validation_loss") {
      faults.add("`\(metric)` needs validation rows, but no row validates", at: place)
      return
    }
    faults.add("there is no metric `\(metric)` here\(suggestion(for: metric, among: names))", at: place)
  }
}

extension JobSpecification {
  fileprivate func steps(of dataset: Dataset) -> StepPlan {
    StepPlan(training, rows: dataset.trainingRowCount, normalizesBatch: model.normalizesBatch)
  }
}
