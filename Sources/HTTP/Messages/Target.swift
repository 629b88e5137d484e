// The request target, split and percent-decoded exactly once.

/// What a request is about: the path and query of RFC 9112 §3.2, decoded.
public struct Target: Sendable, Hashable {
  /// One `name=value` of the query.
  public struct QueryItem: Sendable, Hashable {
    /// The decoded name, never with control characters.
    public var name: String
    /// The decoded value, empty where there was none.
    public var value: String

    /// An item of decoded texts.
    public init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  /// True for `*`, the target of `OPTIONS *` (RFC 9112 §3.2.4); the path and query are then empty.
  public var isAsterisk: Bool
  /// The path's segments, each decoded once; `/` has none, `/a/` has `["a", ""]`. A `%2F` is part of its segment.
  public var segments: [String]
  /// The query's items in order, as many of a name as were sent. A missing `=` means an empty value.
  public var query: [QueryItem]

  /// A target of decoded parts.
  public init(isAsterisk: Bool = false, segments: [String] = [], query: [QueryItem] = []) {
    self.isAsterisk = isAsterisk
    self.segments = segments
    self.query = query
  }

  /// The value of the first query item `name`.
  public func queryValue(_ name: String) -> String? {
    query.first { $0.name == name }?.value
  }
}
