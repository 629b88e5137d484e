// Whom a request comes from, once its key has been found good.

/// The owner of a key, as the operations know it.
struct Principal: Sendable, Equatable {
  /// The key's identifier.
  var id: String
  /// The key's label.
  var name: String
  var scopes: Set<Scope>
  var limits: KeyLimits
}

/// What a request's key has come to.
struct Judgement: Sendable {
  /// Nil where no key was needed, and where there was no good one.
  var principal: Principal?
  /// What is left of the key's requests, where they are counted.
  var standing: QuotaStanding?
  /// What its key does not do, where one was needed.
  var failure: AuthenticationFailure?
  /// Why the request may not go on.
  var refusal: AccessRefusal?
  /// Which keys it was judged by, counted by their replacements.
  var generation: UInt64 = 0
}

/// What is wrong with a request's key. The client is told less: that there is none, that it opens nothing, or that it may
/// not do this.
enum AuthenticationFailure: String, Error, CaseIterable {
  case missing, malformed, unknown, wrong, expired, revoked
  case insufficientScope = "insufficient_scope"
}

/// Why a request may not go on.
enum AccessRefusal: Error, Sendable, Equatable {
  /// No key that opens anything.
  ///
  /// - Parameter isPresented: whether there was one at all.
  case unauthenticated(isPresented: Bool)
  case insufficientScope(Scope)
  /// The key asks too fast.
  case tooManyRequests(QuotaStanding)
  /// The address has tried too many keys.
  case tooManyFailures(retrySeconds: Int)
}
