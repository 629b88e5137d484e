// The status and the revision of a job, which tell whether what was read of it still holds.

/// Where a job stands, without its documents.
public struct JobState: Sendable, Hashable {
  /// Where the job stands.
  public var status: JobStatus
  /// ``Job/revision``.
  public var revision: Int
  /// ``Job/createdBy``.
  public var createdBy: String?

  /// A job at a revision.
  public init(status: JobStatus, revision: Int, createdBy: String? = nil) {
    self.status = status
    self.revision = revision
    self.createdBy = createdBy
  }
}
