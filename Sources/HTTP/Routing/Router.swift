// From method and path to a handler: an immutable table, built once.

public import HTTPTypes

/// Routes by path template, then by method.
///
/// A template is a path whose segments are literal or `{parameter}`; a literal beats a parameter, and a parameter
/// never matches an empty segment. HEAD is answered by GET's handler, and OPTIONS by the router itself.
///
/// Complexity of a match: linear in the path's segments, unless templates overlap, and then in the table at most.
public struct Router<Handler: Sendable>: Sendable {
  /// One line of the table.
  public struct Route: Sendable {
    /// The method that the handler answers.
    public var method: HTTPRequest.Method
    /// The path, such as `/v1/jobs/{id}`.
    public var template: String
    /// What a matching request goes to.
    public var handler: Handler

    /// One line of the table.
    public init(_ method: HTTPRequest.Method, _ template: String, _ handler: Handler) {
      self.method = method
      self.template = template
      self.handler = handler
    }
  }

  /// What the table says about a request. `template` names the route in metrics, where paths would be too many.
  public enum Match: Sendable {
    case handler(Handler, parameters: [String: String], template: String)
    /// OPTIONS, on a path or on `*`: answer 204 with this `Allow`.
    case options(allow: [HTTPRequest.Method], template: String)
    /// 405 with this `Allow` (RFC 9110 §15.5.6).
    case methodNotAllowed(allow: [HTTPRequest.Method], template: String)
    /// 404.
    case notFound
    /// 501: nothing here knows this method (RFC 9110 §9.1).
    case notImplemented
  }

  /// A place in the tree of templates; nodes refer to each other by index.
  private struct Node: Sendable {
    var literals: [String: Int] = [:]
    var parameter: Int?
    /// Set where a template ends.
    var template: String?
    var parameterNames: [String] = []
    var handlers: [(method: HTTPRequest.Method, handler: Handler)] = []
    var allow: [HTTPRequest.Method] = []
  }

  private let nodes: [Node]
  /// Every method that some route has, for `OPTIONS *`.
  private let methods: [HTTPRequest.Method]

  /// Methods that are well known although no route may have them: 405 rather than 501.
  private static var knownMethods: [HTTPRequest.Method] {
    [.get, .head, .post, .put, .patch, .delete, .options, .trace, .query]
  }

  /// Builds the table. Two routes with the same method and template are a programming error.
  public init(_ routes: [Route]) {
    var nodes = [Node()]
    for route in routes {
      let segments = Self.segments(of: route.template)
      var index = 0
      for segment in segments {
        index = Self.child(of: index, for: segment, in: &nodes)
      }
      precondition(
        nodes[index].template == nil || nodes[index].template == route.template,
        "the templates \(nodes[index].template ?? "") and \(route.template) match the same paths")
      precondition(
        !nodes[index].handlers.contains { $0.method == route.method },
        "\(route.method) \(route.template) is routed twice")
      nodes[index].template = route.template
      nodes[index].parameterNames = segments.compactMap(Self.parameterName)
      nodes[index].handlers.append((route.method, route.handler))
      nodes[index].allow = Self.allow(for: nodes[index].handlers.map(\.method))
    }
    self.nodes = nodes
    methods = Self.allow(for: routes.map(\.method))
  }

  /// Finds the route for a request.
  public func match(method: HTTPRequest.Method, target: Target) -> Match {
    guard Self.knownMethods.contains(method) || methods.contains(method) else { return .notImplemented }
    if target.isAsterisk { return .options(allow: methods, template: "*") }
    var values: [String] = []
    guard let index = find(target.segments[...], from: 0, values: &values),
      let template = nodes[index].template
    else { return .notFound }
    let node = nodes[index]
    let effective = method == .head && !node.handlers.contains { $0.method == .head } ? .get : method
    if let route = node.handlers.first(where: { $0.method == effective }) {
      let parameters = Dictionary(uniqueKeysWithValues: zip(node.parameterNames, values))
      return .handler(route.handler, parameters: parameters, template: template)
    }
    if method == .options { return .options(allow: node.allow, template: template) }
    return .methodNotAllowed(allow: node.allow, template: template)
  }

  /// Depth first, literals before parameters. The depth is bounded by the longest template.
  private func find(_ segments: ArraySlice<String>, from index: Int, values: inout [String]) -> Int? {
    guard let segment = segments.first else { return nodes[index].template == nil ? nil : index }
    let rest = segments.dropFirst()
    if let literal = nodes[index].literals[segment], let found = find(rest, from: literal, values: &values) {
      return found
    }
    guard let parameter = nodes[index].parameter, !segment.isEmpty else { return nil }
    values.append(segment)
    if let found = find(rest, from: parameter, values: &values) { return found }
    values.removeLast()
    return nil
  }

  private static func segments(of template: String) -> [String] {
    precondition(template.hasPrefix("/"), "the template \(template) does not begin with a slash")
    return template == "/"
      ? [] : template.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map(String.init)
  }

  /// The name in `{name}`.
  private static func parameterName(_ segment: String) -> String? {
    segment.hasPrefix("{") && segment.hasSuffix("}") ? String(segment.dropFirst().dropLast()) : nil
  }

  private static func child(of index: Int, for segment: String, in nodes: inout [Node]) -> Int {
    let isParameter = parameterName(segment) != nil
    if let known = isParameter ? nodes[index].parameter : nodes[index].literals[segment] { return known }
    nodes.append(Node())
    let child = nodes.count - 1
    if isParameter { nodes[index].parameter = child } else { nodes[index].literals[segment] = child }
    return child
  }

  /// In the order of `knownMethods`, with what the router adds: HEAD beside GET, and OPTIONS everywhere.
  private static func allow(for methods: [HTTPRequest.Method]) -> [HTTPRequest.Method] {
    var all = Set(methods)
    if all.contains(.get) { all.insert(.head) }
    all.insert(.options)
    return knownMethods.filter { all.remove($0) != nil } + all.sorted { $0.rawValue < $1.rawValue }
  }
}

extension HTTPRequest.Method {
  /// Safe and with content; registered, and in no library's list yet.
  fileprivate static let query = Self("QUERY")!
}
