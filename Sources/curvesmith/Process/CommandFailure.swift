// How a command ends that did not do what it was asked.

/// A command that ended without success: what to tell the user, and the process's exit status.
package struct CommandFailure: Error, Equatable {
  static let failure: Int32 = 1
  static let usage: Int32 = 2
  static let directoryInUse: Int32 = 3
  /// 128 and the number of SIGINT, as shells have it.
  static let interrupted: Int32 = 130

  /// What was wrong and what to do about it, without the program's name.
  package var message: String
  /// The process's exit status.
  package var status: Int32 = CommandFailure.failure
}
