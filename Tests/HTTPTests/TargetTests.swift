// Targets and authorities: what is decoded, and what is never confused.

import HTTP
import HTTPTypes
import Testing

@Suite struct TargetTests {
  @Test(arguments: [
    ("/", []), ("/a", ["a"]), ("/a/", ["a", ""]), ("//a", ["", "a"]), ("/a%2Fb/c", ["a/b", "c"]),
    ("/%252e%252e", ["%2e%2e"]), ("/a+b", ["a+b"]), ("/%C3%A9", ["é"]), ("/..;/..%2f", ["..;", "../"]),
    ("/...", ["..."]),
    ("/a:b@c!$&'()*,;=", ["a:b@c!$&'()*,;="]),
  ])
  func `the path is split first and each segment is decoded once`(_ target: String, _ segments: [String])
    throws
  {
    #expect(try request(.get, target).target.segments == segments)
  }

  @Test(arguments: [
    ("/", []), ("/?", []), ("/?&&", []), ("/?a", ["a="]), ("/?a=", ["a="]), ("/?b=1&a=2", ["b=1", "a=2"]),
    ("/?a=1&%61=2", ["a=1", "a=2"]),
    ("/?a=b=c", ["a=b=c"]), ("/?a=x+y%2Bz", ["a=x y+z"]), ("/?a%26b=%3D", ["a&b=="]),
    ("/?a=/?:@", ["a=/?:@"]),
  ])
  func `the query is decoded item by item, + is a space, order is kept`(_ target: String, _ items: [String])
    throws
  {
    #expect(try request(.get, target).target.query.map { "\($0.name)=\($0.value)" } == items)
  }

  @Test func `query values are found by name`() throws {
    let target = try request(.get, "/?limit=5&after").target
    #expect(target.queryValue("limit") == "5")
    #expect(target.queryValue("after") == "")
    #expect(target.queryValue("Limit") == nil)
  }

  @Test func `OPTIONS * has neither path nor query`() throws {
    #expect(try request(.options, "*").target == Target(isAsterisk: true))
  }

  @Test func `the raw path stays as it was sent, without scheme and host`() throws {
    #expect(try request(.get, "/%61?b%20").head.path == "/%61?b%20")
    #expect(try request(.get, "http://x/%61?b").head.path == "/%61?b")
  }
}

@Suite struct AuthorityTests {
  @Test(
    arguments: [
      ("localhost", "localhost", nil), ("Example.ORG", "example.org", nil), ("a.b.:80", "a.b.", 80),
      ("a:", "a", nil),
      ("127.0.0.1:8080", "127.0.0.1", 8080), ("a_b-c~", "a_b-c~", nil), ("a%41", "a%41", nil),
      ("h:65535", "h", 65535),
      ("h:00080", "h", 80), ("[::]", "[::]", nil), ("[::1]:80", "[::1]", 80),
      ("[2001:DB8::1]", "[2001:db8::1]", nil),
      ("[1:2:3:4:5:6:7:8]", "[1:2:3:4:5:6:7:8]", nil), ("[1::]", "[1::]", nil),
      ("[1:2:3:4:5:6:7::]", "[1:2:3:4:5:6:7::]", nil),
      ("[::ffff:192.0.2.1]", "[::ffff:192.0.2.1]", nil),
      ("[1:2:3:4:5:6:1.2.3.4]", "[1:2:3:4:5:6:1.2.3.4]", nil),
    ] as [(String, String, Int?)])
  func `9110 §7.2: valid hosts, in lower case`(_ text: String, _ host: String, _ port: Int?) {
    #expect(Authority(parsing: text) == Authority(host: host, port: port))
  }

  @Test(arguments: [
    "", ":80", "a b", "a/b", "a,b", "a@b", "http://a", "<a>", "lo^cal", "lo%zz", "lo%4", "a\\b", "h:-1",
    "h:+1",
    "h:65536", "h:99999999999999999999", "h:8a", "h:80:80", "::1", "[::1", "::1]", "[]", "[:]", "[::1]x",
    "[::1]80",
    "[1:2:3:4:5:6:7]", "[1:2:3:4:5:6:7:8:9]", "[1:2:3:4:5:6:7:8::]", "[1::2::3]", "[:::]", "[1:]", "[:1]",
    "[12345::]",
    "[g::]", "[::1%25eth0]", "[1.2.3.4]", "[::1.2.3]", "[::1.2.3.256]", "[1.2.3.4::]", "[v1.a]", "é",
    String(repeating: "a", count: 256),
  ])
  func `9112 §3.2: invalid hosts`(_ text: String) {
    #expect(Authority(parsing: text) == nil)
  }

  @Test(arguments: ["h", "h:80", "[::1]:443"])
  func `a valid authority's description reads back`(_ text: String) {
    #expect(Authority(parsing: text)?.description == text)
  }
}

@Suite struct PolicyTests {
  @Test(arguments: [
    "localhost", "LOCALHOST:8080", "a.localhost", "127.0.0.1", "127.9.9.9:1", "[::1]:80",
  ])
  func `loopback names are ours on any port`(_ host: String) {
    #expect(HostPolicy(hosts: []).allows(Authority(parsing: host)))
    #expect(!HostPolicy(hosts: [], allowsLoopback: false).allows(Authority(parsing: host)))
  }

  @Test(arguments: [
    "localhost.evil.example", "notlocalhost", "127.0.0.1.evil.example", "127.evil.example", "128.0.0.1",
    "[::2]", "127.1",
  ])
  func `names that only look like loopback are not`(_ host: String) {
    #expect(!HostPolicy(hosts: []).allows(Authority(parsing: host)))
  }

  @Test func `configured hosts are ours, with a port on that port only`() {
    let policy = HostPolicy(
      hosts: ["Example.org", "other.org:8080", "[2001:db8::1]", "no host"], allowsLoopback: false)
    for host in ["example.org", "example.org:1", "other.org:8080", "[2001:DB8::1]:80"] {
      #expect(policy.allows(Authority(parsing: host)), "\(host)")
    }
    for host in ["other.org", "other.org:1", "a.example.org", "localhost"] {
      #expect(!policy.allows(Authority(parsing: host)), "\(host)")
    }
  }

  @Test func `HTTP/1.0 without Host is for us`() {
    #expect(HostPolicy(hosts: [], allowsLoopback: false).allows(nil))
  }

  @Test(arguments: [
    ("", true), ("Sec-Fetch-Site: none~", true), ("Sec-Fetch-Site: same-origin~Origin: http://h:80~", true),
    ("Origin: http://h~", true), ("Origin: https://h:80~", true),
    ("Origin: https://TOOLS.example~Sec-Fetch-Site: cross-site~", true),
    ("Sec-Fetch-Site: cross-site~", false), ("Sec-Fetch-Site: Cross-Site~", false),
    ("Origin: null~", false), ("Origin: http://evil.example~", false),
    ("Origin: http://h:81~Sec-Fetch-Site: same-site~", false), ("Origin: ftp://h~", false),
    ("Origin: h~", false), ("Sec-Fetch-Site: same-site~", false), ("Sec-Fetch-Site: ~", false),
    ("Sec-Fetch-Site: other-planet~", false), ("Sec-Fetch-Site: none~Sec-Fetch-Site: cross-site~", false),
    ("Origin: https://tools.example:443~Sec-Fetch-Site: same-site~", true),
    ("Origin: http://tools.example~", false), ("Origin: https://tools.example:444~", false),
    ("Origin: https://tools.example~Origin: https://tools.example~", false),
    ("Origin: http://h~Origin: http://evil.example~", false), ("Origin: ~", false),
  ])
  func `an unsafe request of another site is refused, DELETE and all`(_ fields: String, _ isAllowed: Bool)
    throws
  {
    let policy = CrossSitePolicy(origins: ["https://tools.example"])
    for method in [HTTPRequest.Method.post, .put, .patch, .delete] {
      #expect(
        policy.allows(try request(method, host: "h:80", fields: fields)) == isAllowed, "\(method) \(fields)")
    }
    for method in [HTTPRequest.Method.get, .head, .options] {
      #expect(policy.allows(try request(method, host: "h:80", fields: fields)))
    }
  }
}
