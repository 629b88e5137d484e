// The content coding of a response: chosen by the request, applied to what gains by it, told in its fields.

import Compression
import HTTP
import HTTPTypes
import Jobs

/// What one request lets be done with the content of its answer (RFC 9110 §12.5.3).
struct ResponseCoding: Sendable {
  /// The coding for content that gains by it.
  let preferred: ContentCoding
  /// Whether content may be sent as it is.
  let allowsIdentity: Bool

  /// Shorter content is sent as it is: it fits into one packet either way.
  static let minimumBytes = 1024
  /// What is compressed where it is made: about 0.2 ms, no more than the change to another thread and back under load.
  private static let bytesAtOnce = 16 * 1024
  /// Longer content is compressed while it is sent, so that no two forms of it are in memory.
  static let maximumBytesAtOnce = 1 << 20

  /// - Throws: `.noCodingAcceptable` if the client refuses both gzip and no coding.
  init(for request: Request) throws(APIError) {
    let accepted = AcceptEncoding(request.fields)
    guard let coding = accepted.preferred else { throw .noCodingAcceptable }
    preferred = coding
    allowsIdentity = accepted.allowsIdentity
  }

  /// No coding, where there is no choice.
  static let none = ResponseCoding(preferred: .identity, allowsIdentity: true)

  private init(preferred: ContentCoding, allowsIdentity: Bool) {
    self.preferred = preferred
    self.allowsIdentity = allowsIdentity
  }

  /// Whether `response` is to be compressed: it is whole text, not compressed yet, long enough, and no secret.
  func compresses(_ response: Response) -> Bool {
    guard preferred == .gzip, response.fields.value(of: .contentEncoding) == nil,
      case .bytes(let content) = response.body,
      !content.isEmpty, response.mayBeCoded
    else { return false }
    return !allowsIdentity || response.isText && content.count >= Self.minimumBytes
  }

  /// `response`, which has its coding, with the fields that say so.
  ///
  /// Of a response with a tag that tag is the one of the content without coding; it becomes that of the octets sent.
  /// - Parameter request: as it came, with the tags of what the client has.
  func described(_ response: Response, for request: Request) -> Response {
    var response = response
    let isCoded = response.fields.value(of: .contentEncoding) == ContentCoding.gzip.rawValue
    // What the client has is current: which of its forms that was is in the tags that it sent.
    let isKnown = response.status == .notModified
    guard isCoded || isKnown || response.mayBeCoded && response.isText else { return response }
    response.addVary(.acceptEncoding)
    if isCoded || isKnown && preferred == .gzip,
      let tag = response.fields.value(of: .eTag).flatMap(EntityTag.init(parsing:))?.coded(.gzip),
      isCoded || request.names(tag)
    {
      response.fields[.eTag] = tag.description
    }
    return response
  }

  /// `response` with its content in gzip. The work is done where it keeps nobody from being answered.
  ///
  /// - Parameter isKept: whether others get the same content, which is then whole; other long content is compressed while
  ///   it is sent.
  func compressed(
    _ response: Response, level: GzipLevel = .fast, isKept: Bool = false, for call: Call
  ) async -> Response {
    guard case .bytes(let content) = response.body else { return response }
    var coded = response
    coded.fields[.contentEncoding] = ContentCoding.gzip.rawValue
    if !isKept, content.count > Self.maximumBytesAtOnce {
      coded.body = .stream(ContentStream(CompressedContent(content, for: call)))
    } else if level == .fast, content.count <= Self.bytesAtOnce {
      coded.body = .bytes(Gzip.compressed(content, level: level))
    } else {
      // Nothing in it throws; if that changes, the content as it is says the same.
      guard let bytes = try? await call.jobs.compute({ Gzip.compressed(content, level: level) }) else {
        return response
      }
      coded.body = .bytes(bytes)
    }
    if case .bytes(let bytes) = coded.body {
      call.metrics.sent.add(content: content.count, coded: bytes.count)
    }
    return coded
  }
}

extension Call {
  /// `response` to the request as it came, in the coding that it gets; nil if it has to be compressed first.
  func codedAtOnce(_ response: Response, for original: Request) -> Response? {
    guard coding.compresses(response) else { return coding.described(response, for: original) }
    return keptInGzip(response).map { coding.described($0, for: original) }
  }

  /// `response` to the request as it came, in the coding that it gets.
  func coded(_ response: Response, for original: Request) async -> Response {
    guard coding.compresses(response) else { return coding.described(response, for: original) }
    if let kept = keptInGzip(response) { return coding.described(kept, for: original) }
    // What is kept as it is is kept in gzip too, under the tag of that.
    let tag = response.fields.value(of: .eTag).flatMap(EntityTag.init(parsing:))
    let isKept = tag.flatMap { documents.kept(for: request, $0) } != nil
    let coded = await coding.compressed(response, isKept: isKept, for: self)
    if isKept, let tag { documents.keep(coded, for: request, tag.coded(.gzip)) }
    return coding.described(coded, for: original)
  }

  private func keptInGzip(_ response: Response) -> Response? {
    let tag = response.fields.value(of: .eTag).flatMap(EntityTag.init(parsing:))
    var kept = tag.flatMap { documents.kept(for: request, $0.coded(.gzip)) }
    kept?.holds = response.holds
    return kept
  }
}

extension Request {
  /// Whether its If-None-Match has this tag.
  fileprivate func names(_ tag: EntityTag) -> Bool {
    if case .tags(let tags) = IfNoneMatch(fields) { tags.contains(where: tag.weaklyMatches) } else { false }
  }
}

extension Response {
  /// Whether a coding may be applied at all: nothing of a partial answer or a stream, and nothing that its maker wants sent
  /// as it is (`no-transform`, such as a secret, whose length compression could betray).
  fileprivate var mayBeCoded: Bool {
    if case .stream = body { return false }
    return status.kind != .informational && status.kind != .redirection && status != .partialContent
      && fields.value(of: .contentRange) == nil
      && fields.value(of: .cacheControl)?.hasSuffix("no-transform") != true
  }

  /// Whether the content is text, which gains by compression; arrays and models hardly do, and streams are not held up.
  fileprivate var isText: Bool {
    // Our own types are written in lower case.
    guard let field = fields.value(of: .contentType) else { return false }
    let type = field.utf8.firstIndex(of: 0x3B).map { field[..<$0] } ?? field[...]
    if type.hasPrefix("text/") { return type != "text/event-stream" }
    return type.hasSuffix("json") || type.hasSuffix("xml") || type.hasSuffix("yaml")
      || type.hasSuffix("-text") || type == "application/vnd.oai.openapi"
  }

  fileprivate mutating func addVary(_ name: HTTPField.Name) {
    fields[.vary] = fields.value(of: .vary).map { "\($0), \(name.rawName)" } ?? name.rawName
  }
}
