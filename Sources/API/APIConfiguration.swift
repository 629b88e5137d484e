// What the API is told about the service around it.

public import HTTP
public import Jobs

/// The limits that `GET /v1/limits` shows and the API enforces, and the service's identity.
public struct APIConfiguration: Sendable {
  /// What the job service was told: identity, workers, queue, and bounds on specifications.
  public var jobs: JobService.Configuration
  /// Hosts for which the service answers beside loopback: see `HostPolicy`.
  public var allowedHosts: [String] = []
  /// Origins whose pages may send unsafe requests beside the service's own: see `CrossSitePolicy`.
  public var allowedOrigins: [String] = []
  /// Whether browsers are told to come by HTTPS alone (RFC 6797), in answers by HTTPS for a name that others can reach.
  public var strictTransport = false
  /// Whether a key reaches only the jobs that it has made, unless its scopes have `admin`.
  public var ownOnly = false
  /// Jobs of one key that may wait, where the key says nothing else.
  public var queuedJobsPerKey = 100
  /// Streams of events of one key that may be open, where the key says nothing else.
  public var streamsPerKey = 16
  /// Bounds on the size of requests; `body` is the most of a content that is no form with data.
  public var requests = ConnectionLimits()
  /// The most of a form with data, in place of `requests.body`.
  public var maximumUpload = 64 << 20
  /// How the content of requests waits for its operation.
  public var spool = SpoolConfiguration()
  /// Bytes of content for each byte of a request in gzip, once there is more than a MiB of content; 1032 lets everything pass.
  public var maximumGzipRatio = 200
  /// Bounds on the time that requests may take.
  public var timeouts = ConnectionTimeouts()
  /// Connections at a time, in all and from one address.
  public var connections = 1024
  /// Connections at a time from one address beyond this machine.
  public var connectionsPerAddress = 64
  /// The longest `Prefer: wait`, in seconds; a longer one is shortened to it.
  public var maximumWaitSeconds = 60
  /// Requests that may wait at a time.
  public var maximumWaiters = 256
  /// Streams of events that may be open at a time.
  public var maximumStreams = 1024
  /// How often in a second streams are told of new epochs, all of them together.
  public var epochTurnsPerSecond = 200
  /// Bytes of documents and drawings of trained models that are kept in memory for the next who ask for them.
  public var documentCacheBytes = 32 << 20

  /// The defaults above, for this job service.
  public init(jobs: JobService.Configuration) {
    self.jobs = jobs
  }

  /// The most octets of a content of a type: only forms carry files.
  func maximumBody(of type: String?) -> Int {
    type == MediaTypes.formData ? maximumUpload : requests.body
  }
}
