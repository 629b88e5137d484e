// The definition of a convolution and of its gradients, as nested loops that sum in double precision.
#include "convolution.h"

#include <stdbool.h>

static size_t memory(const ck_convolution *shape) {
  (void)shape;
  return 0;
}

// Where in an image output position (p, r) reads channel c through tap (q, t); false outside.
static bool place(const ck_convolution *s, size_t p, size_t r, size_t q, size_t t, size_t c, size_t *index) {
  const size_t i = s->stride_height * p + s->dilation_height * q, j = s->stride_width * r + s->dilation_width * t;
  if (i < s->before_height || i - s->before_height >= s->height) return false;
  if (j < s->before_width || j - s->before_width >= s->width) return false;
  *index = ((i - s->before_height) * s->width + j - s->before_width) * s->channels + c;
  return true;
}

static void forward(const ck_convolution *s, size_t rows, const float *x, const float *kernel, const float *bias,
                    float *y, float *memory) {
  (void)memory;
  for (size_t n = 0; n < rows; n++, x += s->height * s->width * s->channels) {
    for (size_t p = 0; p < s->out_height; p++) {
      for (size_t r = 0; r < s->out_width; r++) {
        for (size_t o = 0; o < s->filters; o++) {
          double sum = bias ? (double)bias[o] : 0;
          const float *weight = kernel + o;
          for (size_t q = 0; q < s->kernel_height; q++) {
            for (size_t t = 0; t < s->kernel_width; t++) {
              for (size_t c = 0, at; c < s->channels; c++, weight += s->filters) {
                if (place(s, p, r, q, t, c, &at)) sum += (double)x[at] * (double)*weight;
              }
            }
          }
          *y++ = (float)sum;
        }
      }
    }
  }
}

static void kernel_gradient(const ck_convolution *s, size_t rows, const float *x, const float *dy, size_t first,
                            size_t count, float *gradient, float *memory) {
  (void)memory;
  for (size_t k = first; k < first + count; k++) {
    const size_t c = k % s->channels, t = k / s->channels % s->kernel_width, q = k / s->channels / s->kernel_width;
    for (size_t o = 0; o < s->filters; o++) {
      double sum = 0;
      const float *image = x, *upstream = dy + o;
      for (size_t n = 0; n < rows; n++, image += s->height * s->width * s->channels) {
        for (size_t p = 0; p < s->out_height; p++) {
          for (size_t r = 0, at; r < s->out_width; r++, upstream += s->filters) {
            if (place(s, p, r, q, t, c, &at)) sum += (double)image[at] * (double)*upstream;
          }
        }
      }
      gradient[k * s->filters + o] = (float)sum;
    }
  }
}

// The output position on one axis that reads input `i` through tap q.
static bool reader(size_t i, size_t before, size_t dilation, size_t q, size_t stride, size_t outputs, size_t *p) {
  const size_t start = i + before - dilation * q;
  *p = start / stride;
  return i + before >= dilation * q && start % stride == 0 && *p < outputs;
}

static void input_gradient(const ck_convolution *s, size_t rows, const float *dy, const float *kernel, float *dx,
                           float *memory) {
  (void)memory;
  for (size_t n = 0; n < rows; n++, dy += s->out_height * s->out_width * s->filters) {
    for (size_t i = 0; i < s->height; i++) {
      for (size_t j = 0; j < s->width; j++) {
        for (size_t c = 0; c < s->channels; c++) {
          double sum = 0;
          for (size_t q = 0, p; q < s->kernel_height; q++) {
            if (!reader(i, s->before_height, s->dilation_height, q, s->stride_height, s->out_height, &p)) continue;
            for (size_t t = 0, r; t < s->kernel_width; t++) {
              if (!reader(j, s->before_width, s->dilation_width, t, s->stride_width, s->out_width, &r)) continue;
              const float *upstream = dy + (p * s->out_width + r) * s->filters;
              const float *weights = kernel + ((q * s->kernel_width + t) * s->channels + c) * s->filters;
              for (size_t o = 0; o < s->filters; o++) sum += (double)upstream[o] * (double)weights[o];
            }
          }
          *dx++ = (float)sum;
        }
      }
    }
  }
}

const ck_convolutions *ck_convolutions_reference(void) {
  static const ck_convolutions table = {memory, forward, kernel_gradient, input_gradient};
  return &table;
}
