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

/// How many numbers of memory a call with so many sets needs.
size_t ck_spline_memory(ck_spline spline, size_t sets);

typedef struct {
  /// y = spline(x) over a row-major matrix; y may be x. NaN gives NaN.
  void (*_Nonnull value)(ck_spline spline, ck_spline_sharing sharing, ptrdiff_t rows, ptrdiff_t units,
                         const float *_Nonnull x, float *_Nonnull y, const float *_Nonnull coefficients,
                         float *_Nonnull memory);

  /// dx = dy * spline'(x), where a knot of order 1 takes the slope on its right; dx may be dy. Adds to `gradients`, laid
  /// out like the coefficients, unless null, the sum over the elements of dy * d spline / d coefficient.
  void (*_Nonnull gradient)(ck_spline spline, ck_spline_sharing sharing, ptrdiff_t rows, ptrdiff_t units,
                            const float *_Nonnull x, const float *_Nonnull dy, float *_Nonnull dx,
                            const float *_Nonnull coefficients, float *_Nullable gradients, float *_Nonnull memory);
} ck_splines;

/// Readable scalar loops, which the vector tables are tested against.
const ck_splines *_Nonnull ck_splines_reference(void);

// What the tables of all sets share. A spline's pieces are polynomials a[0] + a[1]·u + a[2]·u² + a[3]·u³, laid out
// [piece][set][4]: the line before the first knot, the segments between knots, and the line from the last knot on; u is
// the distance, in steps, from the piece's left knot, or from the first knot for the first line.

/// How many numbers the pieces have.
size_t ck_spline_piece_size(ck_spline spline, size_t sets);

/// How many arrays of gradients `gradient` adds to in turn: neighbours that share a set do not wait for one another.
size_t ck_spline_copies(size_t sets);

/// The pieces of the coefficients.
void ck_spline_pieces(ck_spline spline, size_t sets, const float *_Nonnull coefficients, float *_Nonnull pieces);

/// Adds to the coefficients' gradients what the copies of the gradients by a[0] to a[3], laid out like the pieces, sum
/// up to. Those by the powers that a line lacks are ignored.
void ck_spline_gather(ck_spline spline, size_t sets, const float *_Nonnull moments,
                      float *_Nonnull gradients);

#endif
