// Pooling over channels-last rows, forward and backward, behind a table per set.
#ifndef CK_POOLING_H
#define CK_POOLING_H

#include <stddef.h>
#include <stdint.h>

/// Windows over images [height][width][channels]; a sequence is an image of height 1 with windows of height 1.
///
/// Output (p, q) pools the elements stride·p − before … stride·p − before + window − 1 of each axis that lie inside the
/// image; at least one of them must. Every size and stride is at least 1.
typedef struct {
  size_t height, width, channels;
  size_t out_height, out_width;
  size_t window_height, window_width;
  size_t stride_height, stride_width;
  size_t before_height, before_width;
} ck_pooling;

/// `rows` images lie one behind the other, and may be shared out among calls. Results are overwritten and overlap
/// nothing else. A call takes time in proportion to outputs · window. What lies outside the image never counts.
///
/// A maximum is NaN if one of its elements is. Its gradient belongs to the first element, in row-major order, that
/// equals it (the first NaN if it is NaN). Where windows overlap, gradients add up in the order of the outputs.
typedef struct {
  void (*_Nonnull max)(const ck_pooling *_Nonnull shape, size_t rows, const float *_Nonnull x, float *_Nonnull y);
  void (*_Nonnull max_gradient)(const ck_pooling *_Nonnull shape, size_t rows, const float *_Nonnull x,
                                const float *_Nonnull y, const float *_Nonnull dy, float *_Nonnull dx);

  /// The mean of the elements inside the image.
  void (*_Nonnull average)(const ck_pooling *_Nonnull shape, size_t rows, const float *_Nonnull x,
                           float *_Nonnull y);
  void (*_Nonnull average_gradient)(const ck_pooling *_Nonnull shape, size_t rows, const float *_Nonnull dy,
                                    float *_Nonnull dx);

  /// Over all positions of rows [positions][channels], or the first `valid[row]` >= 1 of them unless it is null; the
  /// gradient by the others is zero.
  void (*_Nonnull global_max)(size_t rows, size_t positions, size_t channels, const int32_t *_Nullable valid,
                              const float *_Nonnull x, float *_Nonnull y);
  void (*_Nonnull global_max_gradient)(size_t rows, size_t positions, size_t channels, const int32_t *_Nullable valid,
                                       const float *_Nonnull x, const float *_Nonnull y, const float *_Nonnull dy,
                                       float *_Nonnull dx);
  void (*_Nonnull global_average)(size_t rows, size_t positions, size_t channels, const int32_t *_Nullable valid,
                                  const float *_Nonnull x, float *_Nonnull y);
  void (*_Nonnull global_average_gradient)(size_t rows, size_t positions, size_t channels,
                                           const int32_t *_Nullable valid, const float *_Nonnull dy,
                                           float *_Nonnull dx);
} ck_poolings;

/// Scalar loops, one output after the other.
const ck_poolings *_Nonnull ck_poolings_reference(void);

#endif
