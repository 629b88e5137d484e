// Byte arrays and JSON documents as SQLite blobs: the one place that needs Foundation, whose `Data` GRDB stores.

import Foundation
import GRDB
import JSON

/// Bytes as they lie in the database.
struct Blob: DatabaseValueConvertible {
  var bytes: [UInt8]

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  init(_ document: JSONValue) {
    bytes = document.serialized()
  }

  var databaseValue: DatabaseValue {
    Data(bytes).databaseValue
  }

  static func fromDatabaseValue(_ value: DatabaseValue) -> Blob? {
    Data.fromDatabaseValue(value).map { Blob(Array($0)) }
  }

  /// The document that these bytes are.
  func document() throws(JSONSyntaxError) -> JSONValue {
    try JSONParser.parse(bytes)
  }
}
