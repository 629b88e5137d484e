// `curvesmith keygen`: makes an API key, keeps its digest, and prints the key once; or a certificate for this machine.

import API
import ArgumentParser
import Digest
import Telemetry
import Text

struct KeygenCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "keygen",
    abstract: "Make an API key: printed once, kept as a digest. Or a certificate for HTTPS on this machine.",
    discussion: """
      Standard output gets the key and nothing else. A running service takes the change within a second, or at SIGHUP. A \
      key is taken back by removing its entry from the file.

      With --tls it makes certificate.pem and key.pem instead, which have signed themselves, for localhost.

      Example: curvesmith keygen --name ci --scopes read,submit --expires-days 90
      """)

  @Option(help: ArgumentHelp("A label, for logs and for you.", valueName: "name"))
  var name: String?

  @Option(
    help: ArgumentHelp(
      "What the key may do, separated by commas: \(Scope.allCases.map(\.rawValue).joined(separator: ", ")). "
        + "(default: all)",
      valueName: "scopes"))
  var scopes: String?

  @Option(help: ArgumentHelp("After how many days the key ends. (default: never)", valueName: "days"))
  var expiresDays: Int?

  @Option(help: ArgumentHelp("Requests in a minute. (default: any number)", valueName: "number"))
  var requestsPerMinute: Int?

  @Option(help: ArgumentHelp("Jobs that wait at a time. (default: 100)", valueName: "number"))
  var queuedJobs: Int?

  @Option(help: ArgumentHelp("Jobs that train at a time. (default: any number)", valueName: "number"))
  var runningJobs: Int?

  @Option(help: ArgumentHelp("Streams of events open at a time. (default: 16)", valueName: "number"))
  var eventStreams: Int?

  @Option(
    help: ArgumentHelp(
      "The id of a key in whose place the new one comes, with its name, scopes and limits.", valueName: "id"))
  var rotate: String?

  @Option(help: ArgumentHelp("How long the old key of --rotate stays good.", valueName: "hours"))
  var overlapHours = 24

  @Option(help: ArgumentHelp("The service's data directory.", valueName: "directory"))
  var dataDir: String?

  @Option(
    help: ArgumentHelp("The file of keys. (default: api-keys.json in the data directory)", valueName: "file"))
  var apiKeysFile: String?

  @Option(
    help: ArgumentHelp(
      "The folder for a certificate and its key, in place of an API key; the other options say nothing then.",
      valueName: "folder"))
  var tls: String?

  func run() throws {
    if let tls {
      return writeToStandardError(try CertificateMaker.make(in: tls, now: SystemClock().now()))
    }
    var settings = ServeSettings()
    let environment = environmentVariables()
    settings.dataDirectory = dataDir ?? environment["CURVESMITH_DATA_DIR"] ?? settings.dataDirectory
    // A directory on the command line is not overruled by a file in the environment.
    settings.keysFile = apiKeysFile ?? (dataDir == nil ? environment["CURVESMITH_API_KEYS_FILE"] : nil) ?? ""
    let scopes = try chosenScopes()
    try checkNumbers()
    let now = SystemClock().now()
    let end = expiresDays.map { now.adding(hours: $0 * 24) }
    let file = KeyFile(settings.keysPath)
    let (key, entry) = try file.update { list throws(CommandFailure) -> (APIKey, KeyEntry?) in
      let key = try make(in: &list, scopes, now, end)
      return (key, list.entries.last)
    }
    writeToStandardError(
      "key \(key.id)\(entry.map { $0.name.isEmpty ? "" : " (\($0.name))" } ?? "") is in \(file.path); "
        + "this is the only time it is shown\n")
    print(key.secret.exposed)
  }

  private func make(
    in list: inout KeyList, _ scopes: Set<Scope>, _ now: Timestamp, _ end: Timestamp?
  ) throws(CommandFailure) -> APIKey {
    if let rotate {
      let oldEnds = now.adding(hours: overlapHours)
      if let key = list.rotate(rotate, at: now, oldEnds: oldEnds, expiresAt: end) { return key }
      let nearest = suggestion(for: rotate, among: list.entries.map(\.id))
      throw CommandFailure(message: "--rotate: there is no key \(quoted(rotate))\(nearest)")
    }
    let key = APIKey()
    let limits = KeyLimits(
      requestsPerMinute: requestsPerMinute, queuedJobs: queuedJobs, runningJobs: runningJobs,
      eventStreams: eventStreams)
    list.add(
      KeyEntry(key, name: name ?? "", scopes: scopes, createdAt: now, expiresAt: end, limits: limits))
    return key
  }

  private func chosenScopes() throws(CommandFailure) -> Set<Scope> {
    guard let scopes else { return Set(Scope.allCases) }
    let names = Scope.allCases.map(\.rawValue)
    var chosen: Set<Scope> = []
    for word in scopes.split(separator: ",", omittingEmptySubsequences: false) {
      guard let scope = Scope(rawValue: String(word)) else {
        let nearest = suggestion(for: String(word), among: names)
        throw CommandFailure(
          message: "--scopes: \(quoted(String(word))) is not one of \(listed(names))\(nearest)",
          status: CommandFailure.usage)
      }
      chosen.insert(scope)
    }
    return chosen
  }

  private func checkNumbers() throws(CommandFailure) {
    if rotate != nil,
      name != nil || scopes != nil || requestsPerMinute != nil || queuedJobs != nil
        || runningJobs != nil || eventStreams != nil
    {
      throw CommandFailure(
        message: "--rotate keeps the name, the scopes and the limits of the old key; give none of them",
        status: CommandFailure.usage)
    }
    if let name, name.count > 200 {
      throw CommandFailure(message: "--name: at most 200 characters", status: CommandFailure.usage)
    }
    let numbers = [
      ("--expires-days", expiresDays, 1...36_500), ("--overlap-hours", overlapHours, 0...8760),
      ("--requests-per-minute", requestsPerMinute, 1...1_000_000),
      ("--queued-jobs", queuedJobs, 0...1_000_000), ("--running-jobs", runningJobs, 1...1024),
      ("--event-streams", eventStreams, 0...1_000_000),
    ]
    for case (let flag, let number?, let range) in numbers where !range.contains(number) {
      throw CommandFailure(
        message:
          "\(flag): `\(number)` is not a whole number from \(range.lowerBound) to \(range.upperBound)",
        status: CommandFailure.usage)
    }
  }
}

extension Timestamp {
  fileprivate func adding(hours: Int) -> Timestamp {
    Timestamp(milliseconds: milliseconds + Int64(hours) * 3_600_000)
  }
}
