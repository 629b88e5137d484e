// GET /openapi.yaml and /openapi.json: the description of this API, embedded in the binary.

import CAssets
import Digest
import HTTP
import HTTPTypes
import Training

extension Operation {
  static let openapiYAML = Operation("openapiYAML", .get, "/openapi.yaml") { call in
    Asset.openapiYAML.response(to: call.request)
  }

  static let openapiJSON = Operation("openapiJSON", .get, "/openapi.json") { call in
    Asset.openapiJSON.response(to: call.request)
  }
}

/// A file of the binary and its strong validator.
private struct Asset {
  let bytes: [UInt8]
  let type: String
  let entityTag: EntityTag

  static let openapiYAML = Asset(ca_openapi_yaml(), type: MediaTypes.openapiYAML)
  static let openapiJSON = Asset(ca_openapi_json(), type: MediaTypes.openapiJSON)

  init(_ asset: ca_asset, type: String) {
    bytes = Array(UnsafeBufferPointer(start: asset.bytes, count: asset.count))
    self.type = type
    entityTag = EntityTag(String(SHA256.hexDigest(of: bytes).prefix(16)))
  }

  func response(to request: Request) -> Response {
    Response.content(bytes, type: type, fields: [.eTag: entityTag.description], .revalidate)
      .revalidated(for: request)
  }
}
