// Reading the content of createJob and validateJob: a JSON document, alone or with a data file beside it.

import HTTP
import HTTPTypes
import JSON
import Text
import Training

/// The two forms in which a specification is sent.
enum TrainingContent {
  static let mediaTypes = [MediaTypes.json, MediaTypes.formData]

  private static let arrays = ["inputs", "targets", "lengths"]
  private static let known = ["spec", "data"] + arrays

  /// The specification, and the data of a multipart request.
  ///
  /// The parts of `multipart/form-data` (RFC 7578) are `spec`, a JSON document, and `data`, CSV or NPY; or instead of that
  /// `inputs`, NPY of two to four dimensions, `targets`, NPY or CSV of one column, and optionally `lengths`, NPY.
  /// - Throws: `.invalidJSON`, `.invalidMultipart`, or `.invalidSpecification` for parts missing or unknown.
  static func request(of request: Request) throws(APIError) -> TrainingRequest {
    guard request.mediaType == MediaTypes.formData else {
      return TrainingRequest(document: try parse(request.body), text: request.body)
    }
    let parts = try multipart(request)
    let named = Dictionary(parts.map { ($0.name, $0.content) }, uniquingKeysWith: { first, _ in first })
    let faults = faults(inParts: parts.map(\.name))
    guard let spec = named["spec"], let attachment = attachment(named), faults.isEmpty else {
      throw .invalidSpecification(faults.map { Fault(pointer: JSONPointer(), detail: $0) })
    }
    let text = Array(spec)
    return TrainingRequest(document: try parse(text), attachment: attachment, text: text)
  }

  /// What is wrong with the names of a form's parts.
  private static func faults(inParts names: [String]) -> [String] {
    var faults = names.filter { !known.contains($0) }.map { name in
      "unknown part \(quoted(name)); the parts are \"spec\" and \"data\", or \"inputs\" and \"targets\" instead of \"data\""
    }
    let given = arrays.filter(names.contains)
    if !names.contains("spec") { faults.append("the part \"spec\" is missing") }
    if names.contains("data") {
      if let extra = given.first {
        faults.append(
          "the parts \"data\" and \"\(extra)\" are two sources of data; there can be only one")
      }
    } else if given.isEmpty {
      faults.append("the part \"data\" is missing")
    } else {
      faults += ["inputs", "targets"].filter { !given.contains($0) }.map {
        "the part \"\($0)\" is missing"
      }
    }
    return faults
  }

  /// Nil where a part is missing.
  private static func attachment(_ parts: [String: ArraySlice<UInt8>]) -> Attachment? {
    if let data = parts["data"] { return Attachment(bytes: Array(data)) }
    guard let inputs = parts["inputs"], let targets = parts["targets"] else { return nil }
    return Attachment(
      inputs: Array(inputs), targets: Array(targets), lengths: parts["lengths"].map { Array($0) })
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
