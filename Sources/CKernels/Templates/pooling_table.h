// Pooling: for each output the part of its window that lies inside the image, a vector of channels at a time.

// The elements of one output: `lines` lines of `pixels` pixels from `start` on, `pitch` numbers between lines.
typedef struct {
  size_t start, lines, pixels, pitch;
} pool_window;

// The part of one axis' window that lies inside.
INLINE size_t clipped(size_t position, size_t stride, size_t window, size_t before, size_t size, size_t *count) {
  const size_t begin = position * stride, end = smaller(begin + window, before + size);
  const size_t first = begin > before ? begin - before : 0;
  *count = end - before - first;
  return first;
}

INLINE pool_window window_at(const ck_pooling *s, size_t p, size_t q) {
  pool_window w = {.pitch = s->width * s->channels};
  const size_t i = clipped(p, s->stride_height, s->window_height, s->before_height, s->height, &w.lines);
  const size_t j = clipped(q, s->stride_width, s->window_width, s->before_width, s->width, &w.pixels);
  w.start = (i * s->width + j) * s->channels;
  return w;
}

INLINE void pool_max(pool_window w, size_t channels, const float *x, float *y) {
  for (size_t c = 0; c < channels; c += LANES) {
    const size_t left = channels - c;
    vf best = fetch(x + w.start + c, left);
    for (size_t i = 0; i < w.lines; i++) {
      const float *element = x + w.start + i * w.pitch + c;
      for (size_t j = 0; j < w.pixels; j++, element += channels) {
        const vf v = fetch(element, left);
        best = (v > best) | ((v != v) & (best == best)) ? v : best;
      }
    }
    put(y + c, best, left);
  }
}

// Finds the winner again, as the first element that equals the result.
INLINE void pool_max_gradient(pool_window w, size_t channels, const float *x, const float *y, const float *dy,
                              float *dx) {
  for (size_t c = 0; c < channels; c += LANES) {
    const size_t left = channels - c;
    const vf best = fetch(y + c, left), upstream = fetch(dy + c, left);
    vi open = (vi)(vf)0 == 0;
    for (size_t i = 0; i < w.lines; i++) {
      size_t place = w.start + i * w.pitch + c;
      for (size_t j = 0; j < w.pixels; j++, place += channels) {
        const vf v = fetch(x + place, left);
        const vi wins = open & ((v == best) | ((v != v) & (best != best)));
        const vf old = fetch(dx + place, left);
        put(dx + place, wins ? old + upstream : old, left);
        open &= ~wins;
      }
    }
  }
}

INLINE void pool_average(pool_window w, size_t channels, const float *x, float *y) {
  const vf count = (float)(w.lines * w.pixels);
  for (size_t c = 0; c < channels; c += LANES) {
    const size_t left = channels - c;
    vf sum = 0;
    for (size_t i = 0; i < w.lines; i++) {
      const float *element = x + w.start + i * w.pitch + c;
      for (size_t j = 0; j < w.pixels; j++, element += channels) sum += fetch(element, left);
    }
    put(y + c, sum / count, left);
  }
}

INLINE void pool_average_gradient(pool_window w, size_t channels, const float *dy, float *dx) {
  const vf count = (float)(w.lines * w.pixels);
  for (size_t c = 0; c < channels; c += LANES) {
    const size_t left = channels - c;
    const vf share = fetch(dy + c, left) / count;
    for (size_t i = 0; i < w.lines; i++) {
      float *element = dx + w.start + i * w.pitch + c;
      for (size_t j = 0; j < w.pixels; j++, element += channels) put(element, fetch(element, left) + share, left);
    }
  }
}

// Runs the statement for each image n and output (p, q), whose first channel is number `to`.
#define FOR_ALL_WINDOWS(s, rows, n, p, q, to)                  \
  for (size_t n = 0, to = 0; n < rows; n++)                    \
    for (size_t p = 0; p < (s)->out_height; p++)               \
      for (size_t q = 0; q < (s)->out_width; q++, to += (s)->channels)

INLINE size_t pooled_image(const ck_pooling *s) { return s->height * s->width * s->channels; }

static void max_pooling(const ck_pooling *given, size_t rows, const float *x, float *y) {
  const ck_pooling s = *given;
  FOR_ALL_WINDOWS(&s, rows, n, p, q, to) {
    pool_max(window_at(&s, p, q), s.channels, x + n * pooled_image(&s), y + to);
  }
}

static void max_pooling_gradient(const ck_pooling *given, size_t rows, const float *x, const float *y,
                                 const float *dy, float *dx) {
  const ck_pooling s = *given;
  const size_t image = pooled_image(&s);
  memset(dx, 0, rows * image * sizeof *dx);
  FOR_ALL_WINDOWS(&s, rows, n, p, q, to) {
    pool_max_gradient(window_at(&s, p, q), s.channels, x + n * image, y + to, dy + to, dx + n * image);
  }
}

static void average_pooling(const ck_pooling *given, size_t rows, const float *x, float *y) {
  const ck_pooling s = *given;
  FOR_ALL_WINDOWS(&s, rows, n, p, q, to) {
    pool_average(window_at(&s, p, q), s.channels, x + n * pooled_image(&s), y + to);
  }
}

static void average_pooling_gradient(const ck_pooling *given, size_t rows, const float *dy, float *dx) {
  const ck_pooling s = *given;
  const size_t image = pooled_image(&s);
  memset(dx, 0, rows * image * sizeof *dx);
  FOR_ALL_WINDOWS(&s, rows, n, p, q, to) {
    pool_average_gradient(window_at(&s, p, q), s.channels, dy + to, dx + n * image);
  }
}

// The valid positions of row n as one window.
INLINE pool_window valid_window(size_t n, size_t positions, const int32_t *valid) {
  return (pool_window){0, 1, valid ? (size_t)valid[n] : positions, 0};
}

static void global_max_pooling(size_t rows, size_t positions, size_t channels, const int32_t *valid, const float *x,
                               float *y) {
  for (size_t n = 0; n < rows; n++, x += positions * channels, y += channels) {
    pool_max(valid_window(n, positions, valid), channels, x, y);
  }
}

static void global_max_pooling_gradient(size_t rows, size_t positions, size_t channels, const int32_t *valid,
                                        const float *x, const float *y, const float *dy, float *dx) {
  const size_t row = positions * channels;
  memset(dx, 0, rows * row * sizeof *dx);
  for (size_t n = 0; n < rows; n++, x += row, dx += row, y += channels, dy += channels) {
    pool_max_gradient(valid_window(n, positions, valid), channels, x, y, dy, dx);
  }
}

static void global_average_pooling(size_t rows, size_t positions, size_t channels, const int32_t *valid,
                                   const float *x, float *y) {
  for (size_t n = 0; n < rows; n++, x += positions * channels, y += channels) {
    pool_average(valid_window(n, positions, valid), channels, x, y);
  }
}

static void global_average_pooling_gradient(size_t rows, size_t positions, size_t channels, const int32_t *valid,
                                            const float *dy, float *dx) {
  const size_t row = positions * channels;
  memset(dx, 0, rows * row * sizeof *dx);
  for (size_t n = 0; n < rows; n++, dx += row, dy += channels) {
    pool_average_gradient(valid_window(n, positions, valid), channels, dy, dx);
  }
}

static const ck_poolings poolings = {
    max_pooling,        max_pooling_gradient,        average_pooling,        average_pooling_gradient,
    global_max_pooling, global_max_pooling_gradient, global_average_pooling, global_average_pooling_gradient};
