// Whether others on this machine may look into the process.

import CLinux

/// Core dumps of the process, and looks into its memory by debuggers and profilers of the same user.
public enum ProcessPrivacy {
  /// Whether there are neither: what is in memory, such as a private key, then stays there. Root may look in any case.
  ///
  /// Source: prctl(2), PR_SET_DUMPABLE.
  public static var isPrivate: Bool { cl_is_dumpable() == 0 }

  /// Allows or forbids both, for the whole process.
  ///
  /// Returns: whether the system did so.
  @discardableResult
  public static func set(_ isPrivate: Bool) -> Bool { cl_set_dumpable(isPrivate ? 0 : 1) == 0 }
}
