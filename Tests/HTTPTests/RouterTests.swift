// Routing by a table like the service's own.

import HTTP
import HTTPTypes
import Testing

@Suite struct RouterTests {
  private let router = Router<String>([
    .init(.get, "/", "dashboard"),
    .init(.get, "/v1/jobs", "list"),
    .init(.post, "/v1/jobs", "create"),
    .init(.post, "/v1/jobs/validate", "validate"),
    .init(.get, "/v1/jobs/{id}", "get"),
    .init(.delete, "/v1/jobs/{id}", "delete"),
    .init(.get, "/v1/jobs/{id}/activations", "activations"),
    .init(.get, "/v1/jobs/{id}/activations.svg", "plot"),
    .init(.get, "/v1/jobs/{job}/model/{file}", "file"),
    .init(.get, "/v1/{kind}/validate/deep", "deep"),
  ])

  /// The match as text.
  private func match(_ method: HTTPRequest.Method, _ target: String) throws -> String {
    switch router.match(method: method, target: try request(method, target).target) {
    case .handler(let handler, let parameters, let template):
      let values = parameters.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
      return "\(handler)\(values) \(template)"
    case .options(let allow, let template): return "options \(allow.map(\.rawValue)) \(template)"
    case .methodNotAllowed(let allow, let template): return "405 \(allow.map(\.rawValue)) \(template)"
    case .notFound: return "404"
    case .notImplemented: return "501"
    }
  }

  @Test(arguments: [
    ("/", "dashboard /"),
    ("/v1/jobs", "list /v1/jobs"),
    ("/v1/jobs?limit=1", "list /v1/jobs"),
    ("/v1/jobs/job_1", "get id=job_1 /v1/jobs/{id}"),
    ("/v1/jobs/a%2Fb%20c", "get id=a/b c /v1/jobs/{id}"),
    ("/v1/jobs/1/activations.svg", "plot id=1 /v1/jobs/{id}/activations.svg"),
    ("/v1/jobs/1/model/m.onnx", "file file=m.onnx job=1 /v1/jobs/{job}/model/{file}"),
    ("/%76%31/jobs", "list /v1/jobs"),
  ])
  func `a path finds its handler, its parameters and its template`(_ target: String, _ expected: String)
    throws
  {
    #expect(try match(.get, target) == expected)
  }

  @Test func `a literal that leads nowhere gives way to a parameter`() throws {
    #expect(try match(.get, "/v1/jobs/validate/deep") == "deep kind=jobs /v1/{kind}/validate/deep")
  }

  @Test(arguments: [
    "/v1", "/v1/", "/v1/jobs/", "//v1/jobs", "/v1//jobs", "/v1/jobs/1/", "/v1/Jobs", "/v1/jobs/1/model",
    "/v1%2Fjobs",
  ])
  func `what no template has is 404`(_ target: String) throws {
    #expect(try match(.get, target) == "404")
  }

  @Test func `9110 §15.5.6: a known method that the resource lacks is 405 with Allow`() throws {
    #expect(try match(.put, "/v1/jobs") == #"405 ["GET", "HEAD", "POST", "OPTIONS"] /v1/jobs"#)
    #expect(try match(.get, "/v1/jobs/validate") == #"405 ["POST", "OPTIONS"] /v1/jobs/validate"#)
    let query = try #require(HTTPRequest.Method("QUERY"))
    #expect(try match(query, "/v1/jobs/validate") == #"405 ["POST", "OPTIONS"] /v1/jobs/validate"#)
    #expect(try match(.trace, "/v1/jobs/validate") == #"405 ["POST", "OPTIONS"] /v1/jobs/validate"#)
  }

  @Test(arguments: ["FOOBAR", "get", "PROPFIND"])
  func `9110 §9.1: a method that nothing knows is 501, case and all`(_ method: String) throws {
    #expect(try match(#require(HTTPRequest.Method(method)), "/v1/jobs") == "501")
  }

  @Test func `9110 §9.3.2: HEAD goes where GET goes, and only there`() throws {
    #expect(try match(.head, "/v1/jobs/1") == "get id=1 /v1/jobs/{id}")
    #expect(try match(.head, "/v1/jobs/validate").hasPrefix("405"))
  }

  @Test func `9110 §9.3.7: OPTIONS tells the methods of a path, and of the server for *`() throws {
    #expect(
      try match(.options, "/v1/jobs/1") == #"options ["GET", "HEAD", "DELETE", "OPTIONS"] /v1/jobs/{id}"#)
    #expect(try match(.options, "*") == #"options ["GET", "HEAD", "POST", "DELETE", "OPTIONS"] *"#)
    #expect(try match(.options, "/nowhere") == "404")
  }
}
