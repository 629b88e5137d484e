// The JSON file of settings: its members, and where each stands for the messages about it.

import JSON
import Text

/// A configuration file that has been read: one JSON object.
struct ConfigurationFile {
  private let path: String
  private let members: JSONObject
  private let places: [String: TextPlace]

  /// - Throws: `CommandFailure` with status 2 when the file cannot be read, or is not one JSON object.
  init(_ path: String) throws(CommandFailure) {
    self.path = path
    let bytes: [UInt8]
    do {
      bytes = try readFile(path, purpose: "the configuration file")
    } catch {
      throw CommandFailure(message: error.message, status: CommandFailure.usage)
    }
    let document: JSONValue
    do {
      (document, places) = try JSONParser.parseWithPlaces(bytes)
    } catch {
      throw CommandFailure(
        message: "\(path):\(error.line):\(error.column): \(error.reason)", status: CommandFailure.usage)
    }
    guard case .object(let members) = document else {
      throw CommandFailure(
        message: "\(path): expected a JSON object of settings, got \(document.typeNameWithArticle)",
        status: CommandFailure.usage)
    }
    self.members = members
  }

  /// A member's value, and its place as `FILE:LINE:COLUMN`; nil where the file does not have it.
  func member(_ name: String) -> (value: JSONValue, place: String)? {
    members[name].map { ($0, place(of: name)) }
  }

  /// A fault for each member that is none of `known`.
  func unknownNames(in known: [String]) -> [String] {
    members.keys.filter { !known.contains($0) }.map { name in
      "\(place(of: name)): unknown setting \(quoted(name))\(suggestion(for: name, among: known))"
    }
  }

  private func place(of name: String) -> String {
    places[name].map { "\(path):\($0.line):\($0.column)" } ?? path
  }
}
