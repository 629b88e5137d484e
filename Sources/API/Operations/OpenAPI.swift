// GET /openapi.yaml and /openapi.json: the description of this API, embedded in the binary.

import CAssets
import HTTP
import HTTPTypes

extension Operation {
  static let openapiYAML = Operation.fixed(
    "openapiYAML", "/openapi.yaml", scope: nil,
    FixedResponse { .asset(ca_openapi_yaml(), type: MediaTypes.openapiYAML) })

  static let openapiJSON = Operation.fixed(
    "openapiJSON", "/openapi.json", scope: nil,
    FixedResponse { .asset(ca_openapi_json(), type: MediaTypes.openapiJSON) })
}

extension Response {
  /// A file of the binary.
  fileprivate static func asset(_ asset: ca_asset, type: String) -> Response {
    content(Array(UnsafeBufferPointer(start: asset.bytes, count: asset.count)), type: type, .revalidate)
  }
}
