// Who may do what: the one place where a request's key is looked for and weighed.

import Digest
import HTTP
import HTTPTypes
import Synchronization
package import Telemetry

/// Finds the key of a request and says whether it may go on.
///
/// The keys can be replaced at any time; what is asked afterwards is answered by the new ones.
public final class AccessControl: Sendable {
  /// The keys by identifier; nil where everybody may do everything.
  private let keys: Mutex<[String: KeyEntry]?>
  /// How often the keys were replaced.
  private let generation = Atomic<UInt64>(0)
  /// Of the keys whose requests are counted.
  private let buckets = Mutex<[String: TokenBucket]>([:])
  private let failures = Mutex(FailureCount())
  /// The hour of the last use of each key, of those that are not written down yet.
  private let uses = Mutex<[String: Timestamp]>([:])
  private let clock: any WallClock
  private let seconds: @Sendable () -> Double
  private let log: Logger
  /// Who has changed what.
  let audit: AuditLog
  /// Of the lines about requests without a good key.
  private let noted = Mutex(FailureCount())
  private let refusals: MetricFamily<Counter>

  /// - Parameters:
  ///   - keys: nil lets everybody do everything.
  ///   - audit: is told of every change and every refused key.
  ///   - metrics: where refused keys are counted.
  ///   - seconds: since some fixed moment, for what is counted in time.
  package init(
    keys: KeyList?, clock: any WallClock, log: Logger, audit: AuditLog = .none,
    metrics: MetricsRegistry = MetricsRegistry(),
    seconds: @escaping @Sendable () -> Double = monotonicSeconds
  ) {
    refusals = metrics.counters(
      "curvesmith_auth_failures_total", "Requests that came without a key that opens what they asked for.",
      labels: ["reason"])
    for failure in AuthenticationFailure.allCases { refusals.with(failure.rawValue) }
    self.keys = Mutex(Self.byID(keys))
    self.clock = clock
    self.seconds = seconds
    self.log = log
    self.audit = audit
  }

  /// Lets everybody do everything: for a service that only its own machine can reach.
  public static var open: AccessControl {
    AccessControl(
      keys: nil, clock: SystemClock(), log: Logger(label: "access") { _ in SwiftLogNoOpLogHandler() })
  }

  /// Has these keys hold from now on; nil lets everybody do everything.
  package func replace(_ list: KeyList?) {
    let known = Self.byID(list)
    keys.withLock { $0 = known }
    generation.add(1, ordering: .sequentiallyConsistent)
    buckets.withLock { $0 = $0.filter { known?[$0.key] != nil } }
  }

  /// Whether who was let in before would be let in now: a stream ends with its key.
  func stillAdmits(_ principal: Principal?, for scope: Scope) -> Bool {
    guard let keys = keys.withLock({ $0 }) else { return true }
    guard let principal, let entry = keys[principal.id] else { return false }
    return entry.isValid(at: clock.now()) && entry.scopes.contains(scope)
  }

  /// The hours in which keys were last used, since they were asked for before.
  package func takeUses() -> [String: Timestamp] {
    uses.withLock { uses in
      defer { uses = [:] }
      return uses
    }
  }

  private func note(_ id: String, at now: Timestamp) {
    let hour = Timestamp(milliseconds: now.milliseconds / 3_600_000 * 3_600_000)
    uses.withLock { $0[id] = hour }
  }

  /// The keys that may not have as many jobs train at a time as there are workers, with how many they may.
  package var runningJobs: [String: Int] {
    keys.withLock { $0?.compactMapValues(\.limits.runningJobs) } ?? [:]
  }

  private static func byID(_ list: KeyList?) -> [String: KeyEntry]? {
    list.map { Dictionary($0.entries.map { ($0.id, $0) }) { first, _ in first } }
  }

  /// `response`, which holds only as long as who asked would be let in again: by the same keys, before the key expires.
  /// Where requests are counted each of them has to be judged, and nothing holds.
  func held(_ response: Response, by judgement: Judgement, for scope: Scope?) -> Response {
    guard let holds = response.holds, scope != nil else { return response }
    var response = response
    guard judgement.standing == nil else {
      response.holds = nil
      return response
    }
    let (generation, principal) = (judgement.generation, judgement.principal)
    response.holds = { [self] in
      self.generation.load(ordering: .sequentiallyConsistent) == generation && isStillGood(principal)
        && holds()
    }
    return response
  }

  /// Whether a key of the keys that hold has not expired; it has been used.
  private func isStillGood(_ principal: Principal?) -> Bool {
    guard let principal else { return true }
    let now = clock.now()
    guard keys.withLock({ $0?[principal.id] })?.isValid(at: now) == true else { return false }
    note(principal.id, at: now)
    return true
  }

  /// Whether a request may do what asks for `scope`; nil asks for nothing.
  func judge(_ head: Request, for scope: Scope?) -> Judgement {
    // Read before the keys: where they are replaced meanwhile, what is judged holds for no other request.
    let generation = generation.load(ordering: .sequentiallyConsistent)
    var judgement = weigh(head, for: scope)
    judgement.generation = generation
    if let failure = judgement.failure { refusals.with(failure.rawValue).add() }
    return judgement
  }

  private func weigh(_ head: Request, for scope: Scope?) -> Judgement {
    guard let scope, let keys = keys.withLock({ $0 }) else { return Judgement() }
    let client = head.client ?? ""
    guard let token = Self.token(of: head) else {
      let blocked = failures.withLock { $0.blockedSeconds(client, at: seconds()) }
      return Judgement(
        failure: .missing,
        refusal: blocked.map { .tooManyFailures(retrySeconds: $0) } ?? .unauthenticated(isPresented: false))
    }
    let now = clock.now()
    switch Self.verdict(on: token, keys, at: now) {
    case .success(let principal):
      note(principal.id, at: now)
      guard principal.scopes.contains(scope) else {
        return Judgement(
          principal: principal, failure: .insufficientScope, refusal: .insufficientScope(scope))
      }
      return counted(principal)
    case .failure(let reason):
      let (isNew, blocked) = failures.withLock { failures in
        let isNew = failures.record(reason.rawValue, of: client, at: seconds())
        return (isNew, failures.blockedSeconds(client, at: seconds()))
      }
      if isNew {
        log.warning(
          "refused a key; more of the kind from there is not logged for a minute",
          metadata: [
            "reason": "\(reason.rawValue)", "peer": "\(client)", "request_id": "\(head.id)",
          ])
      }
      return Judgement(
        failure: reason,
        refusal: blocked.map { .tooManyFailures(retrySeconds: $0) } ?? .unauthenticated(isPresented: true))
    }
  }

  /// Whether one more refused request of the address may have a line in the audit log.
  func mayNoteFailure(of address: String) -> Bool {
    noted.withLock { noted in
      _ = noted.record("", of: address, at: seconds())
      return noted.blockedSeconds(address, at: seconds()) == nil
    }
  }

  /// Takes a request off the quota of a key that has one.
  private func counted(_ principal: Principal) -> Judgement {
    guard let perMinute = principal.limits.requestsPerMinute else { return Judgement(principal: principal) }
    let now = seconds()
    let (isTaken, standing) = buckets.withLock { buckets in
      buckets[principal.id, default: TokenBucket(perMinute: perMinute, at: now)]
        .take(perMinute: perMinute, at: now)
    }
    return Judgement(
      principal: principal, standing: standing, refusal: isTaken ? nil : .tooManyRequests(standing))
  }

  /// The token of `Authorization: Bearer` (RFC 6750 §2.1, the scheme in any case); nil without one. A key comes from
  /// nowhere else: a target is logged, and a cookie is sent by pages of other sites.
  private static func token(of head: Request) -> String? {
    guard let field = head.fields.value(of: .authorization) else { return nil }
    let words = field.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
    guard words.count == 2, words[0].lowercased() == "bearer" else { return nil }
    return String(words[1].drop { $0 == " " })
  }
}

// MARK: - One key

extension AccessControl {
  /// An entry that no key fits, so that an unknown key takes the time of a known one.
  private static let nobody = APIKey()
  private static let nobodysDigest = nobody.digest

  private static func verdict(
    on token: String, _ keys: [String: KeyEntry], at now: Timestamp
  ) -> Result<Principal, AuthenticationFailure> {
    let key = APIKey(token)
    let entry = key.flatMap { keys[$0.id] }
    let isSame = constantTimeEqual((key ?? nobody).digest, entry?.digest ?? nobodysDigest)
    guard key != nil else { return .failure(.malformed) }
    guard let entry else { return .failure(.unknown) }
    guard isSame else { return .failure(.wrong) }
    guard entry.revokedAt == nil else { return .failure(.revoked) }
    guard entry.isValid(at: now) else { return .failure(.expired) }
    return .success(Principal(id: entry.id, name: entry.name, scopes: entry.scopes, limits: entry.limits))
  }
}
