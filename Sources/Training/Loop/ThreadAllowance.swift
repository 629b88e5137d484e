// How many threads a training may use, which may change while it runs.

/// What `training.threads` is held against; the numbers of a result do not depend on it.
public struct ThreadAllowance: Sendable {
  /// The processors there are: the most that a job gets, whatever it asks for.
  public var processors: Int
  /// How many of them `auto` may use now; asked before every step, so that it must be quick.
  public var free: @Sendable () -> Int

  /// - Parameters:
  ///   - processors: the most threads of any job, at least 1.
  ///   - free: how many of them `auto` may use now.
  public init(processors: Int, free: @escaping @Sendable () -> Int) {
    self.processors = processors
    self.free = free
  }

  /// One thread.
  public static let one = ThreadAllowance(processors: 1) { 1 }
}

extension TrainingSection.Threads {
  /// The most threads that a training will ever use.
  func most(_ allowance: ThreadAllowance) -> Int {
    switch self {
    case .auto: max(1, allowance.processors)
    case .count(let count): min(count, max(1, allowance.processors))
    }
  }

  /// How many it uses now.
  func now(_ allowance: ThreadAllowance) -> Int {
    switch self {
    case .auto: allowance.free()
    case .count: most(allowance)
    }
  }
}
