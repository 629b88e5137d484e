// The whole service, wired together: the store, the workers, the API and the server, started and stopped in order.

import API
package import Digest
import HTTP
import Jobs
package import Server
package import Telemetry

/// The running service, until `stop`.
package final class CurvesmithService: Sendable {
  /// Where the service listens.
  package let address: BoundAddress

  /// The key that was made because there was none, to be shown once.
  package let firstKey: Secret?

  /// Where it listens in clear beside that, if it does.
  package let plainAddress: BoundAddress?

  /// Whether the service asks for a key.
  package var needsKey: Bool { keys.areNeeded }

  private let server: HTTPServer
  private let certificates: ServiceCertificates?
  private let keys: ServiceKeys
  private let jobs: JobService
  private let store: SQLiteJobStore
  private let graceSeconds: Double
  private let log: Logger
  private let audit: AuditLog
  private let auditFile: LogFile?

  /// Opens the store, takes up the jobs that an earlier process left, starts the workers, and listens.
  ///
  /// - Parameters:
  ///   - auditLog: where changes are noted if the settings name no file for them; without it, `log`.
  ///   - holdsSecrets: called before keys, of TLS or of clients, are in memory.
  /// - Throws: `CommandFailure`, with status 3 when another process uses the data directory.
  package init(
    _ settings: ServeSettings, log: Logger, auditLog: Logger? = nil,
    holdsSecrets: @escaping @Sendable () -> Void = {}
  ) async throws {
    let clock = SystemClock()
    do throws(LogFileError) {
      auditFile =
        settings.auditLog.isEmpty
        ? nil
        : try LogFile(settings.auditLog) {
          log.error("the audit log loses lines", metadata: ["error": "\($0)"])
        }
    } catch {
      throw CommandFailure(message: "--audit-log: \(error)", status: CommandFailure.usage)
    }
    let audit = auditFile.map { AuditLog($0, clock: clock) } ?? AuditLog(auditLog ?? log)
    self.audit = audit
    if settings.certificateFiles != nil { holdsSecrets() }
    let metrics = MetricsRegistry()
    certificates = try settings.certificateFiles.map {
      try ServiceCertificates($0, clock: clock, log: log, audit: audit, metrics: metrics)
    }
    let store: SQLiteJobStore
    do {
      store = try SQLiteJobStore(directory: settings.dataDirectory, metrics: metrics)
    } catch let error as DataDirectoryError {
      var failure = CommandFailure(message: "\(error)")
      if case .inUse = error { failure.status = CommandFailure.directoryInUse }
      throw failure
    } catch {
      throw CommandFailure(message: "cannot open the store in \(settings.dataDirectory): \(error)")
    }
    self.store = store
    // The data directory is this process's own by now.
    keys = try ServiceKeys(
      settings, clock: clock, log: log, audit: audit, metrics: metrics, holdsSecrets: holdsSecrets)
    firstKey = keys.first
    var configuration = JobService.Configuration(
      version: Version.text, instructionSet: Version.instructionSet)
    configuration.workers = settings.workers
    configuration.processors = CPUAllowance.processors()
    configuration.queueCapacity = settings.queueCapacity
    configuration.checkpointDirectory = settings.checkpointSeconds > 0 ? settings.dataDirectory : nil
    configuration.checkpointSeconds = settings.checkpointSeconds
    configuration.runningJobs = { [access = keys.access] in access.runningJobs }
    jobs = JobService(
      store: store, configuration: configuration, clock: clock, ids: TimeOrderedIDGenerator(clock: clock),
      log: log, metrics: metrics)
    var server = ServerConfiguration()
    server.host = settings.host
    server.port = UInt16(settings.port)
    server.maximumConnections = settings.maximumConnections
    server.loops = settings.loops
    var api = APIConfiguration(jobs: configuration)
    server.plainPort = settings.plainPort.map { UInt16($0) }
    api.allowedHosts = settings.allowedHosts
    api.allowedOrigins = settings.allowedOrigins
    api.ownOnly = settings.ownOnly
    api.maximumUpload = settings.maximumUploadBytes
    api.maximumGzipRatio = settings.maximumGzipRatio
    api.strictTransport = settings.hsts
    api.requests = server.limits
    // On the disk that is there for what is large, and that only this user can read.
    api.spool.directory = settings.dataDirectory
    api.timeouts = server.timeouts
    api.connections = server.maximumConnections
    api.connectionsPerAddress = server.maximumConnectionsPerClient
    let responder = CurvesmithAPI(
      jobs: jobs, configuration: api, access: keys.access, log: log, metrics: metrics)
    self.server = HTTPServer(
      configuration: server, responder: responder, clock: clock, log: log, security: certificates?.first,
      metrics: metrics)
    graceSeconds = settings.graceSeconds
    self.log = log
    try await jobs.start()
    do {
      (address, plainAddress) = try self.server.start()
    } catch {
      await jobs.drain(within: graceSeconds)
      let advice = error.isAddressInUse ? "; another process has the port, and --port 0 takes a free one" : ""
      throw CommandFailure(message: "\(error)\(advice)")
    }
    certificates?.watch(for: self.server)
    audit.record(AuditEvent("start", target: Version.text))
  }

  /// The service's URL, without a path.
  package var url: String { "\(certificates == nil ? "http" : "https")://\(address)" }

  /// Reads again what may have changed without a restart.
  package func reload() {
    do throws(LogFileError) {
      try auditFile?.reopen()
    } catch {
      log.error("the audit log stays where it was", metadata: ["error": "\(error)"])
    }
    audit.record(AuditEvent("reload"))
    keys.reload(always: true)
    certificates?.reload()
  }

  /// Refuses new jobs, returns running ones to the queue, lets the last responses leave, and closes everything. Jobs and
  /// responses that take longer than the grace period are left.
  package func stop() async {
    log.info("stopping")
    keys.stop()
    certificates?.stop()
    async let drained: Void = jobs.drain(within: graceSeconds)
    await server.shutdown(grace: graceSeconds)
    await drained
    do {
      try await store.close()
    } catch {
      // Nothing is lost: what was committed is in the write-ahead log, which the next start reads.
      log.error("cannot close the store", metadata: ["error": "\(error)"])
    }
    audit.record(AuditEvent("stop"))
    log.info("stopped")
  }
}
