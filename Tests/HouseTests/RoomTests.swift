// Folders of one target look one way: no circle of folders that name each other's types and functions.

import Testing

@Suite struct RoomTests {
  @Test(arguments: House.targets.keys.sorted())
  func `no folders of a target know each other in a circle`(_ target: String) {
    let views = Rooms(House.targets[target] ?? []).viewsInCircles
    let list = views.map { "  \($0.from) → \($0.to): \($0.path) names `\($0.name)`\n" }.joined()
    #expect(
      views.isEmpty,
      """
      folders of \(target) know each other in a circle:
      \(list)Of these views, cut those that look back: move the piece that names the other room, or what it names, into \
      the room that needs both. An extension that joins two rooms stands in the later one.
      """)
  }

  @Test func `a circle is seen, and a chain is none`() {
    func file(_ path: String, _ text: String) -> SourceFile {
      SourceFile(path: "Sources/T/" + path, text: text)
    }
    let chain = [
      file("A/One.swift", "struct One { var text = \"Two\" /* Two */ }\n// Two\n"),
      file("B/Two.swift", "struct Two { var one: One }\nfunc helped() {}\n"),
      file("C/Three.swift", "let three = \"\\(helped())\"\nstruct Three { func again() { one.Two } }\n"),
    ]
    #expect(Rooms(chain).viewsInCircles.isEmpty)
    let back = file("A/Back.swift", "extension One { init(_ three: Three) { self.init() } }\n")
    #expect(
      Rooms(chain + [back]).viewsInCircles.map { "\($0.from) \($0.to) \($0.name)" }
        == ["A C Three", "B A One", "C B helped"])
    let twice = file("C/Another.swift", "private struct One {}\n")
    #expect(Rooms(chain + [back, twice]).viewsInCircles.isEmpty, "a name declared twice tells nothing")
  }
}

/// Which folders of a target name what other folders declare.
struct Rooms {
  /// A file that names a type or function of another folder.
  struct View {
    var from: String
    var to: String
    var path: String
    var name: String
  }

  private(set) var views: [View] = []

  /// Only names that the target declares once are followed, so that no nested type is taken for another one.
  init(_ files: [SourceFile]) {
    let codes = files.map { (file: $0, code: SwiftCode($0.text)) }
    let declared = Dictionary(
      grouping: codes.flatMap { file, code in code.declarations.map { (file: file, declaration: $0) } },
      by: \.declaration.name)
    let homes = declared.compactMapValues { found in
      found.count == 1 && found[0].declaration.isShared
        ? (room: found[0].file.room, isFunction: found[0].declaration.isFunction) : nil
    }
    for (file, code) in codes {
      let names = code.identifiers.filter { identifier in
        guard !identifier.isMember, let home = homes[identifier.text] else { return false }
        return home.room != file.room && (!home.isFunction || identifier.isCalled)
      }
      for name in Set(names.map(\.text)).sorted() {
        guard let home = homes[name] else { continue }
        views.append(View(from: file.room, to: home.room, path: file.path, name: name))
      }
    }
  }

  /// Those that are part of a circle, by folder.
  var viewsInCircles: [View] {
    let next = Dictionary(grouping: views, by: \.from).mapValues { Set($0.map(\.to)) }
    func reachable(from start: String) -> Set<String> {
      var seen: Set<String> = []
      var waiting = [start]
      while let room = waiting.popLast() {
        for other in next[room] ?? [] where seen.insert(other).inserted { waiting.append(other) }
      }
      return seen
    }
    return views.filter { reachable(from: $0.to).contains($0.from) }
      .sorted { ($0.from, $0.to, $0.path, $0.name) < ($1.from, $1.to, $1.path, $1.name) }
  }
}
