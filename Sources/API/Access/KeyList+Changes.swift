// What is different between two states of the keys, for the audit log.

/// What has become of a key.
package struct KeyChange: Sendable, Equatable {
  /// The ways in which a key changes.
  package enum Kind: String, Sendable {
    /// It is new.
    case add = "addKey"
    /// It is no longer there.
    case remove = "removeKey"
    /// It was taken back.
    case revoke = "revokeKey"
    /// Its name, end, scopes or limits are others.
    case change = "changeKey"
  }

  /// What has become of it.
  package var kind: Kind
  /// Its identifier.
  package var id: String
  /// Its label.
  package var name: String
}

extension KeyList {
  /// What has changed since an earlier state, but for when keys were last used.
  package func changes(since old: KeyList) -> [KeyChange] {
    let before = Dictionary(old.entries.map { ($0.id, $0) }) { first, _ in first }
    let now = Set(entries.map(\.id))
    let removed = old.entries.filter { !now.contains($0.id) }.map {
      KeyChange(kind: .remove, id: $0.id, name: $0.name)
    }
    return removed
      + entries.compactMap { entry in
        guard var known = before[entry.id] else {
          return KeyChange(kind: .add, id: entry.id, name: entry.name)
        }
        known.lastUsedAt = entry.lastUsedAt
        if known == entry { return nil }
        let isRevoked = known.revokedAt == nil && entry.revokedAt != nil
        return KeyChange(kind: isRevoked ? .revoke : .change, id: entry.id, name: entry.name)
      }
  }
}
