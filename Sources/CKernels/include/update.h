// The optimisers' updates over flat vectors: parameters p, gradients g and moments, in one pass.
#ifndef CK_UPDATE_H
#define CK_UPDATE_H

#include <stdbool.h>
#include <stddef.h>

/// g' = scale·g + coupled_decay·p; m := keep1·m + take1·g'; v := keep2·v + take2·g'²;
/// p := shrink·p - rate·(correction1·m)/(correction2·√v + epsilon).
///
/// Adam (arXiv 1412.6980) with correction1 = 1/(1 - β₁ᵗ), correction2 = 1/√(1 - β₂ᵗ), shrink = 1; AdamW
/// (arXiv 1711.05101) with shrink = 1 - rate·decay and no coupled decay.
typedef struct {
  float rate, scale, coupled_decay, shrink;
  float keep1, take1, keep2, take2;
  float correction1, correction2, epsilon;
} ck_adam_step;

/// g' = scale·g + decay·p; v := momentum·v + g'; p := p - rate·v, or with Nesterov p - rate·(g' + momentum·v).
/// Without v, p := p - rate·g'.
typedef struct {
  float rate, scale, decay, momentum;
  bool nesterov;
} ck_sgd_step;

/// g' = scale·g + decay·p; q := keep·q + take·g'²; v := momentum·v + g'/(√q + epsilon); p := p - rate·v.
typedef struct {
  float rate, scale, decay, keep, take, epsilon, momentum;
} ck_rmsprop_step;

/// Element by element, so that a vector may be cut anywhere. No two vectors may overlap.
typedef struct {
  void (*_Nonnull adam)(float *_Nonnull p, const float *_Nonnull g, float *_Nonnull m, float *_Nonnull v, size_t n,
                        const ck_adam_step *_Nonnull step);
  void (*_Nonnull sgd)(float *_Nonnull p, const float *_Nonnull g, float *_Nullable v, size_t n,
                       const ck_sgd_step *_Nonnull step);
  void (*_Nonnull rmsprop)(float *_Nonnull p, const float *_Nonnull g, float *_Nonnull q, float *_Nonnull v, size_t n,
                           const ck_rmsprop_step *_Nonnull step);
} ck_update;

/// Scalar loops, each a transcription of its formula.
const ck_update *_Nonnull ck_update_reference(void);

#endif
