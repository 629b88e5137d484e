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

  /// The response to `request` whose content `tag` stands for, if it was made for an earlier one.
  func kept(for request: Request, _ tag: EntityTag) -> Response? {
    kept.value(for: Key(target: request.target, tag: tag))
  }

  /// Keeps the response to `request`, which depends on its target and the tag alone.
  func keep(_ response: Response, for request: Request, _ tag: EntityTag) {
    guard case .bytes(let content) = response.body else { return }
    kept.keep(response, for: Key(target: request.target, tag: tag), bytes: content.count + 1024)
  }
}

extension Call {
  /// What `tag` stands for, if that needs no making: 304, if the client has it, or the response that was made before.
  private func kept(_ tag: EntityTag) -> Response? {
    if let kept = documents.kept(for: request, tag) { return kept.revalidated(for: request) }
    guard IfNoneMatch(request.fields)?.matches(tag) == true else { return nil }
    return Response(
      status: .notModified, fields: [.eTag: tag.description, .cacheControl: Caching.revalidate.rawValue])
  }

  /// What `tag` stands for: kept, or made now.
  ///
  /// - Parameter make: of the request's target and the tag alone; its content takes the tag.
  func rendered(_ tag: EntityTag, _ make: () async throws -> Response) async throws -> Response {
    if let kept = kept(tag) { return kept }
    var response = try await make()
    response.fields[.eTag] = tag.description
    documents.keep(response, for: request, tag)
    return response
  }
}
