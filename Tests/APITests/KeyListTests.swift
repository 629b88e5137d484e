// API keys as texts, and the file in which their digests are kept.

import API
import Digest
import Foundation
import Telemetry
import Testing

@Suite struct KeyListTests {
  private static let now = Timestamp(milliseconds: 1_767_225_600_000)

  @Test func `a key has the form that scanners of secrets know`() throws {
    var ids: Set<String> = []
    for _ in 0..<200 {
      let key = APIKey()
      let text = key.secret.exposed
      #expect(text.wholeMatch(of: /csk_[0-9a-hjkmnp-tv-z]{12}_[0-9A-Za-z]{38}/) != nil, "\(text)")
      let read = try #require(APIKey(text))
      #expect(read.id == key.id && read.digest == key.digest)
      ids.insert(key.id)
    }
    #expect(ids.count == 200)
  }

  @Test func `a key with one other character, or cut, is no key`() {
    let text = APIKey().secret.exposed
    for index in text.indices {
      let character = text[index] == "0" ? "1" : "0"
      #expect(APIKey(text.replacingCharacters(in: index...index, with: character)) == nil)
    }
    for other in ["", String(text.dropLast()), text + "0", " " + text, text.uppercased(), "csk_"] {
      #expect(APIKey(other) == nil)
    }
  }

  @Test func `the file is read as it was written, and holds no key`() throws {
    let key = APIKey()
    var list = KeyList()
    list.add(
      KeyEntry(
        key, name: "the \"first\"", scopes: [.read, .submit], createdAt: Self.now,
        expiresAt: Timestamp(milliseconds: Self.now.milliseconds + 1),
        limits: KeyLimits(requestsPerMinute: 60, queuedJobs: 0, runningJobs: 2, eventStreams: 3)))
    list.add(KeyEntry(APIKey(), name: "", scopes: Set(Scope.allCases), createdAt: Self.now))
    let hour = Timestamp(milliseconds: 1_767_229_200_000)
    list.note([key.id: hour, "nobody": hour])
    list.note([key.id: Self.now])
    #expect(list.entries.map(\.lastUsedAt) == [hour, nil])
    #expect(try KeyList(parsing: list.serialized) == list)
    let text = String(decoding: list.serialized, as: UTF8.self)
    #expect(text.contains(key.id) && text.contains(hexadecimal(key.digest)))
    #expect(!text.contains(key.secret.exposed.dropFirst(17)))
  }

  @Test(arguments: [
    ("{", "line 1, column 2"), ("[]", "expected an object"), (#"{"version": 2, "keys": []}"#, "#/version"),
    (#"{"version": 1}"#, "#/keys"), (#"{"version": 1, "keys": [], "key": 1}"#, "#/key: unknown member"),
    (entry(#""id": "x""#), "#/keys/0/id: is not 12 digits"),
    (entry(#""id": "0123456789ab", "sha256": "AB""#), "#/keys/0/sha256: is not 64"),
    (entry(#""scopes": ["raed"]"#), "#/keys/0/scopes: has what is none of read, predict"),
    (entry(#""created_at": "yesterday""#), "#/keys/0/created_at: is not a moment"),
    (entry(#""limits": {"requests_per_minute": 0}"#), "#/keys/0/limits/requests_per_minute"),
  ]) func `a fault of the file is said at its place`(_ text: String, _ fault: String) {
    let error = #expect(throws: KeyListError.self) { try KeyList(parsing: Array(text.utf8)) }
    let faults = error?.faults ?? []
    #expect(faults.contains { $0.contains(fault) }, "\(faults)")
  }

  private static func entry(_ members: String) -> String { "{\"version\": 1, \"keys\": [{\(members)}]}" }

  @Test func `a key that stands there twice is a fault`() throws {
    let key = APIKey()
    var list = KeyList()
    for _ in 0..<2 { list.add(KeyEntry(key, name: "", scopes: [.read], createdAt: Self.now)) }
    let error = #expect(throws: KeyListError.self) { try KeyList(parsing: list.serialized) }
    #expect(error?.faults.first?.contains("twice") == true)
  }

  @Test func `rotation makes a key of the same rights and dates the old one`() throws {
    let old = APIKey()
    var list = KeyList()
    let limits = KeyLimits(requestsPerMinute: 5)
    list.add(KeyEntry(old, name: "ci", scopes: [.read], createdAt: Self.now, limits: limits))
    let end = Timestamp(milliseconds: Self.now.milliseconds + 1000)
    let made = list.rotate(old.id, at: Self.now, oldEnds: end, expiresAt: nil)
    let key = try #require(made)
    #expect(list.entries.map(\.id) == [old.id, key.id])
    #expect(list.entries.map(\.name) == ["ci", "ci"])
    #expect(list.entries.map(\.expiresAt) == [end, nil])
    #expect(list.entries[1].scopes == [.read] && list.entries[1].limits == limits)
    #expect(list.rotate("nothing", at: Self.now, oldEnds: end, expiresAt: nil) == nil)
    // An end that comes sooner stays.
    let later = Timestamp(milliseconds: end.milliseconds + 1)
    _ = list.rotate(old.id, at: Self.now, oldEnds: later, expiresAt: nil)
    #expect(list.entries[0].expiresAt == end)
  }
}
