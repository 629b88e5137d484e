// Forms with files: multipart/form-data in a complete body.

/// `multipart/form-data` (RFC 7578, RFC 2046 §5.1).
public enum Multipart {
  /// Bounds on a form.
  public struct Limits: Sendable, Hashable {
    /// Parts in all.
    public var parts = 16
    /// Octets of one part's header section.
    public var partHeader = 8 * 1024
    /// Header lines of one part.
    public var partHeaderCount = 16

    /// The defaults above.
    public init() {}
  }

  /// One field of the form.
  public struct Part: Sendable, Hashable {
    /// The name of the form's field.
    public var name: String
    /// As the client named its file: a label, never a path.
    public var filename: String?
    /// `nil` if the part names none; it is then plain text (RFC 7578 §4.4).
    public var contentType: MediaType?
    /// The octets between the part's header and its boundary, shared with the form.
    public var content: ArraySlice<UInt8>
  }

  /// Parses `body` as the form that `contentType` announces.
  ///
  /// Preamble and epilogue are ignored, as are part header fields other than Content-Disposition and Content-Type.
  /// The parts share the storage of `body`.
  ///
  /// Complexity: linear in the body.
  public static func parse(
    _ body: [UInt8], contentType: MediaType, limits: Limits = Limits()
  ) throws(MultipartError) -> [Part] {
    guard contentType.essence == "multipart/form-data" else { throw .notFormData }
    guard let boundary = contentType.parameters["boundary"], isBoundary(boundary) else {
      throw .invalidBoundary
    }
    var reader = MultipartReader(body: body, boundary: Array(boundary.utf8), limits: limits)
    var parts: [Part] = []
    var names: Set<String> = []
    try reader.skipPreamble()
    while let part = try reader.nextPart() {
      guard parts.count < limits.parts else { throw .tooManyParts(maximum: limits.parts) }
      guard names.insert(part.name).inserted else { throw .duplicateName(part.name) }
      parts.append(part)
    }
    return parts
  }

  /// `boundary := 0*69<bchars> bcharsnospace` (RFC 2046 §5.1.1).
  private static func isBoundary(_ text: String) -> Bool {
    (1...70).contains(text.utf8.count) && text.utf8.last != .space
      && text.utf8.allSatisfy { byte in
        Octet.isAlphanumeric(byte) || "'()+_,-./:=? ".utf8.contains(byte)
      }
  }
}

/// What is wrong with a form.
public enum MultipartError: Error, Sendable, Hashable {
  /// The media type is not multipart/form-data.
  case notFormData
  /// The boundary parameter is missing or malformed.
  case invalidBoundary
  /// The body has no `--boundary` line.
  case missingFirstBoundary
  /// The body ends before `--boundary--`.
  case missingFinalBoundary
  /// A boundary is followed by something else than a line end, or `--`.
  case malformedBoundaryLine
  /// A part's header section is malformed.
  case malformedPartHeader
  /// A part's header section is too long or has too many lines.
  case partHeaderTooLarge
  /// A part has no `Content-Disposition: form-data` with a name.
  case missingName
  /// A part's Content-Type is malformed.
  case invalidContentType
  /// Two parts have the same name.
  case duplicateName(String)
  /// More parts than allowed.
  case tooManyParts(maximum: Int)
}
