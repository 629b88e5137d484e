// What a convolution reads, as positions that step over an image with taps around them, and how much of it at a time.

// One axis: position i reads at first + stride·i + step·t for each tap t of `taps`; outside of 0..<size are zeros.
typedef struct {
  size_t size, positions, stride, taps, step;
  ptrdiff_t first;
} axis;

// The distance from the first place that the positions read to the last, and one.
INLINE size_t span(axis a) { return (a.positions - 1) * a.stride + (a.taps - 1) * a.step + 1; }

INLINE bool lies_inside(axis a) { return a.first >= 0 && (size_t)a.first + span(a) <= a.size; }

// The two axes over an image of so many channels.
typedef struct {
  axis vertical, horizontal;
  size_t channels;
} sampling;

// A sequence stands upright, so that it is cut as tall images are.
static ck_convolution upright(const ck_convolution *given) {
  ck_convolution s = *given;
  if (s.height != 1 || s.out_height != 1 || s.kernel_height != 1 || s.before_height != 0) return s;
  s.height = given->width, s.width = 1;
  s.out_height = given->out_width, s.out_width = 1;
  s.kernel_height = given->kernel_width, s.kernel_width = 1;
  s.stride_height = given->stride_width, s.stride_width = 1;
  s.dilation_height = given->dilation_width, s.dilation_width = 1;
  s.before_height = given->before_width, s.before_width = 0;
  return s;
}

// What the outputs read of the image.
static sampling forward_sampling(const ck_convolution *s) {
  return (sampling){
      {s->height, s->out_height, s->stride_height, s->kernel_height, s->dilation_height,
       -(ptrdiff_t)s->before_height},
      {s->width, s->out_width, s->stride_width, s->kernel_width, s->dilation_width, -(ptrdiff_t)s->before_width},
      s->channels};
}

// What the inputs of one phase read of the outputs' gradients, on one axis. Input `origin` + stride·i is the phase's
// i-th, which position p reached with tap q if stride·p + dilation·q − before is its place: the taps of a phase are
// those whose dilation·q leaves the same remainder by the stride. They go downwards, so that p goes upwards.
typedef struct {
  axis reads;
  size_t origin, last_tap, period;
} phase;

static phase phase_of(size_t phase_number, size_t size, size_t outputs, size_t taps, size_t stride, size_t dilation,
                      size_t before) {
  // The first m with stride·m + phase − before >= 0.
  const size_t m = before > phase_number ? (before - phase_number + stride - 1) / stride : 0;
  phase p = {{outputs, 0, 1, 0, 0, 0}, stride * m + phase_number - before, 0, 1};
  if (p.origin < size) p.reads.positions = (size - 1 - p.origin) / stride + 1;
  while (p.period * dilation % stride != 0) p.period++;
  p.reads.step = dilation * p.period / stride;
  for (size_t q = 0; q < taps; q++) {
    if (dilation * q % stride == phase_number) p.reads.taps++, p.last_tap = q;
  }
  p.reads.first = (ptrdiff_t)m - ((ptrdiff_t)(dilation * p.last_tap) - (ptrdiff_t)phase_number) / (ptrdiff_t)stride;
  return p;
}

// How much of an image is worked on at a time: as many of its numbers as second-level cache holds beside the kernel,
// and as many positions as need not much of a table; at least one row of positions.
enum { BAND_NUMBERS = 32768, BAND_POSITIONS = 2048 };

// Rows of the image, or of the copy of a part of it, have this many pixels. Where no position reads past the left and
// the right edge a copy has whole rows, so that one table serves it and the image.
INLINE size_t pitch(const sampling *s) {
  return lies_inside(s->horizontal) ? s->horizontal.size : span(s->horizontal);
}

// The rows of positions of one band, at most this many positions.
static size_t band_height(const sampling *s, size_t positions) {
  const axis v = s->vertical;
  const size_t lines = BAND_NUMBERS / (pitch(s) * s->channels), reach = (v.taps - 1) * v.step + 1;
  const size_t by_numbers = lines > reach ? (lines - reach) / v.stride + 1 : 1;
  const size_t by_positions = positions > s->horizontal.positions ? positions / s->horizontal.positions : 1;
  return part(v.positions, smaller(by_numbers, by_positions));
}

// The size of the copy of so many rows of positions; zero if none is ever made.
static size_t window_size(const sampling *s, size_t height) {
  if (lies_inside(s->vertical) && lies_inside(s->horizontal)) return 0;
  axis v = s->vertical;
  v.positions = height;
  return span(v) * pitch(s) * s->channels;
}

// Where the first tap of position (row, 0) is read, for `height` rows of positions from there on: in the image, or, if
// they read past its edges, in a copy with zeros around it.
static const float *window(const sampling *s, const float *x, size_t row, size_t height, float *copy) {
  const size_t channels = s->channels, width = s->horizontal.size, columns = pitch(s);
  const bool is_whole = lies_inside(s->horizontal);
  axis v = s->vertical;
  v.positions = height, v.first += (ptrdiff_t)(row * v.stride);
  if (is_whole && lies_inside(v)) {
    return x + ((size_t)v.first * width + (size_t)s->horizontal.first) * channels;
  }
  const size_t lines = span(v), above = smaller(v.first < 0 ? (size_t)-v.first : 0, lines);
  const size_t top = v.first > 0 ? (size_t)v.first : 0;
  const size_t present = top < v.size ? smaller(v.size - top, lines - above) : 0;
  const float *from = x + top * width * channels;
  float *to = copy + above * columns * channels;
  memset(copy, 0, lines * columns * channels * sizeof *copy);
  if (is_whole) {
    memcpy(to, from, present * width * channels * sizeof *to);
    return copy + (size_t)s->horizontal.first * channels;
  }
  const ptrdiff_t edge = s->horizontal.first;
  const size_t before = smaller(edge < 0 ? (size_t)-edge : 0, columns), skipped = edge > 0 ? (size_t)edge : 0;
  const size_t copied = skipped < width ? smaller(width - skipped, columns - before) : 0;
  for (size_t i = 0; i < present; i++) {
    memcpy(to + (i * columns + before) * channels, from + (i * width + skipped) * channels,
           copied * channels * sizeof *to);
  }
  return copy;
}

// Writes where the taps' numbers lie from a position's first: tap by tap, channel by channel.
static void place_taps(const sampling *s, uint32_t *places) {
  const size_t line = pitch(s) * s->channels;
  for (size_t t = 0; t < s->vertical.taps; t++) {
    for (size_t u = 0; u < s->horizontal.taps; u++) {
      const size_t place = t * s->vertical.step * line + u * s->horizontal.step * s->channels;
      for (size_t c = 0; c < s->channels; c++) *places++ = (uint32_t)(place + c);
    }
  }
}

// Writes where `height` rows of positions lie, `row` apart and `column` within a row.
static void place_positions(const sampling *s, size_t height, size_t row, size_t column, uint32_t *places) {
  for (size_t i = 0; i < height; i++) {
    for (size_t j = 0; j < s->horizontal.positions; j++) *places++ = (uint32_t)(i * row + j * column);
  }
}

INLINE size_t taps(const sampling *s) { return s->vertical.taps * s->horizontal.taps; }
