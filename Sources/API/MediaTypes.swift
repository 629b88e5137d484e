// The media types that the API reads and writes.

import HTTP
import HTTPTypes

/// Names of media types.
enum MediaTypes {
  static let json = "application/json"
  static let problem = "application/problem+json"
  static let csv = "text/csv"
  static let csvWithHeader = "text/csv; charset=utf-8; header=present"
  static let svg = "image/svg+xml"
  static let formData = "multipart/form-data"
  static let text = "text/plain; charset=utf-8"
  static let prometheus = "text/plain; version=0.0.4; charset=utf-8"
  static let openMetrics = "application/openmetrics-text; version=1.0.0; charset=utf-8"
  static let openapiYAML = "application/vnd.oai.openapi;version=3.1"
  static let openapiJSON = "application/vnd.oai.openapi+json;version=3.1"
}

extension Request {
  /// The media type of the content, without parameters and in lower case; nil if none, or one that cannot be read.
  var mediaType: String? {
    fields.value(of: .contentType).flatMap(MediaType.init(parsing:))?.essence
  }
}
