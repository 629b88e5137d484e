// A warning as clients get it.

public import JSON

extension Warning {
  /// `{code, message, pointer}`, the pointer as a fragment, or null.
  public var document: JSONValue {
    [
      "code": .string(code), "message": .string(message),
      "pointer": pointer.map { .string($0.fragment) } ?? .null,
    ]
  }
}
