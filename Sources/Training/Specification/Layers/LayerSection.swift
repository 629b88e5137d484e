// A layer as a document names it: what every type of layer must know.

package import JSON

/// One layer of the document, a value; each type is one file, and ``Layers/all`` lists them.
package protocol LayerSection: Sendable {
  /// As documents have it.
  var type: String { get }

  /// Layers inside it.
  var inner: [any LayerSection] { get }

  /// Adds its members, all but `type`, with every default written out.
  func write(to object: inout JSONObject)

  /// Hands over the engine's layers that it stands for.
  func assemble(_ assembler: inout LayerAssembler)
}

extension LayerSection {
  package var inner: [any LayerSection] { [] }

  package func write(to object: inout JSONObject) {}

  /// The layer and all those inside it.
  var count: Int { inner.reduce(1) { $0 + $1.count } }

  /// The layer with its defaults written out; an absent activation means the job's.
  var resolved: JSONValue {
    var object = JSONObject()
    object["type"] = .string(type)
    write(to: &object)
    return .object(object)
  }
}

/// Which activation a layer has.
package enum ActivationChoice: Sendable {
  /// The job's own.
  case job
  case none
  case own(ActivationSection)

  var resolved: JSONValue? {
    switch self {
    case .job: nil
    case .none: "none"
    case .own(let section): section.resolved
    }
  }
}
