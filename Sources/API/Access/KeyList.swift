// Every key that the service knows, and the file in which they are kept: read as strictly as a client's document.

import Digest
import JSON
package import Telemetry

/// The keys of a service.
package struct KeyList: Sendable, Equatable {
  /// In the order of the file.
  package private(set) var entries: [KeyEntry] = []

  /// No key.
  package init() {}

  /// Adds a key.
  package mutating func add(_ entry: KeyEntry) {
    entries.append(entry)
  }

  /// Makes a key in the place of another: with its name, scopes and limits. The old one ends at `end`, or as it would have.
  ///
  /// - Returns: the new key; nil if there is no key `id`.
  package mutating func rotate(
    _ id: String, at now: Timestamp, oldEnds end: Timestamp, expiresAt: Timestamp?
  ) -> APIKey? {
    guard let index = entries.firstIndex(where: { $0.id == id }) else { return nil }
    let old = entries[index]
    entries[index].expiresAt = min(old.expiresAt ?? end, end)
    let key = APIKey()
    add(
      KeyEntry(
        key, name: old.name, scopes: old.scopes, createdAt: now, expiresAt: expiresAt, limits: old.limits))
    return key
  }

  /// Keeps when keys were last used, of those that are still there.
  package mutating func note(_ uses: [String: Timestamp]) {
    for index in entries.indices {
      guard let use = uses[entries[index].id] else { continue }
      entries[index].lastUsedAt = max(use, entries[index].lastUsedAt ?? use)
    }
  }

  /// Whether any key opens anything at this moment.
  package func hasValidKey(at moment: Timestamp) -> Bool {
    entries.contains { $0.isValid(at: moment) }
  }
}

// MARK: - The file

/// Why a file of keys cannot be used, a sentence for each fault.
package struct KeyListError: Error, Equatable {
  /// `#/keys/0/id: …`, or the place of a syntax error.
  package var faults: [String]
}

extension KeyList {
  /// Reads the file's text.
  package init(parsing text: [UInt8]) throws(KeyListError) {
    let document: JSONValue
    do {
      document = try JSONParser.parse(text)
    } catch {
      throw KeyListError(faults: ["line \(error.line), column \(error.column): \(error.reason)"])
    }
    let faults = FaultCollector()
    var reader = ObjectReader(document, faults: faults)
    _ = reader.integer("version", in: 1...1, required: true)
    let place = JSONPointer().appending("keys")
    for (index, value) in (reader.array("keys", required: true) ?? []).enumerated() {
      guard let entry = KeyEntry(reading: ObjectReader(value, at: place.appending(index), faults: faults))
      else { continue }
      if entries.contains(where: { $0.id == entry.id }) {
        faults.add("the key \(entry.id) stands here twice", at: place.appending(index))
      }
      add(entry)
    }
    reader.finish()
    guard faults.isEmpty else { throw KeyListError(faults: faults.faults.map { "\($0)" }) }
  }

  /// The file's text, ended by a line end.
  package var serialized: [UInt8] {
    let document: JSONValue = [
      "version": 1, "keys": .array(JSONArray(entries.map(\.document))),
    ]
    return document.serialized(pretty: true)
  }
}

extension KeyEntry {
  fileprivate init?(reading reader: ObjectReader) {
    var reader = reader
    let id = reader.string("id", required: true)
    let name = reader.string("name", maximumCharacters: 200) ?? ""
    let digest = reader.string("sha256", required: true)
    let names = reader.strings("scopes", required: true)
    let createdAt = reader.moment("created_at", required: true)
    let expiresAt = reader.moment("expires_at")
    let revokedAt = reader.moment("revoked_at")
    let lastUsedAt = reader.moment("last_used_at")
    var limits = KeyLimits()
    if var bounds = reader.object("limits") {
      limits.requestsPerMinute = bounds.integer("requests_per_minute", in: 1...1_000_000)
      limits.queuedJobs = bounds.integer("queued_jobs", in: 0...1_000_000)
      limits.runningJobs = bounds.integer("running_jobs", in: 1...1024)
      limits.eventStreams = bounds.integer("event_streams", in: 0...1_000_000)
      bounds.finish()
    }
    reader.finish()
    if let id, !APIKey.isID(id.utf8) { reader.fault("id", "is not 12 digits of Crockford's base 32") }
    let bytes = digest.flatMap(Self.bytes(hexadecimal:))
    if digest != nil, bytes == nil { reader.fault("sha256", "is not 64 lowercase hexadecimal digits") }
    let scopes = names?.compactMap(Scope.init(rawValue:))
    if let names, scopes?.count != names.count {
      let known = Scope.allCases.map(\.rawValue)
      reader.fault("scopes", "has what is none of \(known.joined(separator: ", "))")
    }
    guard let id, let bytes, let scopes, let createdAt else { return nil }
    self.init(
      id: id, name: name, digest: bytes, scopes: Set(scopes), createdAt: createdAt, expiresAt: expiresAt,
      revokedAt: revokedAt, limits: limits)
    self.lastUsedAt = lastUsedAt
  }

  private static func bytes(hexadecimal text: String) -> [UInt8]? {
    let digits = Array(text.utf8)
    guard digits.count == 64 else { return nil }
    let bytes = stride(from: 0, to: 64, by: 2).compactMap {
      UInt8(String(decoding: digits[$0..<$0 + 2], as: UTF8.self), radix: 16)
    }
    return bytes.count == 32 && hexadecimal(bytes) == text ? bytes : nil
  }

  fileprivate var document: JSONValue {
    func moment(_ value: Timestamp?) -> JSONValue { value.map { .string($0.rfc3339) } ?? .null }
    func number(_ value: Int?) -> JSONValue { value.map(JSONValue.integer) ?? .null }
    return [
      "id": .string(id),
      "name": .string(name),
      "sha256": .string(hexadecimal(digest)),
      "scopes": .array(JSONArray(Scope.allCases.filter(scopes.contains).map { .string($0.rawValue) })),
      "created_at": moment(createdAt),
      "expires_at": moment(expiresAt),
      "revoked_at": moment(revokedAt),
      "last_used_at": moment(lastUsedAt),
      "limits": [
        "requests_per_minute": number(limits.requestsPerMinute),
        "queued_jobs": number(limits.queuedJobs),
        "running_jobs": number(limits.runningJobs),
        "event_streams": number(limits.eventStreams),
      ],
    ]
  }
}

extension ObjectReader {
  /// A moment as RFC 3339 writes it.
  fileprivate mutating func moment(_ name: String, required: Bool = false) -> Timestamp? {
    guard let text = string(name, required: required) else { return nil }
    guard let moment = Timestamp(rfc3339: text) else {
      fault(name, "is not a moment such as 2026-01-01T00:00:00Z")
      return nil
    }
    return moment
  }
}
