// What a client sends to have a network trained, and how a refusal of it looks.

public import Data
public import JSON

/// A job specification as parsed from JSON, and the data file that came with it, if one did.
public struct TrainingRequest: Sendable {
  /// The specification.
  public var document: JSONValue
  /// The data file, if one came with it.
  public var attachment: Attachment?
  /// The JSON text that `document` was read from, where it is still at hand: keeping it is cheaper than writing it anew.
  public var text: [UInt8]?

  /// - Parameter text: the JSON text that `document` was read from, if it is at hand.
  public init(document: JSONValue, attachment: Attachment? = nil, text: [UInt8]? = nil) {
    self.document = document
    self.attachment = attachment
    self.text = text
  }
}

/// Everything that is wrong with a request, at once; never empty.
public struct SpecificationError: Error, Equatable, Sendable {
  /// In the order of discovery, each at its place in the specification.
  public var faults: [Fault]

  init(faults: [Fault]) {
    precondition(!faults.isEmpty, "an error names at least one fault")
    self.faults = faults
  }
}

/// The most that one job may ask for.
public struct TrainingLimits: Equatable, Sendable {
  /// Of the rows.
  public var data = DataLimits()
  /// Of a model as the client names them.
  public var maximumLayers = 64
  /// Numbers in a row of a layer.
  public var maximumUnits = 65_536
  /// Elements of a kernel or a pooling window along one axis, and what it may be moved or spread by.
  public var maximumWindow = 1024
  /// Trainable numbers of a model.
  public var maximumParameters = 20_000_000
  /// Values of all layers for the rows of one step, which decides a job's memory.
  public var maximumStepValues = 100_000_000
  /// Of one run.
  public var maximumEpochs = 100_000
  /// Steps of one run.
  public var maximumIterations = 100_000_000
  /// That a client may allow a run.
  public var maximumSeconds = 86_400.0
  /// Of an activation's curve in a document.
  public var maximumCurvePoints = 2001

  /// The defaults above.
  public init() {}
}
