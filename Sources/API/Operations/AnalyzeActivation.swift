// POST /v1/activations/analyze: every fact about an activation, without training it.

import HTTP
import HTTPTypes
import JSON
import Jobs
import Training

extension Operation {
  static let analyzeActivation = Operation(
    "analyzeActivation", .post, "/v1/activations/analyze", accepts: [MediaTypes.json]
  ) { call in
    let document: JSONValue
    do throws(JSONSyntaxError) {
      document = try JSONParser.parse(call.request.body)
    } catch {
      throw APIError.invalidJSON(error)
    }
    let answer = try await call.jobs.compute { () -> Result<JSONValue, SpecificationError> in
      do throws(SpecificationError) {
        return .success(try TrainingDescriptions.analysis(of: document))
      } catch {
        return .failure(error)
      }
    }
    switch answer {
    case .success(let analysis): return .json(analysis, caching: .never)
    case .failure(let error): throw APIError.invalidSpecification(error.faults)
    }
  }
}
