// Members that are a name, or an object of that name with options: optimisers, initialisers.

import JSON

extension ObjectReader {
  /// Reads such a member; nil where it is absent or faulty.
  ///
  /// - Parameter absent: the name that an object without one means.
  /// - Returns: the name, and a reader for the options, which the caller finishes; it has none under a bare name.
  mutating func named(
    _ member: String, among names: [String], absent: String
  ) -> (name: String, options: ObjectReader)? {
    guard let value = value(member) else { return nil }
    if let word = value.stringValue {
      // A bare name is faulty at its own place, not at a member that the client did not write.
      guard let name = choice(member, among: names) else { return nil }
      var options = ObjectReader(["name": .string(word)], at: pointer.appending(member), faults: faults)
      _ = options.value("name")
      return (name, options)
    }
    var options = ObjectReader(value, at: pointer.appending(member), faults: faults)
    guard value.objectValue != nil else { return nil }
    return (options.choice("name", among: names) ?? absent, options)
  }
}
