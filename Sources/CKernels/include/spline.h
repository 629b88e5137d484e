// Splines with trained coefficients on a uniform grid of knots: value, derivative and the coefficients' gradients.

#ifndef CK_SPLINE_H
#define CK_SPLINE_H

#include <stddef.h>

/// A spline of order 1 (broken line) or 3 (cubic B-spline) over `knots` >= 2 knots `step` apart from `low` on, continued
/// as a straight line on both sides. It has `knots` coefficients of order 1 and `knots + 2` of order 3.
typedef struct {
  int order;
  int knots;
  float low;
  float step;
} ck_spline;

/// Which coefficients the element at (row, unit) uses: those of the set `row * per_row + unit * per_unit`, laid out
/// [coefficient][set].
typedef struct {
  ptrdiff_t sets;
  ptrdiff_t per_row;
  ptrdiff_t per_unit;
} ck_spline_sharing;

/// y = spline(x) over a row-major matrix; y may be x. NaN gives NaN.
void ck_spline_value(
  ck_spline spline, ck_spline_sharing sharing, ptrdiff_t rows, ptrdiff_t units, const float *_Nonnull x, float *_Nonnull y,
  const float *_Nonnull coefficients);

/// dx = dy * spline'(x), where a knot of order 1 takes the slope on its right; dx may be dy. Adds to `sums`, laid out like
/// the coefficients, the sum over the elements of dy * d spline / d coefficient.
void ck_spline_gradient(
  ck_spline spline, ck_spline_sharing sharing, ptrdiff_t rows, ptrdiff_t units, const float *_Nonnull x, const float *_Nonnull dy,
  float *_Nonnull dx, const float *_Nonnull coefficients, double *_Nonnull sums);

#endif
