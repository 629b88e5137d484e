// What the service keeps of a key: everything but the key.

package import Telemetry

/// One key as the service knows it.
package struct KeyEntry: Sendable, Equatable {
  /// The key's public part.
  package var id: String
  /// The owner's label; rotation gives several keys one name.
  package var name: String
  /// The SHA-256 digest of the whole key: 32 bytes.
  package var digest: [UInt8]
  /// What the key may do.
  package var scopes: Set<Scope>
  /// When it was made.
  package var createdAt: Timestamp
  /// When it ends; nil: never.
  package var expiresAt: Timestamp?
  /// When it was taken back.
  package var revokedAt: Timestamp?
  /// The hour in which it last opened something.
  package var lastUsedAt: Timestamp?
  /// How much it may ask for.
  package var limits = KeyLimits()

  /// What is kept of a new key.
  package init(
    _ key: APIKey, name: String, scopes: Set<Scope>, createdAt: Timestamp, expiresAt: Timestamp? = nil,
    limits: KeyLimits = KeyLimits()
  ) {
    self.init(
      id: key.id, name: name, digest: key.digest, scopes: scopes, createdAt: createdAt, expiresAt: expiresAt,
      limits: limits)
  }

  init(
    id: String, name: String, digest: [UInt8], scopes: Set<Scope>, createdAt: Timestamp,
    expiresAt: Timestamp? = nil, revokedAt: Timestamp? = nil, limits: KeyLimits = KeyLimits()
  ) {
    self.id = id
    self.name = name
    self.digest = digest
    self.scopes = scopes
    self.createdAt = createdAt
    self.expiresAt = expiresAt
    self.revokedAt = revokedAt
    self.limits = limits
  }

  /// Whether the key opens anything at this moment.
  package func isValid(at moment: Timestamp) -> Bool {
    revokedAt == nil && expiresAt.map { moment < $0 } ?? true
  }
}

/// How much one key may ask for; nil: no bound of its own.
package struct KeyLimits: Sendable, Equatable {
  /// Requests in a minute, evenly or in one burst.
  package var requestsPerMinute: Int?
  /// Jobs that wait at a time.
  package var queuedJobs: Int?
  /// Jobs that train at a time.
  package var runningJobs: Int?
  /// Streams of events that are open at a time.
  package var eventStreams: Int?

  /// No bounds but the service's.
  package init(
    requestsPerMinute: Int? = nil, queuedJobs: Int? = nil, runningJobs: Int? = nil, eventStreams: Int? = nil
  ) {
    self.requestsPerMinute = requestsPerMinute
    self.queuedJobs = queuedJobs
    self.runningJobs = runningJobs
    self.eventStreams = eventStreams
  }
}
