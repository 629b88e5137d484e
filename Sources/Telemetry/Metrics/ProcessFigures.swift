// What the system says about this process, under the names that Prometheus's clients have agreed upon.

import Glibc

/// The figures of this process.
public enum ProcessFigures {
  /// Registers `process_…`; each is read from the system when it is asked for.
  public static func register(in registry: MetricsRegistry) {
    registry.counter("process_cpu_seconds_total", "Time of processors that the process has used.") {
      var time = timespec()
      guard clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time) == 0 else { return nil }
      return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
    registry.gauge("process_resident_memory_bytes", "Memory of the process that is in the machine's.") {
      words("/proc/self/statm").dropFirst().first.flatMap { Double($0) }.map { $0 * Double(getpagesize()) }
    }
    registry.gauge("process_virtual_memory_bytes", "Memory that the process has mapped.") {
      words("/proc/self/statm").first.flatMap { Double($0) }.map { $0 * Double(getpagesize()) }
    }
    registry.gauge("process_open_fds", "File descriptors that are open.", read: openDescriptors)
    registry.gauge("process_max_fds", "File descriptors that may be open.") {
      var limit = rlimit()
      guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return nil }
      return Double(limit.rlim_cur)
    }
    let start = startTime()
    registry.gauge("process_start_time_seconds", "When the process began, since 1970.") { start }
  }

  private static func openDescriptors() -> Double? {
    guard let directory = opendir("/proc/self/fd") else { return nil }
    defer { closedir(directory) }
    var count = 0
    while readdir(directory) != nil { count += 1 }
    // But for `.`, `..` and the directory itself.
    return Double(count - 3)
  }

  /// proc_pid_stat(5): field 22 in clock ticks since the system began.
  private static func startTime() -> Double? {
    // The name of the program, in parentheses, may hold anything.
    let rest = text("/proc/self/stat").split(separator: ")", omittingEmptySubsequences: false).last ?? ""
    let fields = rest.split(separator: " ")
    guard fields.count > 19, let ticks = Double(fields[19]) else { return nil }
    var now = timespec()
    var running = timespec()
    guard clock_gettime(CLOCK_REALTIME, &now) == 0, clock_gettime(CLOCK_BOOTTIME, &running) == 0 else {
      return nil
    }
    let boot = Double(now.tv_sec - running.tv_sec) + Double(now.tv_nsec - running.tv_nsec) * 1e-9
    return boot + ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
  }

  private static func words(_ path: String) -> [Substring] { text(path).split { $0 == " " || $0 == "\n" } }

  /// The first 4 KiB of a file of the kernel's; empty if it cannot be read.
  private static func text(_ path: String) -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return "" }
    defer { close(descriptor) }
    return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 4096) { buffer in
      let count = read(descriptor, buffer.baseAddress, buffer.count)
      return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
    }
  }
}
