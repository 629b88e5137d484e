// Convolution over channels-last rows, one axis or two: forward and both gradients, behind a table per set.
#ifndef CK_CONVOLUTION_H
#define CK_CONVOLUTION_H

#include <stddef.h>

/// A convolution of images [height][width][channels] with kernels [kernel_height][kernel_width][channels][filters]:
///
///   y[p][o] = bias[o] + Σ_q Σ_c x[stride·p + dilation·q − before][c] · kernel[q][c][o], with x = 0 outside the image,
///
/// for positions p, q of two axes (a cross-correlation, as everywhere in the field). A sequence is an image of height
/// 1 with a kernel of height 1. What is padded before the image is given; what is padded after it follows from the
/// output's size. Every size, stride and dilation is at least 1; dilation 1 has no gaps.
typedef struct {
  size_t height, width, channels;
  size_t out_height, out_width, filters;
  size_t kernel_height, kernel_width;
  size_t stride_height, stride_width;
  size_t dilation_height, dilation_width;
  size_t before_height, before_width;
} ck_convolution;

/// `rows` images lie one behind the other. A call takes time in proportion to the multiply-adds, out_height ·
/// out_width · kernel_height · kernel_width · channels · filters for each image, allocates nothing and uses the memory
/// that it is given: copies of parts of one image (or of a few small ones) with its padding, and of the kernel; never
/// the columns of a whole image. Results overlap nothing else.
///
/// Every number of a result is a sum in one order, which depends on the convolution alone (that of `kernel_gradient`
/// also on the number of images before it), cut into partial sums at places that depend on the convolution alone. So
/// images may be shared out among calls of `forward` and `input_gradient`, and rows of the kernel among those of
/// `kernel_gradient`, without a change of bits.
typedef struct {
  /// How many numbers of memory a call of any of the three needs. Calls at the same time need memory each.
  size_t (*_Nonnull memory)(const ck_convolution *_Nonnull shape);

  /// y; without a bias it is zero. The order of a sum is that of the kernel's rows; the bits are those of `gemm_nn`
  /// over the images' columns.
  void (*_Nonnull forward)(const ck_convolution *_Nonnull shape, size_t rows, const float *_Nonnull x,
                           const float *_Nonnull kernel, const float *_Nullable bias, float *_Nonnull y,
                           float *_Nonnull memory);

  /// The gradient by `count` of the kernel's rows from `first` on, of kernel_height · kernel_width · channels rows of
  /// `filters` numbers; `gradient` is that of the whole kernel, of which only these rows are written. Sums go through
  /// the images in their order, and through the positions of each in row-major order. The gradient by the bias is
  /// `add_columns` of dy.
  void (*_Nonnull kernel_gradient)(const ck_convolution *_Nonnull shape, size_t rows, const float *_Nonnull x,
                                   const float *_Nonnull dy, size_t first, size_t count, float *_Nonnull gradient,
                                   float *_Nonnull memory);

  /// dx[r][c] = Σ dy[p][o] · kernel[q][c][o] over all stride·p + dilation·q − before = r. Sums go through the positions
  /// p in row-major order.
  void (*_Nonnull input_gradient)(const ck_convolution *_Nonnull shape, size_t rows, const float *_Nonnull dy,
                                  const float *_Nonnull kernel, float *_Nonnull dx, float *_Nonnull memory);
} ck_convolutions;

/// The definition as nested loops, summing in double precision; needs no memory.
const ck_convolutions *_Nonnull ck_convolutions_reference(void);

#endif
