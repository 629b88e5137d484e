// The optimisers' updates and the sums as plain loops: what the fast ones are held against.
#include "reduce.h"
#include "update.h"

#include <math.h>

static void adam(float *p, const float *g, float *m, float *v, size_t n, const ck_adam_step *s) {
  for (size_t i = 0; i < n; i++) {
    const float gradient = g[i] * s->scale + s->coupled_decay * p[i];
    m[i] = s->keep1 * m[i] + s->take1 * gradient;
    v[i] = s->keep2 * v[i] + s->take2 * gradient * gradient;
    const float step = m[i] * s->correction1 / (sqrtf(v[i]) * s->correction2 + s->epsilon);
    p[i] = s->shrink * p[i] - s->rate * step;
  }
}

static void sgd(float *p, const float *g, float *v, size_t n, const ck_sgd_step *s) {
  for (size_t i = 0; i < n; i++) {
    const float gradient = g[i] * s->scale + s->decay * p[i];
    float direction = gradient;
    if (v) {
      v[i] = s->momentum * v[i] + gradient;
      direction = s->nesterov ? gradient + s->momentum * v[i] : v[i];
    }
    p[i] -= s->rate * direction;
  }
}

static void rmsprop(float *p, const float *g, float *q, float *v, size_t n, const ck_rmsprop_step *s) {
  for (size_t i = 0; i < n; i++) {
    const float gradient = g[i] * s->scale + s->decay * p[i];
    q[i] = s->keep * q[i] + s->take * gradient * gradient;
    v[i] = s->momentum * v[i] + gradient / (sqrtf(q[i]) + s->epsilon);
    p[i] -= s->rate * v[i];
  }
}

const ck_update *ck_update_reference(void) {
  static const ck_update table = {adam, sgd, rmsprop};
  return &table;
}

static double sum(const float *x, size_t n) {
  double total = 0;
  for (size_t i = 0; i < n; i++) total += (double)x[i];
  return total;
}

static double sum_of_squares(const float *x, size_t n) {
  double total = 0;
  for (size_t i = 0; i < n; i++) total += (double)x[i] * (double)x[i];
  return total;
}

const ck_reduce *ck_reduce_reference(void) {
  static const ck_reduce table = {sum, sum_of_squares};
  return &table;
}
