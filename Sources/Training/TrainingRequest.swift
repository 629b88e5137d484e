// What a client sends to have a network trained, and how a refusal of it looks.

public import Data
public import JSON

/// A job specification as parsed from JSON, and the data file that came with it, if one did.
public struct TrainingRequest: Sendable {
  public var document: JSONValue
  public var attachment: Attachment?
  /// The JSON text that `document` was read from, where it is still at hand: keeping it is cheaper than writing it anew.
  public var text: [UInt8]?

  public init(document: JSONValue, attachment: Attachment? = nil, text: [UInt8]? = nil) {
    self.document = document
    self.attachment = attachment
    self.text = text
  }
}

/// A file of CSV or of NumPy's format (NPY) beside the specification: a multipart request's `data` part, or the command
/// line's `--data`.
public struct Attachment: Sendable {
  public var bytes: [UInt8]

  public init(bytes: [UInt8]) {
    self.bytes = bytes
  }
}

/// Everything that is wrong with a request, at once; never empty.
public struct SpecificationError: Error, Equatable, Sendable {
  public var faults: [Fault]

  init(faults: [Fault]) {
    precondition(!faults.isEmpty, "an error names at least one fault")
    self.faults = faults
  }
}

/// The most that one job may ask for.
public struct TrainingLimits: Equatable, Sendable {
  public var data = DataLimits()
  public var maximumLayers = 64
  public var maximumUnits = 65_536
  public var maximumParameters = 20_000_000
  /// Values of all layers for the rows of one step, which decides a job's memory.
  public var maximumStepValues = 100_000_000
  public var maximumEpochs = 100_000
  public var maximumIterations = 100_000_000
  public var maximumSeconds = 86_400.0
  public var maximumCurvePoints = 2001

  public init() {}
}
