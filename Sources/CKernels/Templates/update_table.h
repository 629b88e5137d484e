// The optimisers' updates: every vector of the state is read and written once.
//
// The step's numbers are copied first, since what is stored might, for all that the compiler knows, change them.

static void adam(float *p, const float *g, float *m, float *v, size_t n, const ck_adam_step *given) {
  const ck_adam_step s = *given;
  for (size_t i = 0; i < n; i += LANES) {
    const size_t left = n - i;
    const vf old = fetch(p + i, left);
    const vf gradient = multiply_add(fetch(g + i, left), s.scale, s.coupled_decay * old);
    const vf first = multiply_add(fetch(m + i, left), s.keep1, s.take1 * gradient);
    const vf second = multiply_add(fetch(v + i, left), s.keep2, s.take2 * gradient * gradient);
    const vf step = first * s.correction1 / multiply_add(square_root(second), s.correction2, s.epsilon);
    put(m + i, first, left);
    put(v + i, second, left);
    put(p + i, multiply_add(step, -s.rate, s.shrink * old), left);
  }
}

static void sgd(float *p, const float *g, float *v, size_t n, const ck_sgd_step *given) {
  const ck_sgd_step s = *given;
  for (size_t i = 0; i < n; i += LANES) {
    const size_t left = n - i;
    const vf old = fetch(p + i, left);
    const vf gradient = multiply_add(fetch(g + i, left), s.scale, s.decay * old);
    vf direction = gradient;
    if (v) {
      const vf velocity = multiply_add(fetch(v + i, left), s.momentum, gradient);
      put(v + i, velocity, left);
      direction = s.nesterov ? multiply_add(velocity, s.momentum, gradient) : velocity;
    }
    put(p + i, multiply_add(direction, -s.rate, old), left);
  }
}

static void rmsprop(float *p, const float *g, float *q, float *v, size_t n, const ck_rmsprop_step *given) {
  const ck_rmsprop_step s = *given;
  for (size_t i = 0; i < n; i += LANES) {
    const size_t left = n - i;
    const vf old = fetch(p + i, left);
    const vf gradient = multiply_add(fetch(g + i, left), s.scale, s.decay * old);
    const vf squares = multiply_add(fetch(q + i, left), s.keep, s.take * gradient * gradient);
    const vf ratio = gradient / (square_root(squares) + s.epsilon);
    const vf velocity = multiply_add(fetch(v + i, left), s.momentum, ratio);
    put(q + i, squares, left);
    put(v + i, velocity, left);
    put(p + i, multiply_add(velocity, -s.rate, old), left);
  }
}

static const ck_update update = {adam, sgd, rmsprop};
