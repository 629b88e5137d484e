// A spline's polynomial pieces from its coefficients, and its coefficients' gradients from those of the pieces.

#include "spline.h"

// Row k holds the powers of u in 6 times the weight of a cubic segment's k-th coefficient.
static const float weights[4][4] = {{1, -3, 3, -1}, {4, 0, -6, 3}, {1, 3, 3, -3}, {0, 0, 0, 1}};

/// A piece as a linear function of coefficients: a[m] = Σ weight[k][m] · c[first + k] over k < count.
typedef struct {
  size_t first, count;
  float weight[4][4];
} piece;

static piece piece_at(ck_spline spline, size_t index) {
  size_t last = (size_t)spline.knots;
  piece p = {index > 0 ? index - 1 : 0, 2, {{1, -1}, {0, 1}}};
  if (spline.order == 1) {
    // The line beyond the last knot starts at that knot with the slope before it.
    if (index == last) p = (piece){last - 2, 2, {{0, -1}, {1, 1}}};
    return p;
  }
  // A line has the value and the slope of the segment whose left knot it starts from, or would start from.
  int line = index == 0 || index == last;
  p.count = line ? 3 : 4;
  for (size_t k = 0; k < p.count; k++) {
    for (size_t m = 0; m < 4; m++) p.weight[k][m] = line && m > 1 ? 0 : weights[k][m] / 6;
  }
  return p;
}

size_t ck_spline_piece_size(ck_spline spline, size_t sets) { return 4 * ((size_t)spline.knots + 1) * sets; }

size_t ck_spline_copies(size_t sets) { return sets == 1 ? 4 : 1; }

size_t ck_spline_memory(ck_spline spline, size_t sets) {
  return (1 + ck_spline_copies(sets)) * ck_spline_piece_size(spline, sets);
}

void ck_spline_pieces(ck_spline spline, size_t sets, const float *coefficients, float *pieces) {
  for (size_t index = 0; index <= (size_t)spline.knots; index++) {
    piece p = piece_at(spline, index);
    for (size_t set = 0; set < sets; set++) {
      float *a = pieces + 4 * (index * sets + set);
      for (size_t m = 0; m < 4; m++) a[m] = 0;
      for (size_t k = 0; k < p.count; k++) {
        float c = coefficients[(p.first + k) * sets + set];
        for (size_t m = 0; m < 4; m++) a[m] += p.weight[k][m] * c;
      }
    }
  }
}

void ck_spline_gather(ck_spline spline, size_t sets, const float *moments, float *gradients) {
  for (size_t index = 0; index <= (size_t)spline.knots; index++) {
    piece p = piece_at(spline, index);
    for (size_t set = 0; set < sets; set++) {
      double sums[4] = {0};
      for (size_t copy = 0; copy < ck_spline_copies(sets); copy++) {
        const float *a = moments + copy * ck_spline_piece_size(spline, sets) + 4 * (index * sets + set);
        for (size_t m = 0; m < 4; m++) sums[m] += (double)a[m];
      }
      for (size_t k = 0; k < p.count; k++) {
        double sum = 0;
        for (size_t m = 0; m < 4; m++) {
          // A line's moments of u² and u³ may be infinite.
          if (p.weight[k][m] != 0) sum += (double)p.weight[k][m] * sums[m];
        }
        gradients[(p.first + k) * sets + set] += (float)sum;
      }
    }
  }
}
