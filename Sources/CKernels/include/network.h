// An activation that is a small network with one hidden layer of tanh: value and gradients, behind a table per set.
#ifndef CURVESMITH_NETWORK_H
#define CURVESMITH_NETWORK_H

#include <stdbool.h>
#include <stddef.h>

/// A hidden unit v·tanh(w·x + c), by the places of its parameters.
typedef struct {
  size_t w, c, v;
} ck_hidden_unit;

/// Hidden units whose parameter p has the value `parameters[p * stride + i]` for element i.
typedef struct {
  const ck_hidden_unit *_Nonnull units;
  size_t count;
  /// The place of the constant that is added to the units.
  size_t d;
  const float *_Nonnull parameters;
  size_t stride;
  /// Whether a parameter is the same for all elements: then `parameters[p * stride]` is it, and what is added to its sums
  /// may be in any 16 places from there on.
  bool is_shared;
} ck_network;

typedef struct {
  /// y[i] = d + Σ v·tanh(w·x[i] + c) for i < n; y may be x. Each tanh is within 5 units of the last place.
  void (*_Nonnull value)(ck_network network, float *_Nonnull y, const float *_Nonnull x, size_t n);

  /// dx[i] = dy[i] · ∂value/∂x; dx may be dy or x. Adds dy[i] · ∂value/∂p to sums[p * stride + i] for every p.
  /// A unit's slope is 1 - tanh², within 7e-7: among units that are added up, a saturated one's tail does not count.
  void (*_Nonnull gradient)(ck_network network, float *_Nonnull dx, float *_Nonnull sums, const float *_Nonnull x,
                            const float *_Nonnull dy, size_t n);
} ck_networks;

/// Readable scalar loops over libm, which the vector tables are tested against.
const ck_networks *_Nonnull ck_networks_reference(void);

#endif
