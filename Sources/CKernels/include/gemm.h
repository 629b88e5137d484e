// The matrix half of the kernels: single-precision products and the column sums that dense layers need.
#ifndef CK_GEMM_H
#define CK_GEMM_H

#include <stddef.h>

/// C := op(A)·op(B) + bias + beta·C for row-major matrices; op(A) is m×k, op(B) is k×n, C is m×n.
///
/// A leading dimension is the distance between the starts of two stored rows, in elements. C must not overlap A or B.
/// `bias` is added to every row; null stands for zero. With beta = 0 C is not read, so that it may hold anything, NaN
/// included. With k = 0 the product is zero.
/// Every element of C is one chain of multiply-adds in ascending order of k, cut into sums of at most 256 terms at
/// places that depend on k alone; bias and beta·C follow the first. Neither m, n, the leading dimensions, the alignment
/// nor the element's place in C matter: cutting C into any blocks of rows and columns, by threads say, changes no bit.
/// A call allocates nothing and takes at most 200 KiB of stack.
typedef void (*ck_gemm)(size_t m, size_t n, size_t k, const float *_Nonnull a, size_t lda,
                        const float *_Nonnull b, size_t ldb, float beta, const float *_Nullable bias,
                        float *_Nonnull c, size_t ldc);

/// The matrix operations of one instruction set.
typedef struct {
  ck_gemm _Nonnull gemm_nn; ///< A stored m×k, B stored k×n: a dense layer's forward pass.
  ck_gemm _Nonnull gemm_tn; ///< A stored k×m, B stored k×n: the gradient by a dense layer's weights.
  ck_gemm _Nonnull gemm_nt; ///< A stored m×k, B stored n×k: the gradient by a dense layer's input.

  /// y[j] += Σᵢ A[i][j] over the m rows of A, in ascending order of i.
  void (*_Nonnull add_columns)(size_t m, size_t n, const float *_Nonnull a, size_t lda, float *_Nonnull y);
} ck_matrix;

/// The textbook loops, summing in double precision: what every other table is held against.
const ck_matrix *_Nonnull ck_matrix_reference(void);

#endif
