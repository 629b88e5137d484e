// Sequences and images by HTTP: forms of arrays, nested rows, and what is wrong with them before anything is queued.

import JSON
import Testing

/// A file as `numpy.save` writes it, of octets.
private func npy(_ shape: String, _ octets: [UInt8]) -> [UInt8] {
  let header = "{'descr': '|u1', 'fortran_order': False, 'shape': \(shape), }   \n"
  return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8) + octets
}

private typealias Part = (name: String, type: String, content: [UInt8])

private let spec = #"""
  {"data": {"validation_fraction": 0, "missing": "error"}, "task": "multiclass", "activation": "tanh",
   "model": {"layers": [{"type": "lstm", "units": 3}]}, "training": {"epochs": 2}}
  """#

private func part(_ name: String, _ content: [UInt8]) -> Part { (name, "application/x-npy", content) }

private let specPart: Part = ("spec", "application/json", Array(spec.utf8))
private let inputs = part("inputs", npy("(4, 3, 2)", Array(0..<24)))
private let targets = part("targets", npy("(4,)", [0, 1, 2, 1]))

/// A specification over inline rows, with layers that read sequences.
private func sequences(_ data: String, _ layers: String = #"[{"type": "gru", "units": 2}]"#) -> String {
  #"{"data": {\#(data)}, "activation": "tanh", "model": {"layers": \#(layers)}}"#
}

private let embedding =
  #"[{"type": "embedding", "input_dim": 9, "output_dim": 2}, {"type": "gru", "units": 2}]"#

@Suite struct ShapedDataTests {
  @Test func `a form of arrays trains, and its model reads rows nested, flat and as an array`() async throws {
    try await Service.run { service in
      let form = Specifications.form(octets: [
        specPart, inputs, targets, part("lengths", npy("(4,)", [3, 2, 1, 3])),
      ])
      let valid = try await service.send(
        "POST", "/v1/jobs/validate", [Specifications.formType], body: form)
      #expect(valid.status == 200, "\(valid.text)")
      #expect(valid.json["shapes"]?.arrayValue?.first?["input"] == [3, 2])
      let job = try await service.send(
        "POST", "/v1/jobs", [Specifications.formType, ("Prefer", "wait=60")], body: form)
      #expect(job.json["status"] == "succeeded", "\(job.text)")
      let location = try #require(job.field("Location"))
      let nested = try await service.post(
        "\(location)/predict", #"{"inputs": [[[0, 1], [2, 3], [4, 5]], [[6, 7], [8, 9]]]}"#)
      #expect(nested.status == 200, "\(nested.text)")
      #expect(nested.json["classes"] == [0, 1, 2])
      let flat = try await service.post(
        "\(location)/predict", #"{"inputs": [[0, 1, 2, 3, 4, 5], [6, 7, 8, 9, 0, 0]], "lengths": [3, 2]}"#)
      #expect(flat.json == nested.json)
      let array = try await service.send(
        "POST", "\(location)/predict", [("Content-Type", "text/csv")],
        body: npy("(1, 3, 2)", Array(0..<6)))
      #expect(array.json["predictions"]?.arrayValue?.first == nested.json["predictions"]?.arrayValue?.first)
      let wrong = try await service.post("\(location)/predict", #"{"inputs": [[[0, 1], [2]]]}"#)
      #expect(wrong.pointers == ["#/inputs/0/1"])
    }
  }

  @Test func `sequences are predicted step by step`() async throws {
    try await Service.run { service in
      let job = try await service.send(
        "POST", "/v1/jobs", [("Content-Type", "application/json"), ("Prefer", "wait=60")],
        body: Array(
          #"""
          {"data": {"inputs": [[[1], [2]], [[3]], [[1], [0]]], "targets": [["a", "b"], ["b"], ["a", "a"]]},
           "activation": "tanh", "model": {"layers": [{"type": "rnn", "units": 2, "return_sequences": true}]},
           "training": {"epochs": 2}}
          """#.utf8))
      let location = try #require(job.field("Location"), "\(job.text)")
      let found = try await service.post("\(location)/predict", #"{"inputs": [[[1], [2]], [[3]]]}"#)
      #expect(found.json["predictions"]?.arrayValue?.map { $0.arrayValue?.count } == [2, 1])
      #expect(found.json["probabilities"]?.arrayValue?.first?.arrayValue?.last?.arrayValue?.count == 2)
      let csv = try await service.send(
        "POST", "\(location)/predict", [("Content-Type", "application/json"), ("Accept", "text/csv")],
        body: Array(#"{"inputs": [[[1], [2]], [[3]]]}"#.utf8))
      #expect(csv.text.hasPrefix("row,step,prediction,probability_a,probability_b\r\n1,1,"))
    }
  }

  @Test(
    arguments: [
      (
        "two sources", [specPart, inputs, targets, part("data", Array("a".utf8))],
        #"the parts "data" and "inputs" are two sources of data; there can be only one"#
      ),
      ("no targets", [specPart, inputs], #"the part "targets" is missing"#),
      ("no inputs", [specPart, targets], #"the part "inputs" is missing"#),
      (
        "another name", [specPart, inputs, targets, part("labels", [])],
        #"unknown part `labels`; the parts are "spec" and "data", or "inputs" and "targets" instead of "data""#
      ),
    ] as [(String, [Part], String)])
  private func `a form with`(what: String, parts: [Part], detail: String) async throws {
    try await Service.run { service in
      let reply = try await service.send(
        "POST", "/v1/jobs/validate", [Specifications.formType], body: Specifications.form(octets: parts))
      #expect(reply.status == 422)
      #expect(reply.json["errors"]?.arrayValue?.first?["detail"] == .string(detail), "\(reply.text)")
    }
  }

  @Test func `a form may be longer than other bodies, up to its own limit`() async throws {
    let rows = 2000
    let octets = (0..<rows * 6).map { UInt8($0 % 251) }
    let parts = [
      specPart, part("inputs", npy("(\(rows), 3, 2)", octets)),
      part("targets", npy("(\(rows),)", (0..<rows).map { UInt8($0 % 3) })),
    ]
    let form = Specifications.form(octets: parts)
    try await Service.run(.init(maximumBody: 4000, maximumUpload: form.count)) { service in
      let reply = try await service.send(
        "POST", "/v1/jobs/validate", [Specifications.formType], body: form)
      #expect(reply.status == 200, "\(reply.text)")
      let over = try await service.send(
        "POST", "/v1/jobs/validate", [Specifications.formType], body: form + [0])
      #expect(over.status == 413)
      let document = Array(#"{"name": "\#(String(repeating: "a", count: 5000))"}"#.utf8)
      let json = try await service.send(
        "POST", "/v1/jobs/validate", [("Content-Type", "application/json")], body: document)
      #expect(json.status == 413)
      let limits = try await service.send("GET", "/v1/limits")
      #expect(limits.json["requests"]?["upload_bytes"]?.intValue == form.count)
    }
  }

  @Test(
    arguments: [
      (sequences(#""inputs": [[[1, 2], [3, 4]], [[1, 2], [3]]], "targets": [0, 1]"#), "#/data/inputs/1/1"),
      (
        sequences(#""inputs": [[[[1], [2]], [[3], [4]]], [[[1], [2]], [[3]]]], "targets": [0, 1]"#),
        "#/data/inputs/1/1"
      ),
      (sequences(#""inputs": [[[[[1]]]], [[[[1]]]]], "targets": [0, 1]"#), "#/data/inputs"),
      (sequences(#""inputs": [[[1], [2]], []], "targets": [0, 1]"#), "#/data/inputs/1"),
      (
        sequences(
          #""inputs": [[1, 2], [3, 4]], "targets": [0, 1], "input_shape": [2, 1], "lengths": [1, 3]"#),
        "#/data/lengths/1"
      ),
      (
        sequences(#""inputs": [[1, 2, 3, 4], [5, 6, 7, 8]], "targets": [0, 1], "input_shape": [3, 2]"#),
        "#/data/input_shape"
      ),
      (
        sequences(
          #""inputs": [[[1], [2], [3]], [[4], [5], [6]]], "targets": [[1, 2], [3, 4]]"#,
          #"[{"type": "gru", "units": 2, "return_sequences": true}]"#), "#/data/targets"
      ),
      (
        sequences(
          #""inputs": [[[1], [2]], [[4], [5]]], "targets": [[1, 2], [3]]"#,
          #"[{"type": "gru", "units": 2, "return_sequences": true}]"#), "#/data/targets/1"
      ),
      (sequences(#""inputs": [[1, 2], [3, 9]], "targets": [0, 1]"#, embedding), "#/data/inputs/1/1"),
      (sequences(#""inputs": [[1, 2], [3, 4.5]], "targets": [0, 1]"#, embedding), "#/data/inputs/1/1"),
      (
        sequences(#""inputs": [[[1, 2]], [[3, 4]]], "targets": [0, 1], "input_layout": "nchw""#),
        "#/data/input_layout"
      ),
      (sequences(#""inputs": [[1, 2], [3, 4]], "targets": [0, 1]"#), "#/model/layers/0"),
      (
        sequences(#""csv": "a,b\n1,2\n2,3\n3,4\n", "target": "b", "window": {"steps": 3}"#),
        "#/data/window/steps"
      ),
    ])
  func `a fault has its exact place, and nothing is queued`(document: String, pointer: String) async throws {
    try await Service.run { service in
      for path in ["/v1/jobs", "/v1/jobs/validate"] {
        let reply = try await service.post(path, document)
        #expect(reply.status == 422, "\(reply.text)")
        #expect(reply.pointers == [pointer], "\(reply.text)")
      }
      let jobs = try await service.send("GET", "/v1/jobs")
      #expect(jobs.json["data"] == [])
    }
  }
}
