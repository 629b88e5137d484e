// The checkpoints of all jobs: a folder for each job, with the two newest states of its run.

import Glibc
package import Training

/// `checkpoints/<job>/<attempt>-<iteration>.ckpt` in the data directory.
///
/// The folder is the truth; the store knows nothing of it. A state that cannot be trusted is as good as none: the one before
/// it is taken, or the run begins from the start.
package struct CheckpointFolder: Sendable {
  /// A file by what its name says.
  package struct Name: Sendable, Equatable, Comparable {
    /// The attempt that left the state.
    package var attempt: Int
    /// Steps that had been done.
    package var iteration: Int

    /// The older one first.
    package static func < (left: Name, right: Name) -> Bool {
      (left.attempt, left.iteration) < (right.attempt, right.iteration)
    }

    fileprivate var text: String { "\(attempt)-\(iteration)\(Self.ending)" }
    fileprivate static let ending = ".ckpt"

    fileprivate init(attempt: Int, iteration: Int) {
      self.attempt = attempt
      self.iteration = iteration
    }

    fileprivate init?(_ text: String) {
      guard text.hasSuffix(Self.ending) else { return nil }
      let numbers = text.dropLast(Self.ending.count).split(separator: "-").map { Int($0) }
      guard numbers.count == 2, let attempt = numbers[0], let iteration = numbers[1] else { return nil }
      self.init(attempt: attempt, iteration: iteration)
    }
  }

  /// How many states of a job are kept.
  private static let generations = 2

  private let path: String

  /// The folder in a data directory.
  package init(dataDirectory: String) { path = "\(dataDirectory)/checkpoints" }

  private func folder(_ id: JobID) -> String { "\(path)/\(id)" }

  /// Puts a state on disk, and then removes all but the newest two. When this returns, the state survives the loss of power.
  package func write(_ checkpoint: Checkpoint, of id: JobID) throws {
    let folder = folder(id)
    for (made, parent) in [(path, path + "/.."), (folder, path)] {
      if mkdir(made, 0o700) == 0 {
        try DurableFile.synchronize(parent)
      } else if errno != EEXIST {
        throw FileError(made)
      }
    }
    let name = Name(attempt: checkpoint.origin.attempt, iteration: checkpoint.state.iteration)
    try DurableFile.write(name.text, in: folder) { try checkpoint.write($0) }
    for old in names(of: id).dropFirst(Self.generations) { unlink("\(folder)/\(old.text)") }
  }

  /// The files of a job, the newest first.
  package func names(of id: JobID) -> [Name] {
    DurableFile.names(in: folder(id)).compactMap(Name.init).sorted(by: >)
  }

  /// A state of a job.
  ///
  /// - Throws: `FileError`, or what is wrong with its bytes.
  package func read(_ name: Name, of id: JobID) throws -> Checkpoint? {
    guard let bytes = try DurableFile.read("\(folder(id))/\(name.text)") else { return nil }
    return try bytes.withUnsafeBytes { bytes throws(StoredFormatError) in
      try Checkpoint(serialized: bytes)
    }
  }

  /// Removes all states of a job.
  package func remove(_ id: JobID) {
    let folder = folder(id)
    for name in DurableFile.names(in: folder) { unlink("\(folder)/\(name)") }
    rmdir(folder)
  }

  /// Those that have states.
  package var jobs: [JobID] { DurableFile.names(in: path).compactMap(JobID.init) }

  /// Removes what no job needs any more, and what was never finished.
  ///
  /// - Parameter isNeeded: whether a job's states may still be asked for.
  package func sweep(_ isNeeded: (JobID) -> Bool) {
    for id in jobs {
      if isNeeded(id) {
        for name in DurableFile.names(in: folder(id)) where name.hasSuffix(DurableFile.unfinished) {
          unlink("\(folder(id))/\(name)")
        }
      } else {
        remove(id)
      }
    }
  }
}
