// The keys of a running service: taken from their file at the start, and again whenever that changes.

import API
import Digest
import Dispatch
import Synchronization
import Telemetry

/// Keeps a service's `AccessControl` as its keys file says.
///
/// A service that others can reach needs keys, and makes one where it finds none; on loopback the file's existence asks for
/// them. Once keys are needed they stay so: a file that vanishes lets nobody in. A file that cannot be read changes nothing.
final class ServiceKeys: Sendable {
  let access: AccessControl
  /// The key that was made because there was none: shown once, by whoever started the service.
  let first: Secret?

  private struct State {
    var signature: KeyFile.Signature?
    /// As the file was last read; nil while none are needed.
    var list: KeyList?
    var isStopped = false
    /// The hour since 1970 in which uses were last written down.
    var hour = 0
  }

  /// Whether nobody is asked for a key, whatever the file says.
  private let isInsecure: Bool
  private let file: KeyFile
  private let state: Mutex<State>
  private let clock: any WallClock
  private let log: Logger
  private let audit: AuditLog
  private let holdsSecrets: @Sendable () -> Void
  private let queue = DispatchQueue(label: "keys")

  /// - Parameter holdsSecrets: called whenever keys are known, before the first is asked for.
  /// - Throws: `CommandFailure`, with status 2 for a file that cannot be read.
  init(
    _ settings: ServeSettings, clock: any WallClock, log: Logger, audit: AuditLog, metrics: MetricsRegistry,
    holdsSecrets: @escaping @Sendable () -> Void
  ) throws(CommandFailure) {
    isInsecure = settings.insecure
    file = KeyFile(settings.keysPath)
    self.clock = clock
    self.log = log
    self.audit = audit
    self.holdsSecrets = holdsSecrets
    let isReachable = !settings.isLoopback
    if settings.insecure {
      first = nil
      access = AccessControl(keys: nil, clock: clock, log: log, audit: audit, metrics: metrics)
      state = Mutex(State())
      if isReachable { log.warning("everybody who can reach the service may do everything (--insecure)") }
      return
    }
    // Before it is read: what is written in between is seen as a change.
    let signature = file.signature
    var list = try file.read()
    if isReachable, list?.entries.isEmpty ?? true {
      let (key, made) = try file.update { list throws(CommandFailure) in
        let key = APIKey()
        list.add(
          KeyEntry(key, name: "first", scopes: Set(Scope.allCases), createdAt: clock.now()))
        return (key, list)
      }
      first = key.secret
      audit.record(AuditEvent(KeyChange.Kind.add.rawValue, target: key.id, reason: "there was none"))
      list = made
    } else {
      first = nil
    }
    access = AccessControl(keys: list, clock: clock, log: log, audit: audit, metrics: metrics)
    state = Mutex(State(signature: signature, list: list))
    if let list {
      holdsSecrets()
      log.info("keys are needed", metadata: ["keys": "\(list.entries.count)", "file": "\(file.path)"])
      if !list.hasValidKey(at: clock.now()) { log.warning("no key opens anything") }
    }
    watch()
  }

  /// Whether nobody gets in without a key.
  var areNeeded: Bool { state.withLock { $0.list != nil } }

  /// Reads the file again if it has changed, or in any case.
  func reload(always: Bool = false) {
    if isInsecure { return }
    let signature = file.signature
    let isDue = state.withLock { state in
      defer { state.signature = signature }
      return always || state.signature != signature
    }
    guard isDue else { return }
    do {
      let list = try file.read()
      let change = state.withLock { state -> (old: KeyList, new: KeyList)? in
        guard list != nil || state.list != nil else { return nil }
        let new = list ?? KeyList()
        defer { state.list = new }
        return (state.list ?? KeyList(), new)
      }
      guard let change else { return }
      holdsSecrets()
      access.replace(change.new)
      for change in change.new.changes(since: change.old) {
        var event = AuditEvent(change.kind.rawValue, target: change.id)
        event.name = change.name
        audit.record(event)
      }
      log.info(
        "keys were read again", metadata: ["keys": "\(list?.entries.count ?? 0)", "file": "\(file.path)"])
    } catch {
      audit.record(AuditEvent("reloadKeys", outcome: "failed", reason: error.message))
      log.error("the keys stay as they were", metadata: ["error": "\(error.message)"])
    }
  }

  /// Writes down what is only known here, and looks at the file no more.
  func stop() {
    let wasStopped = state.withLock { state in
      defer { state.isStopped = true }
      return state.isStopped
    }
    // In turn with the looks.
    if !wasStopped { queue.sync { writeUses() } }
  }

  /// Keeps in the file in which hour each key was last used. A file that may not be written stays as it is.
  private func writeUses() {
    let uses = access.takeUses()
    guard !uses.isEmpty, file.signature != nil else { return }
    do {
      try file.update { list throws(CommandFailure) in list.note(uses) }
    } catch {
      log.debug("the last use of keys is not kept", metadata: ["error": "\(error.message)"])
    }
  }

  /// Looks every second whether the file has changed, on a queue that may block on the disk.
  private func watch() {
    queue.asyncAfter(deadline: .now() + 1) { [weak self] in
      guard let self, !state.withLock({ $0.isStopped }) else { return }
      reload()
      let hour = Int(clock.now().milliseconds / 3_600_000)
      let isNew = state.withLock { state in
        defer { state.hour = hour }
        return state.hour != hour
      }
      if isNew { writeUses() }
      watch()
    }
  }
}
