// Entity tags of coded content, and preconditions that name them.

public import HTTPTypes

extension EntityTag {
  /// The tag of the same content in a coding: `"r17"` is `"r17-gzip"` in gzip.
  public func coded(_ coding: ContentCoding) -> EntityTag {
    EntityTag(opaque + coding.tagSuffix, isWeak: isWeak)
  }

  /// The tag of the content behind a coding.
  fileprivate var uncoded: EntityTag {
    let suffix = ContentCoding.gzip.tagSuffix
    return opaque.hasSuffix(suffix) ? EntityTag(String(opaque.dropLast(suffix.count)), isWeak: isWeak) : self
  }
}

extension HTTPFields {
  /// These fields with preconditions on content as it is without coding, which is what operations know about.
  ///
  /// `If-Match` names a state, whatever the coding that it was read in. `If-None-Match` is about the octets that the
  /// client has: a tag of gzip counts only for one that takes gzip now.
  public func withUncodedPreconditions(for coding: ContentCoding) -> HTTPFields {
    var fields = self
    for name in [HTTPField.Name.ifMatch, .ifNoneMatch] where contains(name) {
      guard name == .ifMatch || coding == .gzip else { continue }
      fields[name] = list(name).map { EntityTag(parsing: $0)?.uncoded.description ?? $0 }.joined(
        separator: ", ")
    }
    return fields
  }
}
