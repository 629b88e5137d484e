// Convolutions: products whose left factor is read from the image itself, or from a copy of a part of it with padding.
//
// Forward and the gradient by the input go through positions with all taps in the depth; the gradient by the kernel
// goes through taps with all positions in the depth. The gradient by the input is one such product for each remainder
// by the strides, over the outputs' gradients, with the kernel's channels and filters exchanged.

#include "gather_tile.h"
#include "convolution_plan.h"

// Numbers of memory, handed out from the front; each piece begins on a line of the cache if the memory does.
typedef struct {
  float *free;
} pool;

INLINE size_t lines(size_t numbers) { return (numbers + 15) / 16 * 16; }

INLINE float *take(pool *memory, size_t numbers) {
  float *piece = memory->free;
  memory->free += lines(numbers);
  return piece;
}

// Tables of places are written into the same memory.
_Static_assert(sizeof(uint32_t) == sizeof(float), "a place takes the room of a number");

INLINE size_t panel_count(size_t columns) { return (columns + COLUMNS - 1) / COLUMNS; }

// Where the products' results go: position (i, j) is at row·i + column·j of the target.
typedef struct {
  size_t row, column;
} layout;

static size_t product_memory(const sampling *s, size_t columns) {
  const size_t height = band_height(s, BAND_POSITIONS), depth = taps(s) * s->channels;
  return 2 * lines(height * s->horizontal.positions) + lines(depth) + lines(depth * COLUMNS * panel_count(columns)) +
         lines(window_size(s, height));
}

// For each image the product of what the positions read with the panels; `memory` follows the panels.
static void sampled_product(const sampling *s, size_t rows, const float *x, size_t image, const float *panels,
                            size_t columns, const float *bias, float *y, size_t target, layout to, pool memory) {
  const size_t height = band_height(s, BAND_POSITIONS), across = s->horizontal.positions;
  const size_t depth = taps(s) * s->channels, depth_of_part = part(depth, DEPTH);
  uint32_t *sources = (uint32_t *)take(&memory, height * across);
  uint32_t *targets = (uint32_t *)take(&memory, height * across);
  uint32_t *depths = (uint32_t *)take(&memory, depth);
  float *copy = take(&memory, window_size(s, height));
  place_positions(s, height, s->vertical.stride * pitch(s) * s->channels, s->horizontal.stride * s->channels, sources);
  place_positions(s, height, to.row, to.column, targets);
  place_taps(s, depths);
  for (size_t n = 0; n < rows; n++, x += image, y += target) {
    for (size_t i = 0; i < s->vertical.positions; i += height) {
      const size_t present = smaller(height, s->vertical.positions - i);
      gathering g = {.base = window(s, x, i, present, copy), .rows = sources, .targets = targets, .ldb = COLUMNS};
      g.count = present * across;
      for (size_t j = 0; j < columns; j += COLUMNS) {
        g.width = smaller(COLUMNS, columns - j);
        g.c = y + i * to.row + j;
        for (size_t p = 0; p < depth; p += depth_of_part) {
          g.depths = depths + p;
          g.depth = smaller(depth_of_part, depth - p);
          g.b = panels + (j / COLUMNS * depth + p) * COLUMNS;
          g.adds = p != 0;
          g.bias = bias && p == 0 ? bias + j : NULL;
          gather(&g);
        }
      }
    }
  }
}

static void convolve(const ck_convolution *given, size_t rows, const float *x, const float *kernel, const float *bias,
                     float *y, float *memory) {
  const ck_convolution shape = upright(given);
  const sampling s = forward_sampling(&shape);
  const size_t depth = taps(&s) * s.channels, filters = shape.filters;
  pool rest = {memory};
  float *panels = take(&rest, depth * COLUMNS * panel_count(filters));
  for (size_t j = 0; j < filters; j += COLUMNS) {
    copy_rows(kernel + j, filters, depth, smaller(COLUMNS, filters - j), panels + j * depth, COLUMNS);
  }
  sampled_product(&s, rows, x, shape.height * shape.width * shape.channels, panels, filters, bias, y,
                  shape.out_height * shape.out_width * filters, (layout){shape.out_width * filters, filters}, rest);
}

// The two axes of a phase of the gradient by the input, and what they read.
typedef struct {
  phase vertical, horizontal;
  sampling reads;
} phases;

static phases phases_of(const ck_convolution *s, size_t vertical, size_t horizontal) {
  const phase v = phase_of(vertical, s->height, s->out_height, s->kernel_height, s->stride_height,
                           s->dilation_height, s->before_height);
  const phase h = phase_of(horizontal, s->width, s->out_width, s->kernel_width, s->stride_width, s->dilation_width,
                           s->before_width);
  return (phases){v, h, {v.reads, h.reads, s->filters}};
}

// Whether inputs of the phase exist and are read at all.
INLINE bool is_empty(const phases *p) {
  return taps(&p->reads) == 0 || p->vertical.reads.positions == 0 || p->horizontal.reads.positions == 0;
}

static void input_gradient(const ck_convolution *given, size_t rows, const float *dy, const float *kernel, float *dx,
                           float *memory) {
  const ck_convolution s = upright(given);
  const size_t channels = s.channels, filters = s.filters, image = s.height * s.width * channels;
  const size_t phase_count = s.stride_height * s.stride_width;
  // Strides may leave inputs that nothing reads.
  bool is_whole = true;
  for (size_t number = 0; number < phase_count; number++) {
    const phases p = phases_of(&s, number / s.stride_width, number % s.stride_width);
    is_whole = is_whole && !is_empty(&p);
  }
  if (!is_whole) memset(dx, 0, rows * image * sizeof *dx);
  for (size_t number = 0; number < phase_count; number++) {
    const phases p = phases_of(&s, number / s.stride_width, number % s.stride_width);
    if (is_empty(&p)) continue;
    const size_t depth = taps(&p.reads) * filters;
    pool rest = {memory};
    float *panels = take(&rest, depth * COLUMNS * panel_count(channels)), *to = panels;
    for (size_t j = 0; j < channels; j += COLUMNS) {
      for (size_t t = 0; t < p.reads.vertical.taps; t++) {
        for (size_t u = 0; u < p.reads.horizontal.taps; u++, to += filters * COLUMNS) {
          const size_t q = p.vertical.last_tap - t * p.vertical.period;
          const size_t r = p.horizontal.last_tap - u * p.horizontal.period;
          copy_transposed(kernel + ((q * s.kernel_width + r) * channels + j) * filters, filters,
                          smaller(COLUMNS, channels - j), filters, to, COLUMNS);
        }
      }
    }
    float *first = dx + (p.vertical.origin * s.width + p.horizontal.origin) * channels;
    sampled_product(&p.reads, rows, dy, s.out_height * s.out_width * filters, panels, channels, NULL, first, image,
                    (layout){s.stride_height * s.width * channels, s.stride_width * channels}, rest);
  }
}

// The gradient by the kernel sums over as many positions at a time as first-level cache holds beside what they read:
// bands of an image, or some small images.
enum { SUMMED_POSITIONS = 192, SUMMED_NUMBERS = 8192 };

typedef struct {
  size_t images, height;  // one of which may be more than 1
  size_t numbers;         // how far apart the images lie, in copies or not
} portion;

static portion portion_of(const sampling *s) {
  const size_t positions = s->vertical.positions * s->horizontal.positions;
  portion p = {1, band_height(s, SUMMED_POSITIONS), s->vertical.size * s->horizontal.size * s->channels};
  const size_t copied = window_size(s, p.height);
  if (copied != 0) p.numbers = copied;
  if (p.height == s->vertical.positions) {
    const size_t most = smaller(SUMMED_POSITIONS / positions, SUMMED_NUMBERS / p.numbers);
    if (most > 1) p.images = most;
  }
  return p;
}

static size_t kernel_gradient_memory(const sampling *s, size_t filters) {
  const portion p = portion_of(s);
  const size_t positions = p.images * p.height * s->horizontal.positions, depth = taps(s) * s->channels;
  const size_t panel = filters % LANES != 0 ? positions * COLUMNS : 0;
  return 2 * lines(depth) + lines(positions) + lines(panel) + lines(p.images * window_size(s, p.height));
}

static void kernel_gradient(const ck_convolution *given, size_t rows, const float *x, const float *dy, size_t first,
                            size_t count, float *gradient, float *memory) {
  const ck_convolution shape = upright(given);
  const sampling s = forward_sampling(&shape);
  const size_t filters = shape.filters, across = shape.out_width, image = shape.height * shape.width * shape.channels;
  const portion p = portion_of(&s);
  const size_t depth = taps(&s) * s.channels, in_image = p.height * across;
  pool rest = {memory};
  uint32_t *sources = (uint32_t *)take(&rest, depth), *targets = (uint32_t *)take(&rest, depth);
  uint32_t *positions = (uint32_t *)take(&rest, p.images * in_image);
  float *panel = filters % LANES != 0 ? take(&rest, p.images * in_image * COLUMNS) : NULL;
  float *copies = rest.free;
  place_taps(&s, sources);
  for (size_t k = 0; k < count; k++) targets[k] = (uint32_t)(k * filters);
  place_positions(&s, p.height, s.vertical.stride * pitch(&s) * s.channels, s.horizontal.stride * s.channels,
                  positions);
  for (size_t k = in_image; k < p.images * in_image; k++) {
    positions[k] = positions[k - in_image] + (uint32_t)p.numbers;
  }
  float *to = gradient + first * filters;
  if (rows == 0) memset(to, 0, count * filters * sizeof *to);
  for (size_t n = 0; n < rows; n += p.images) {
    const size_t images = smaller(p.images, rows - n);
    for (size_t i = 0; i < shape.out_height; i += p.height) {
      const size_t present = smaller(p.height, shape.out_height - i);
      const float *base = window(&s, x + n * image, i, present, copies);
      for (size_t m = 1; m < images; m++) window(&s, x + (n + m) * image, i, present, copies + m * p.numbers);
      gathering g = {.base = base, .rows = sources + first, .targets = targets, .depths = positions, .count = count};
      g.depth = images * present * across;
      g.adds = n != 0 || i != 0;
      const float *upstream = dy + (n * shape.out_height + i) * across * filters;
      for (size_t j = 0; j < filters; j += COLUMNS) {
        g.width = smaller(COLUMNS, filters - j);
        g.b = upstream + j, g.ldb = filters;
        if (panel) {
          copy_rows(upstream + j, filters, g.depth, g.width, panel, COLUMNS);
          g.b = panel, g.ldb = COLUMNS;
        }
        g.c = to + j;
        gather(&g);
      }
    }
  }
}

static size_t convolution_memory(const ck_convolution *given) {
  const ck_convolution shape = upright(given);
  const sampling s = forward_sampling(&shape);
  size_t most = product_memory(&s, shape.filters);
  const size_t sums = kernel_gradient_memory(&s, shape.filters);
  if (sums > most) most = sums;
  for (size_t number = 0; number < shape.stride_height * shape.stride_width; number++) {
    const phases p = phases_of(&shape, number / shape.stride_width, number % shape.stride_width);
    if (is_empty(&p)) continue;
    const size_t needed = product_memory(&p.reads, shape.channels);
    if (needed > most) most = needed;
  }
  return most;
}

static const ck_convolutions convolutions = {convolution_memory, convolve, kernel_gradient, input_gradient};
