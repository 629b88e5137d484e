// The training that a client was promised, prepared again from what was stored of it.

import Data
import Digest
public import JSON

/// Why a stored job is not what was promised.
public enum PromiseError: Error, Equatable, Sendable {
  /// The stored specification is not the one with this digest.
  case otherDigest(expected: String, found: String)
  /// It is, but is no longer accepted.
  case refused(SpecificationError)
}

extension PreparedTraining {
  /// The members of `data` that hold the rows themselves: the resolved specification goes without them.
  static let rowMembers = ["inputs", "targets", "csv"]

  /// Prepares the resolved specification itself, so that a default that has changed since changes nothing, with the rows of
  /// the request that it came from.
  ///
  /// - Parameters:
  ///   - request: as it was sent.
  ///   - resolvedSpec: what ``resolvedSpec`` was then.
  ///   - digest: what ``specDigest`` was then.
  public init(
    _ request: TrainingRequest, promised resolvedSpec: JSONValue, digest: String,
    limits: TrainingLimits = .init()
  ) throws(PromiseError) {
    let found = SHA256.hexDigest(of: resolvedSpec.serialized())
    guard found == digest else { throw .otherDigest(expected: digest, found: found) }
    var document = resolvedSpec.objectValue ?? [:]
    var data = document["data"]?.objectValue ?? [:]
    for member in Self.rowMembers { data[member] = request.document["data"]?[member] }
    if let lengths = request.document["data"]?["lengths"], lengths.arrayValue != nil {
      data["lengths"] = lengths
    }
    document["data"] = .object(data)
    do throws(SpecificationError) {
      try self.init(
        TrainingRequest(document: .object(document), attachment: request.attachment), limits: limits)
    } catch {
      throw .refused(error)
    }
  }

  /// About how many bytes the encoded rows and documents take.
  public var byteCount: Int {
    let examples = [dataset.training, dataset.validation, dataset.test]
    return examples.reduce(65_536) { $0 + 4 * ($1.inputs.count + $1.targets.count) }
  }
}
