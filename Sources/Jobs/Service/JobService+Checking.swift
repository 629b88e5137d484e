// What the service computes for those who ask, without changing anything.

public import Training

extension JobService {
  /// What `submit` would make of the request; nothing is stored.
  ///
  /// - Throws: `SpecificationError`.
  public func validate(_ request: TrainingRequest) async throws -> PreparedTraining {
    try await validate({ request }, use: { $0 })
  }

  /// What `use` makes of that, for a request that is made where it is checked, on a thread of `compute`.
  ///
  /// - Throws: `SpecificationError`, or what `request` throws.
  public func validate<Value: Sendable>(
    _ request: @escaping @Sendable () throws -> TrainingRequest,
    use: @escaping @Sendable (PreparedTraining) -> Value
  ) async throws -> Value {
    let limits = configuration.limits
    return try await compute { use(try PreparedTraining(request(), limits: limits)) }
  }

  /// Runs what may take seconds on threads of its own, so that Swift's cooperative pool, as small as the machine, stays
  /// free for other requests.
  public func compute<Value: Sendable>(
    _ body: @escaping @Sendable () throws -> Value
  ) async throws -> Value {
    try await computation.run { Result { try body() } }.get()
  }
}
