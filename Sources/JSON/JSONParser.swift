// The strict JSON parser: bytes in, one value or one exactly placed error out.

/// Reads JSON text (RFC 8259) of the interoperable profile I-JSON (RFC 7493).
///
/// Rejected beyond the grammar: duplicate names, lone surrogates, invalid UTF-8, numbers too large for a
/// double, trailing bytes. One leading byte order mark is ignored (RFC 8259 §8.1). The parser is iterative:
/// nesting costs heap, never stack, and stops at a limit. Time and memory are linear in the input.
public struct JSONParser {
  /// What a document may ask for.
  public struct Limits: Sendable {
    /// How many arrays and objects may lie in one another.
    public var maximumDepth: Int
    /// Octets of the document.
    public var maximumBytes: Int
    /// Characters of one number: more never carry meaning for a double.
    public var maximumNumberLength: Int

    /// The defaults, or others.
    public init(maximumDepth: Int = 64, maximumBytes: Int = 64 << 20, maximumNumberLength: Int = 1100) {
      self.maximumDepth = maximumDepth
      self.maximumBytes = maximumBytes
      self.maximumNumberLength = maximumNumberLength
    }
  }

  /// An array or object whose end has not been seen.
  private struct Frame {
    enum Kind { case array, object }
    var kind: Kind
    var array = JSONArray()
    var object = JSONObject()
    /// The name of the member whose value is next.
    var name = ""

    mutating func add(_ value: JSONValue) {
      switch kind {
      case .array: array.append(value)
      case .object: object[name] = value
      }
    }

    var value: JSONValue {
      switch kind {
      case .array: .array(array)
      case .object: .object(object)
      }
    }
  }

  let bytes: [UInt8]
  let limits: Limits
  var position = 0
  private var frames: [Frame] = []
  /// Where the names of the outermost object's members begin; kept only when it is asked for.
  private var memberOffsets: [String: Int]?
  /// Numbers that memory may still be set aside for before they are read; there cannot be more in the document.
  var room: Int

  private init(_ bytes: [UInt8], limits: Limits) {
    self.bytes = bytes
    self.limits = limits
    room = bytes.count / 2
  }

  /// The value of the one document in `bytes`.
  public static func parse(
    _ bytes: [UInt8], limits: Limits = Limits()
  ) throws(JSONSyntaxError) -> JSONValue {
    var parser = JSONParser(bytes, limits: limits)
    return try parser.document()
  }

  /// The value of the one document in `bytes`, and where in the text the members of its outermost object are named,
  /// for messages about them.
  public static func parseWithPlaces(
    _ bytes: [UInt8], limits: Limits = Limits()
  ) throws(JSONSyntaxError) -> (value: JSONValue, places: [String: TextPlace]) {
    var parser = JSONParser(bytes, limits: limits)
    parser.memberOffsets = [:]
    let value = try parser.document()
    return (value, (parser.memberOffsets ?? [:]).mapValues { TextPlace(of: $0, in: bytes) })
  }

  private mutating func document() throws(JSONSyntaxError) -> JSONValue {
    guard bytes.count <= limits.maximumBytes else {
      throw error(.tooLarge(maximumBytes: limits.maximumBytes), at: limits.maximumBytes)
    }
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    while true {
      guard var value = try beginValue() else { continue }
      // A value is complete: it goes to the container around it, which it may complete in turn.
      while let top = frames.indices.last {
        frames[top].add(value)
        guard try endsContainer(frames[top].kind) else { break }
        value = frames.removeLast().value
      }
      if frames.isEmpty {
        skipWhitespace()
        if let byte = peek() { throw error(.unexpectedByte(byte, expected: .endOfDocument)) }
        return value
      }
    }
  }

  /// Reads a whole scalar, numeric array or empty container; nil when a container was opened and its first
  /// element comes next.
  private mutating func beginValue() throws(JSONSyntaxError) -> JSONValue? {
    skipWhitespace()
    guard let byte = peek() else { throw error(.unexpectedEnd(expected: .value)) }
    switch byte {
    case UInt8(ascii: "["): return try beginArray()
    case UInt8(ascii: "{"): return try beginObject()
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number())
    case UInt8(ascii: "t"): return try literal("true", .bool(true))
    case UInt8(ascii: "f"): return try literal("false", .bool(false))
    case UInt8(ascii: "n"): return try literal("null", .null)
    default: throw error(.unexpectedByte(byte, expected: .value))
    }
  }

  /// Numbers and rows of numbers at the front are read in one tight loop into compact storage.
  private mutating func beginArray() throws(JSONSyntaxError) -> JSONValue? {
    try checkDepth()
    position += 1
    skipWhitespace()
    if peek() == UInt8(ascii: "]") {
      position += 1
      return .array([])
    }
    if peek() == UInt8(ascii: "["), frames.count + 1 < limits.maximumDepth {
      let (matrix, isEnd) = ordinaryRows()
      if isEnd { return .array(matrix) }
      frames.append(Frame(kind: .array, array: matrix))
      return nil
    }
    var numbers: [Double] = []
    while let byte = peek(), byte == UInt8(ascii: "-") || isDigit(byte) {
      if ordinaryNumbers(into: &numbers) { return .array(JSONArray(numbers: numbers)) }
      guard let byte = peek(), byte == UInt8(ascii: "-") || isDigit(byte) else { break }
      numbers.append(try number())
      if try endsContainer(.array) { return .array(JSONArray(numbers: numbers)) }
      skipWhitespace()
    }
    frames.append(Frame(kind: .array, array: JSONArray(numbers: numbers)))
    return nil
  }

  private mutating func beginObject() throws(JSONSyntaxError) -> JSONValue? {
    try checkDepth()
    position += 1
    skipWhitespace()
    if peek() == UInt8(ascii: "}") {
      position += 1
      return .object([:])
    }
    frames.append(Frame(kind: .object))
    try name(expected: .nameOrEnd)
    return nil
  }

  /// Consumes what follows an element: true after the container's end, false after a comma, with the next
  /// member's name read too.
  private mutating func endsContainer(_ kind: Frame.Kind) throws(JSONSyntaxError) -> Bool {
    skipWhitespace()
    let end = kind == .array ? UInt8(ascii: "]") : UInt8(ascii: "}")
    let expected: JSONSyntaxError.Expectation = kind == .array ? .commaOrArrayEnd : .commaOrObjectEnd
    guard let byte = peek() else { throw error(.unexpectedEnd(expected: expected)) }
    guard byte == end || byte == UInt8(ascii: ",") else {
      throw error(.unexpectedByte(byte, expected: expected))
    }
    position += 1
    if byte == end { return true }
    if kind == .object { try name(expected: .name) }
    return false
  }

  /// A member's name and colon.
  private mutating func name(expected: JSONSyntaxError.Expectation) throws(JSONSyntaxError) {
    skipWhitespace()
    try expect(UInt8(ascii: "\""), expected)
    let start = position
    let name = try string()
    let top = frames.count - 1
    guard frames[top].object[name] == nil else { throw error(.duplicateName(name), at: start) }
    frames[top].name = name
    if top == 0 { memberOffsets?[name] = start }
    skipWhitespace()
    try expect(UInt8(ascii: ":"), .colon)
    position += 1
  }

  private mutating func literal(
    _ text: StaticString, _ value: JSONValue
  ) throws(JSONSyntaxError) -> JSONValue {
    for index in 0..<text.utf8CodeUnitCount {
      try expect(text.utf8Start[index], .literal)
      position += 1
    }
    return value
  }

  private func checkDepth() throws(JSONSyntaxError) {
    guard frames.count < limits.maximumDepth else {
      throw error(.tooDeep(maximumDepth: limits.maximumDepth))
    }
  }

  func expect(_ wanted: UInt8, _ expectation: JSONSyntaxError.Expectation) throws(JSONSyntaxError) {
    guard let byte = peek() else { throw error(.unexpectedEnd(expected: expectation)) }
    guard byte == wanted else { throw error(.unexpectedByte(byte, expected: expectation)) }
  }

  /// The byte at the position; nil at the end.
  func peek() -> UInt8? {
    position < bytes.count ? bytes[position] : nil
  }

  func error(_ reason: JSONSyntaxError.Reason, at offset: Int? = nil) -> JSONSyntaxError {
    JSONSyntaxError(reason, at: offset ?? position, in: bytes)
  }

  private mutating func skipWhitespace() {
    while let byte = peek(), isWhitespace(byte) { position += 1 }
  }
}

func isWhitespace(_ byte: UInt8) -> Bool {
  byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
}

func isDigit(_ byte: UInt8) -> Bool {
  UInt8(ascii: "0") <= byte && byte <= UInt8(ascii: "9")
}
