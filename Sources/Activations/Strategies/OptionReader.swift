// Checks a strategy's options against its description: unknown names, wrong types and ranges become faults.

import Text

/// The options of one strategy, as far as they are sound, and the faults of the others.
struct OptionReader {
  private(set) var values: [String: OptionValue] = [:]
  private(set) var faults = Faults()

  init(_ description: StrategyDescription, members: [OptionMember]) {
    for member in members where member.name != "strategy" {
      guard let option = description.options.first(where: { $0.name == member.name }) else {
        let names = description.options.map(\.name)
        faults.add(
          [member.name],
          "unknown option of `\(description.name)`" + suggestion(for: member.name, among: names))
        continue
      }
      if member.value == .null { continue }
      if let fault = option.type.fault(member.value) {
        faults.add([member.name] + fault.path, fault.detail)
      } else {
        values[member.name] = member.value
      }
    }
    let given = Set(members.filter { $0.value != .null }.map(\.name))
    for option in description.options where option.isRequired && !given.contains(option.name) {
      faults.add([option.name], "`\(description.name)` needs the option `\(option.name)`")
    }
  }
}

extension OptionType {
  /// What is wrong with the value's form, if anything, and where in it.
  func fault(_ value: OptionValue) -> StrategyError.Fault? {
    switch (self, value) {
    case (.boolean, .bool), (.formula, .string), (.function, .string), (.functionOrNone, .string):
      return nil
    case (.number(let minimum), .number(let number)):
      return number >= minimum && number.isFinite
        ? nil : .init([], "\(text(of: number)) is below \(text(of: minimum))")
    case (.integer(let range), .number(let number)):
      guard let integer = Int(exactly: number) else {
        return .init([], "must be an integer, not \(text(of: number))")
      }
      return range.contains(integer)
        ? nil : .init([], "\(integer) is not between \(range.lowerBound) and \(range.upperBound)")
    case (.stages(let range), .number): return OptionType.integer(range).fault(value)
    case (.stages(let range), .list(let items)): return Self.stagesFault(items, range)
    case (.integerChoice(let choices), .number(let number)):
      return choices.contains { Double($0) == number }
        ? nil
        : .init([], "\(text(of: number)) is not one of \(choices.map(String.init).joined(separator: ", "))")
    case (.interval, .list(let items)):
      return Self.intervalFault(items)
    case (.degrees, .list(let items)):
      if items.count != 2 {
        return .init([], "\(items.count) degrees; give that of the numerator and of the divisor")
      }
      return items.firstFault("an integer from 1 to 8") {
        if case .number(let number) = $0, let degree = Int(exactly: number) {
          (1...8).contains(degree)
        } else {
          false
        }
      }
    case (.choice(let words), .string(let word)):
      return words.contains(word)
        ? nil : .init([], "`\(word)` is not one of \(listed(words))" + suggestion(for: word, among: words))
    case (.functions, .list(let items)):
      if !(2...16).contains(items.count) { return .init([], "\(items.count) functions; give 2 to 16") }
      return items.firstFault("a function's name") { if case .string = $0 { true } else { false } }
    case (.names, .list(let items)):
      return items.firstFault("a parameter's name") { if case .string = $0 { true } else { false } }
    case (.numbers, .list(let items)):
      return items.firstFault("a number") {
        if case .number(let number) = $0 { number.isFinite } else { false }
      }
    case (.widths, .list(let items)):
      return items.firstFault("an integer") {
        if case .number(let number) = $0 { Int(exactly: number) != nil } else { false }
      }
    case (.values, .object(let members)):
      for member in members {
        guard case .number(let number) = member.value, number.isFinite else {
          return .init([member.name], "must be a number, not \(member.value.typeName)")
        }
      }
      return nil
    case (.arrays, .object(let members)):
      for member in members {
        guard case .list(let items) = member.value else {
          return .init([member.name], "must be a list of numbers, not \(member.value.typeName)")
        }
        if let fault = (items.firstFault("a finite number") { Double($0)?.isFinite ?? false }) {
          return .init([member.name] + fault.path, fault.detail)
        }
      }
      return nil
    case (.parameters, .object(let members)):
      return members.lazy.compactMap(Self.parameterFault).first
    default:
      return .init([], "must be \(requirement), not \(value.typeName)")
    }
  }

  private static func stagesFault(
    _ items: [OptionValue], _ range: ClosedRange<Int>
  ) -> StrategyError.Fault? {
    if !(2...8).contains(items.count) { return .init([], "\(items.count) stages; give 2 to 8") }
    var last = 0.0
    for (index, item) in items.enumerated() {
      if let fault = OptionType.integer(range).fault(item) { return .init([String(index)], fault.detail) }
      guard case .number(let number) = item else { continue }
      if number <= last {
        return .init([String(index)], "\(text(of: number)) is not above \(text(of: last)), the stage before")
      }
      last = number
    }
    return nil
  }

  private static func intervalFault(_ items: [OptionValue]) -> StrategyError.Fault? {
    var ends: [Double] = []
    for (index, item) in items.enumerated() {
      guard case .number(let number) = item, Swift.abs(number) <= 1000 else {
        return .init([String(index)], "must be a number from -1000 to 1000, not \(item.typeName)")
      }
      ends.append(number)
    }
    guard ends.count == 2 else { return .init([], "\(ends.count) numbers; give the two ends") }
    return ends[0] + 0.01 <= ends[1]
      ? nil : .init([], "the first end, \(text(of: ends[0])), must be below the second, \(text(of: ends[1]))")
  }

  /// What is wrong with one member of `{name: {initial, constraint}}`.
  private static func parameterFault(_ member: OptionMember) -> StrategyError.Fault? {
    guard case .object(let fields) = member.value else {
      return .init([member.name], "must be an object {initial, constraint}, not \(member.value.typeName)")
    }
    for field in fields {
      let path = [member.name, field.name]
      let constraints = ["none", "positive", "unit"]
      switch (field.name, field.value) {
      case ("initial", .number(let number)) where number.isFinite: continue
      case ("initial", _): return .init(path, "must be a number, not \(field.value.typeName)")
      case ("constraint", .string(let word)) where constraints.contains(word): continue
      case ("constraint", _): return .init(path, "must be one of \(listed(constraints))")
      default:
        return .init(path, "unknown member" + suggestion(for: field.name, among: ["initial", "constraint"]))
      }
    }
    return fields.contains { $0.name == "initial" }
      ? nil : .init([member.name], "needs the member `initial`")
  }

  /// What the option must be, as words.
  var requirement: String {
    switch self {
    case .boolean: "true or false"
    case .number(let minimum): "a number of at least \(text(of: minimum))"
    case .integer(let range): "an integer from \(range.lowerBound) to \(range.upperBound)"
    case .stages(let range):
      "an integer from \(range.lowerBound) to \(range.upperBound), or a list of them, one for each stage"
    case .integerChoice(let choices): "one of \(choices.map(String.init).joined(separator: ", "))"
    case .interval: "a list of two numbers"
    case .degrees: "a list of two integers"
    case .choice(let words): "one of \(listed(words))"
    case .function, .functionOrNone: "a function's name"
    case .functions: "a list of function names"
    case .numbers: "a list of numbers"
    case .widths: "a list of integers"
    case .names: "a list of parameter names"
    case .values: "an object of numbers"
    case .arrays: "an object of lists of numbers"
    case .formula: "a formula's text"
    case .parameters: "an object {name: {initial, constraint}}"
    }
  }
}

extension Array where Element == OptionValue {
  fileprivate func firstFault(_ requirement: String, _ isGood: (OptionValue) -> Bool) -> StrategyError.Fault?
  {
    firstIndex { !isGood($0) }.map {
      .init([String($0)], "must be \(requirement), not \(self[$0].typeName)")
    }
  }
}

extension OptionValue {
  /// What a document's author calls it.
  var typeName: String {
    switch self {
    case .null: "null"
    case .bool: "a boolean"
    case .number(let number): number.isFinite ? "the number \(text(of: number))" : "a non-finite number"
    case .string: "a string"
    case .list: "a list"
    case .object: "an object"
    }
  }
}
