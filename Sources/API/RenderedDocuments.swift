// Documents and drawings of trained models that were asked for lately: what is asked for again is only sent again.

import HTTP
import HTTPTypes
import Text

/// Responses that the target of their request and a strong entity tag stand for.
final class RenderedDocuments: Sendable {
  private struct Key: Hashable {
    var target: Target
    var tag: EntityTag
  }

  private let kept: RecentValues<Key, Response>

  /// - Parameter capacity: bytes of all contents together. A larger one is not kept.
  init(capacity: Int) { kept = RecentValues(capacity: capacity) }

  /// The response to `request` whose content `tag` stands for: that of an earlier request, or the one that is made now.
  ///
  /// - Parameter make: of the request's target and the tag alone; its content takes the tag.
  func response(
    to request: Request, _ tag: EntityTag, _ make: () async throws -> Response
  ) async throws -> Response {
    let key = Key(target: request.target, tag: tag)
    if let response = kept.value(for: key) { return response }
    var response = try await make()
    response.fields[.eTag] = tag.description
    if case .bytes(let content) = response.body { kept.keep(response, for: key, bytes: content.count + 1024) }
    return response
  }
}

extension Call {
  /// What `tag` stands for: 304, if the client has it, or the response that was made or is now made of it.
  ///
  /// - Parameter make: as ``RenderedDocuments/response(to:_:_:)`` has it.
  func rendered(_ tag: EntityTag, _ make: () async throws -> Response) async throws -> Response {
    if IfNoneMatch(request.fields)?.matches(tag) == true {
      return Response(
        status: .notModified,
        fields: [.eTag: tag.description, .cacheControl: Caching.revalidate.rawValue])
    }
    return try await documents.response(to: request, tag, make)
  }
}
