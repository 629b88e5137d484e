// The memory that an activation's programs run in, allocated once.

internal import CKernels

/// Memory for one activation, as its kernel needs it. Owned by one thread at a time.
package final class ActivationWorkspace {
  enum Memory {
    case programs(ProgramMemory)
    case spline(SplineMemory)
  }

  private let memory: Memory

  init(_ memory: Memory) { self.memory = memory }

  var programs: ProgramMemory {
    guard case .programs(let memory) = memory else {
      preconditionFailure("a workspace of another activation")
    }
    return memory
  }

  var spline: SplineMemory {
    guard case .spline(let memory) = memory else { preconditionFailure("a workspace of another activation") }
    return memory
  }
}

/// The memory of an activation's programs.
final class ProgramMemory {
  /// One program's table of slots and the number of lanes that each of its own slots has.
  struct Frame {
    let slots: UnsafeMutablePointer<UnsafeMutablePointer<Float>>

    /// Points slots to consecutive arrays of `stride` floats.
    func point(_ slots: Range<Int>, to memory: UnsafeMutablePointer<Float>, stride: Int) {
      for (index, slot) in slots.enumerated() { self.slots[slot] = memory + index * stride }
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

  private let floats: UnsafeMutablePointer<Float>
  private let tables: UnsafeMutablePointer<UnsafeMutablePointer<Float>>

  init(_ programs: ActivationPrograms, maximumSets: Int) {
    self.maximumSets = maximumSets
    let width = Tiling.width
    let hoistedCount = programs.hoistedCount
    let elements =
      [programs.value, programs.gradient] + (programs.recording.map { [$0.value, $0.gradient] } ?? [])
    let all = [programs.prologue, programs.epilogue] + elements.map(\.program)
    let perSet = hoistedCount * maximumSets
    let perLane = hoistedCount * width
    let own = all.map { ($0.constants.count + $0.temporaryCount) * width }
    let total = 2 * perSet + 2 * perLane + own.reduce(0, +)
    floats = .allocate(capacity: max(total, 1))
    floats.initialize(repeating: 0, count: max(total, 1))
    tables = .allocate(capacity: all.reduce(0) { $0 + $1.slotCount })
    tables.initialize(repeating: floats, count: all.reduce(0) { $0 + $1.slotCount })

    hoisted = floats
    reduced = hoisted + perSet
    spread = reduced + perSet
    sums = spread + perLane
    var memory = sums + perLane
    var table = tables
    var frames: [Frame] = []
    for (program, size) in zip(all, own) {
      let frame = Frame(slots: table)
      frame.point(program.firstConstant..<program.slotCount, to: memory, stride: width)
      for (index, constant) in program.constants.enumerated() {
        frame.slots[program.firstConstant + index].update(repeating: constant, count: width)
      }
      frames.append(frame)
      memory += size
      table += program.slotCount
    }
    (prologue, epilogue, value, gradient) = (frames[0], frames[1], frames[2], frames[3])
    (recordingValue, replayingGradient) = frames.count > 4 ? (frames[4], frames[5]) : (value, gradient)
    for (element, frame) in zip(elements, frames.dropFirst(2)) {
      frame.point(element.layout.hoisted, to: spread, stride: width)
      for (slot, node) in zip(element.layout.adjoints, programs.differentiated) {
        frame.slots[slot] = sums + node * width
      }
    }
  }

  deinit {
    floats.deallocate()
    tables.deallocate()
  }
}
