// What is counted comes out as text, exactly, in both formats.

import Telemetry
import Testing

@Suite struct MetricsTests {
  private func text(_ registry: MetricsRegistry, _ format: MetricsFormat = .prometheus) -> String {
    String(decoding: registry.text(format), as: UTF8.self)
  }

  private func sample() -> MetricsRegistry {
    let registry = MetricsRegistry()
    let jobs = registry.counters("c_jobs_total", "Jobs.", labels: ["strategy", "status"])
    jobs.with("fixed", "failed")
    jobs.with("fixed", "succeeded").add(3)
    registry.gauge("c_depth", "Depth.").set(2.5)
    let seconds = registry.histogram("c_wait_seconds", "Waiting.", bounds: [0.1, 1])
    for value in [0.05, 0.1, 0.5, 7] { seconds.observe(value) }
    registry.gauge("c_absent", "Nothing.") { nil }
    return registry
  }

  @Test func `Prometheus's text has families with help, type and samples`() {
    #expect(
      text(sample()) == """
        # HELP c_jobs_total Jobs.
        # TYPE c_jobs_total counter
        c_jobs_total{strategy="fixed",status="failed"} 0
        c_jobs_total{strategy="fixed",status="succeeded"} 3
        # HELP c_depth Depth.
        # TYPE c_depth gauge
        c_depth 2.5
        # HELP c_wait_seconds Waiting.
        # TYPE c_wait_seconds histogram
        c_wait_seconds_bucket{le="0.1"} 2
        c_wait_seconds_bucket{le="1.0"} 3
        c_wait_seconds_bucket{le="+Inf"} 4
        c_wait_seconds_sum 7.65
        c_wait_seconds_count 4

        """)
  }

  @Test func `OpenMetrics names a counter's family without its ending, and ends`() {
    let written = text(sample(), .openMetrics)
    #expect(written.contains("# TYPE c_jobs counter\nc_jobs_total{strategy=\"fixed\",status=\"failed\"} 0\n"))
    #expect(written.hasSuffix("c_wait_seconds_count 4\n# EOF\n"))
  }

  @Test func `label values and helps are escaped`() {
    let registry = MetricsRegistry()
    registry.counters("c_total", "a\\b\nc \"d\"", labels: ["x"]).with("a\\b\nc \"d\"")
    #expect(
      text(registry) == """
        # HELP c_total a\\\\b\\nc "d"
        # TYPE c_total counter
        c_total{x="a\\\\b\\nc \\"d\\""} 0

        """)
    #expect(text(registry, .openMetrics).contains("# HELP c a\\\\b\\nc \\\"d\\\"\n"))
  }

  @Test func `numbers that are none have their names`() {
    let registry = MetricsRegistry()
    registry.gauge("c_a", "A.").set(.nan)
    registry.gauge("c_b", "B.").set(.infinity)
    registry.gauge("c_c", "C.").set(-.infinity)
    let lines = text(registry).split(separator: "\n").filter { !$0.hasPrefix("#") }
    #expect(lines == ["c_a NaN", "c_b +Inf", "c_c -Inf"])
  }

  @Test func `many threads lose no count`() async {
    let registry = MetricsRegistry()
    let counter = registry.counter("c_total", "C.")
    let gauge = registry.gauge("c_g", "G.")
    let histogram = registry.histogram("c_h_seconds", "H.", bounds: [1, 2])
    let family = registry.counters("c_f_total", "F.", labels: ["x"])
    await withTaskGroup(of: Void.self) { group in
      for task in 0..<8 {
        group.addTask {
          for step in 0..<5000 {
            counter.add()
            gauge.add(step % 2 == 0 ? 3 : -2)
            histogram.observe(Double(step % 3))
            family.with("\(task % 2)").add()
          }
        }
      }
    }
    #expect(counter.value == 40_000 && gauge.value == 20_000)
    let written = text(registry)
    #expect(written.contains("c_h_seconds_count 40000\n"))
    #expect(written.contains("c_f_total{x=\"0\"} 20000\n") && written.contains("c_f_total{x=\"1\"} 20000\n"))
  }

  @Test func `the process is described by the system`() throws {
    let registry = MetricsRegistry()
    ProcessFigures.register(in: registry)
    var values: [String: Double] = [:]
    for line in text(registry).split(separator: "\n") where !line.hasPrefix("#") {
      let words = line.split(separator: " ")
      values[String(words[0])] = Double(words[1])
    }
    #expect(try #require(values["process_cpu_seconds_total"]) > 0)
    #expect(try #require(values["process_resident_memory_bytes"]) > 1_000_000)
    let memory = try #require(values["process_virtual_memory_bytes"])
    #expect(memory >= values["process_resident_memory_bytes"] ?? .infinity)
    #expect(try #require(values["process_open_fds"]) >= 3)
    #expect(try #require(values["process_max_fds"]) >= values["process_open_fds"] ?? .infinity)
    let now = Double(SystemClock().now().milliseconds) / 1000
    let start = try #require(values["process_start_time_seconds"])
    #expect(start <= now + 1 && start > now - 86_400)
  }
}
