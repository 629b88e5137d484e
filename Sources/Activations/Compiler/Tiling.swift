// How a matrix of rows × units is cut into tiles of contiguous elements.

internal import CKernels

/// Consecutive tiles whose lanes map to the same parameter sets, so that parameters are spread over a tile once and
/// adjoints are summed up per lane until the group ends.
struct TileGroup {
  /// Elements per tile; the last tile of a group may have fewer.
  var lanes: Int
  /// Where the first tile begins, how far tiles lie apart, how many there are and where the elements end.
  var offset: Int
  var stride: Int
  var tileCount: Int
  var end: Int
  /// Lane l uses the set `firstSet + (l / runLength) % setCount`.
  var firstSet: Int
  var setCount: Int
  var runLength: Int

  func tileOffset(_ tile: Int) -> Int { offset + tile * stride }
  func count(at offset: Int) -> Int { min(lanes, end - offset) }
}

/// The groups of a matrix.
struct Tiling {
  /// Lanes per tile: 1 KiB per slot, so that a program's slots stay in first-level cache.
  static let width = 256

  let rows: Int
  let units: Int
  let sharing: CompiledActivation.Sharing

  /// The number of parameter sets.
  var setCount: Int {
    switch sharing {
    case .all: 1
    case .unit: units
    case .row: rows
    }
  }

  var groupCount: Int {
    if rows == 0 || units == 0 { return 0 }
    return switch sharing {
    case .all: 1
    case .unit: Self.blocks(of: Self.width, in: units)
    case .row: units > Self.width ? rows : Self.blocks(of: Self.width / units, in: rows)
    }
  }

  /// `.all`: one run of tiles. `.unit`: whole repetitions of the row, or one block of columns, row after row.
  /// `.row`: one tile of several rows, or one row in several tiles.
  func group(_ index: Int) -> TileGroup {
    let elements = rows * units
    switch sharing {
    case .all:
      return TileGroup(
        lanes: Self.width, offset: 0, stride: Self.width,
        tileCount: Self.blocks(of: Self.width, in: elements),
        end: elements, firstSet: 0, setCount: 1, runLength: Self.width)
    case .unit where units <= Self.width:
      let lanes = Self.width / units * units
      return TileGroup(
        lanes: lanes, offset: 0, stride: lanes, tileCount: Self.blocks(of: lanes, in: elements),
        end: elements,
        firstSet: 0, setCount: units, runLength: 1)
    case .unit:
      let column = index * Self.width
      let lanes = min(Self.width, units - column)
      return TileGroup(
        lanes: lanes, offset: column, stride: units, tileCount: rows, end: elements, firstSet: column,
        setCount: lanes, runLength: 1)
    case .row where units <= Self.width:
      let row = index * (Self.width / units)
      let count = min(Self.width / units, rows - row)
      return TileGroup(
        lanes: count * units, offset: row * units, stride: 0, tileCount: 1, end: elements, firstSet: row,
        setCount: count, runLength: units)
    case .row:
      return TileGroup(
        lanes: Self.width, offset: index * units, stride: Self.width,
        tileCount: Self.blocks(of: Self.width, in: units), end: (index + 1) * units, firstSet: index,
        setCount: 1,
        runLength: Self.width)
    }
  }

  private static func blocks(of size: Int, in count: Int) -> Int { (count + size - 1) / size }
}

extension TileGroup {
  /// Spreads one value per set over the lanes of a tile.
  func spread(_ values: UnsafePointer<Float>, over tile: UnsafeMutablePointer<Float>) {
    if runLength == 1 {
      var lane = 0
      while lane < lanes {
        (tile + lane).update(from: values + firstSet, count: setCount)
        lane += setCount
      }
    } else {
      for set in 0..<setCount {
        let first = set * runLength
        (tile + first).update(repeating: values[firstSet + set], count: min(runLength, lanes - first))
      }
    }
  }

  /// Sums the lanes of each set in a fixed order: the same bits every time.
  func reduce(
    _ tile: UnsafePointer<Float>, into sums: UnsafeMutablePointer<Float>, kernels: UnsafePointer<ck_reduce>
  ) {
    if runLength == 1 {
      for set in 0..<setCount {
        var sum = 0.0
        for lane in Swift.stride(from: set, to: lanes, by: setCount) { sum += Double(tile[lane]) }
        sums[firstSet + set] = Float(sum)
      }
    } else {
      for set in 0..<setCount {
        let first = set * runLength
        sums[firstSet + set] = Float(kernels.pointee.sum(tile + first, min(runLength, lanes - first)))
      }
    }
  }
}
