// Reading the content of createJob and validateJob: a JSON document, alone or with a data file beside it.

import HTTP
import HTTPTypes
import JSON
import Text
import Training

/// The two forms in which a specification is sent.
enum TrainingContent {
  static let mediaTypes = [MediaTypes.json, MediaTypes.formData]

  /// The specification, and the data file of a multipart request.
  ///
  /// The parts of `multipart/form-data` (RFC 7578) are `spec`, a JSON document, and `data`, CSV or NPY.
  /// - Throws: `.invalidJSON`, `.invalidMultipart`, or `.invalidSpecification` for parts missing or unknown.
  static func request(of request: Request) throws(APIError) -> TrainingRequest {
    guard request.mediaType == MediaTypes.formData else {
      return TrainingRequest(document: try parse(request.body), text: request.body)
    }
    let parts = try multipart(request)
    let spec = parts.first { $0.name == "spec" }
    let data = parts.first { $0.name == "data" }
    var faults = parts.filter { $0.name != "spec" && $0.name != "data" }.map { part in
      "unknown part \(quoted(part.name)); the parts are \"spec\" and \"data\""
    }
    if spec == nil { faults.append("the part \"spec\" is missing") }
    if data == nil { faults.append("the part \"data\" is missing") }
    guard let spec, let data, faults.isEmpty else {
      throw .invalidSpecification(faults.map { Fault(pointer: JSONPointer(), detail: $0) })
    }
    let text = Array(spec.content)
    return TrainingRequest(
      document: try parse(text), attachment: Attachment(bytes: Array(data.content)), text: text)
  }

  private static func parse(_ bytes: [UInt8]) throws(APIError) -> JSONValue {
    do {
      return try JSONParser.parse(bytes)
    } catch {
      throw .invalidJSON(error)
    }
  }

  private static func multipart(_ request: Request) throws(APIError) -> [Multipart.Part] {
    guard let type = request.fields.value(of: .contentType).flatMap(MediaType.init(parsing:)) else {
      throw .unsupportedMediaType(request.fields.value(of: .contentType), accepted: mediaTypes)
    }
    do {
      return try Multipart.parse(request.body, contentType: type)
    } catch .duplicateName(let name) {
      // The form can be read; it says too much.
      let detail = "the part \(quoted(name)) is given twice"
      throw .invalidSpecification([Fault(pointer: JSONPointer(), detail: detail)])
    } catch {
      throw .invalidMultipart(error)
    }
  }
}
