// The memory that an activation's programs run in, allocated once.

internal import CKernels

/// Memory for one activation over at most `maximumRows` rows of `units` units. Owned by one thread at a time.
public final class ActivationWorkspace {
  /// One program's table of slots and the number of lanes that each of its own slots has.
  struct Frame {
    let slots: UnsafeMutablePointer<UnsafeMutablePointer<Float>>

    /// Points the slots from `first` on to consecutive arrays of `stride` floats.
    func point(_ first: Int, count: Int, to memory: UnsafeMutablePointer<Float>, stride: Int) {
      for index in 0..<count { slots[first + index] = memory + index * stride }
    }
  }

  /// The functions of the instruction set that was in use when the workspace was made.
  let kernels = ck_elementwise_current()
  let sumKernels = ck_reduce_current()
  let networkKernels = ck_kernels_current().pointee.networks
  let maximumSets: Int
  /// Values of the hoisted nodes, `[node][set]`.
  let hoisted: UnsafeMutablePointer<Float>
  /// Adjoints of the hoisted nodes summed over their elements, `[node][set]`.
  let reduced: UnsafeMutablePointer<Float>
  /// Hoisted values spread over a tile, `[node][lane]`.
  let spread: UnsafeMutablePointer<Float>
  /// Adjoints of the hoisted nodes by lane, `[node][lane]`.
  let sums: UnsafeMutablePointer<Float>
  let prologue: Frame
  let value: Frame
  let gradient: Frame
  let recordingValue: Frame
  let replayingGradient: Frame
  let epilogue: Frame
  let splineKernels = ck_kernels_current().pointee.splines
  /// What a spline's kernel works in.
  let splineMemory: UnsafeMutablePointer<Float>

  private let floats: UnsafeMutablePointer<Float>
  private let tables: UnsafeMutablePointer<UnsafeMutablePointer<Float>>

  init(_ programs: ActivationPrograms, maximumSets: Int, spline: Spline?) {
    self.maximumSets = maximumSets
    let width = Tiling.width
    let hoistedCount = programs.hoistedCount
    let all =
      [programs.prologue, programs.value, programs.gradient, programs.epilogue]
      + (programs.recording.map { [$0.value, $0.gradient] } ?? [])
    let perSet = hoistedCount * maximumSets
    let perLane = hoistedCount * width
    let own = all.map { ($0.constants.count + $0.temporaryCount) * width }
    let total = 2 * perSet + 2 * perLane + own.reduce(0, +)
    floats = .allocate(capacity: max(total, 1))
    floats.initialize(repeating: 0, count: max(total, 1))
    tables = .allocate(capacity: all.reduce(0) { $0 + $1.slotCount })
    tables.initialize(repeating: floats, count: all.reduce(0) { $0 + $1.slotCount })

    let splineSize = spline.map { $0.memorySize(maximumSets: maximumSets) } ?? 1
    splineMemory = .allocate(capacity: splineSize)
    splineMemory.initialize(repeating: 0, count: splineSize)
    hoisted = floats
    reduced = hoisted + perSet
    spread = reduced + perSet
    sums = spread + perLane
    var memory = sums + perLane
    var table = tables
    var frames: [Frame] = []
    for (program, size) in zip(all, own) {
      let frame = Frame(slots: table)
      frame.point(
        program.firstConstant, count: program.constants.count + program.temporaryCount, to: memory,
        stride: width)
      for (index, constant) in program.constants.enumerated() {
        frame.slots[program.firstConstant + index].update(repeating: constant, count: width)
      }
      frames.append(frame)
      memory += size
      table += program.slotCount
    }
    (prologue, value, gradient, epilogue) = (frames[0], frames[1], frames[2], frames[3])
    (recordingValue, replayingGradient) = frames.count > 4 ? (frames[4], frames[5]) : (value, gradient)
    for frame in [value, recordingValue] { frame.point(1, count: hoistedCount, to: spread, stride: width) }
    for (frame, program) in [
      (gradient, programs.gradient), (replayingGradient, programs.recording?.gradient ?? programs.gradient),
    ] {
      frame.point(2, count: hoistedCount, to: spread, stride: width)
      for (index, node) in programs.differentiated.enumerated() {
        frame.slots[program.firstOutput + index] = sums + node * width
      }
    }
  }

  deinit {
    floats.deallocate()
    splineMemory.deallocate()
    tables.deallocate()
  }
}
