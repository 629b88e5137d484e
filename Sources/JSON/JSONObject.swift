// The ordered object of JSON values: members keep the order in which they were written.

/// Name–value pairs with unique names, in order (RFC 8259 §4).
///
/// Names are compared as Swift strings, that is by Unicode canonical equivalence: two spellings of `é` are
/// one name. Look-up takes O(1) on average; small objects are searched without a hash table.
public struct JSONObject: Sendable {
  /// Names and values in the order in which they were added.
  public private(set) var pairs: [(key: String, value: JSONValue)] = []

  /// Where each name is in `pairs`; empty while the object is small enough to search.
  private var positions: [String: Int] = [:]
  private static let searchedCount = 8

  /// An object without members.
  public init() {}

  /// The members in order; the later of two equal names wins, at the place of the first.
  public init(_ pairs: [(String, JSONValue)]) {
    for (key, value) in pairs {
      self[key] = value
    }
  }

  /// Texts by name, in the order of the names, so that equal texts are equal bytes.
  public init(sorting texts: [String: String]) {
    self.init(texts.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })
  }

  /// The number of members.
  public var count: Int { pairs.count }
  /// Whether there is no member.
  public var isEmpty: Bool { pairs.isEmpty }
  /// The names in their order.
  public var keys: [String] { pairs.map(\.key) }

  /// The member's value; setting a new name appends, setting nil removes in O(count).
  public subscript(key: String) -> JSONValue? {
    get {
      position(of: key).map { pairs[$0].value }
    }
    set {
      switch (position(of: key), newValue) {
      case (let position?, let value?):
        pairs[position].value = value
      case (let position?, nil):
        pairs.remove(at: position)
        positions = [:]
        indexIfLarge()
      case (nil, let value?):
        pairs.append((key, value))
        if positions.isEmpty {
          indexIfLarge()
        } else {
          positions[key] = pairs.count - 1
        }
      case (nil, nil):
        break
      }
    }
  }

  private func position(of key: String) -> Int? {
    positions.isEmpty ? pairs.firstIndex { $0.key == key } : positions[key]
  }

  private mutating func indexIfLarge() {
    guard pairs.count > Self.searchedCount else { return }
    for (position, pair) in pairs.enumerated() {
      positions[pair.key] = position
    }
  }
}

extension JSONObject: Equatable {
  /// Equal members, in whatever order (RFC 8259 §1: an object is an unordered collection).
  public static func == (left: JSONObject, right: JSONObject) -> Bool {
    left.count == right.count && left.pairs.allSatisfy { right[$0.key] == $0.value }
  }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
  /// The members in their order; of two with one name the later counts.
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    self.init(elements)
  }
}
