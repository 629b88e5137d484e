// Whose jobs a request may reach where `--own-only` keeps them apart: nobody is told that others' exist.

import Jobs

extension Call {
  /// The key whose jobs alone are there for the request; nil where all are.
  var owner: String? {
    guard configuration.ownOnly, let principal, !principal.scopes.contains(.admin) else { return nil }
    return principal.id
  }

  /// Whether it is known without waiting that the operation may see the jobs that the request names.
  func knowsToSee(_ operation: Operation) -> Bool {
    guard let owner else { return true }
    return namedJobs(operation).allSatisfy { name in
      guard let id = JobID(name), let state = jobs.keptEnd(of: id) ?? jobs.keptModel(of: id)?.state else {
        return false
      }
      return state.createdBy == owner
    }
  }

  /// Checks that the jobs that the request names are there for it.
  ///
  /// - Throws: `.jobNotFound`, as for a job that does not exist, or what the store reports.
  func checkOwner(_ operation: Operation) async throws {
    guard let owner else { return }
    for name in namedJobs(operation) {
      guard let id = JobID(name), let state = try await jobs.state(of: id), state.createdBy == owner else {
        throw APIError.jobNotFound(name)
      }
    }
  }

  /// The identifiers in the path, or in the query parameter that has those of several jobs.
  private func namedJobs(_ operation: Operation) -> [String] {
    if operation.template.hasPrefix("/v1/jobs/{id}") { return [parameters["id"] ?? ""] }
    guard operation.query.contains("jobs"), let names = query.string("jobs") else { return [] }
    return names.split(separator: ",").map(String.init)
  }

  /// Who submits, and how many jobs of theirs may wait; nil without keys.
  var submitter: Submitter? {
    principal.map { principal in
      Submitter(
        id: principal.id, queuedJobs: principal.limits.queuedJobs ?? configuration.queuedJobsPerKey)
    }
  }
}
