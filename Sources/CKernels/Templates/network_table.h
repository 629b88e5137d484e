// The small networks of one instruction set: all hidden units of a vector of elements, one after the other.

static void network_value(ck_network network, float *y, const float *v, size_t n) {
  const size_t stride = network.stride;
  for (size_t i = 0; i < n; i += LANES) {
    const float *parameters = network.parameters + i;
    const vf x = fetch(v + i, n - i);
    vf sum = fetch(parameters + network.d * stride, n - i);
    for (size_t j = 0; j < network.count; j++) {
      const ck_hidden_unit unit = network.units[j];
      const vf w = fetch(parameters + unit.w * stride, n - i), c = fetch(parameters + unit.c * stride, n - i);
      const vf weight = fetch(parameters + unit.v * stride, n - i);
      sum = multiply_add(weight, tanh_lanes(multiply_add(w, x, c)), sum);
    }
    put(y + i, sum, n - i);
  }
}

// a·b, but 0 wherever a is 0, added to the n floats at p.
INLINE void add_scaled(float *p, vf a, vf b, size_t n) { put(p, scaled_add(a, b, fetch(p, n)), n); }

// The gradients of at most NETWORK_BLOCK elements, unit after unit: what one unit reads and adds to fits into first-level
// cache, and all units' does not.
enum { NETWORK_BLOCK = 256 };

INLINE void network_gradient_block(
    ck_network network, float *dx, float *sums, const float *v, const float *upstream, size_t n) {
  const size_t stride = network.stride;
  float slopes[NETWORK_BLOCK + LANES] = {0};
  for (size_t j = 0; j < network.count; j++) {
    const ck_hidden_unit unit = network.units[j];
    const float *ws = network.parameters + unit.w * stride, *cs = network.parameters + unit.c * stride;
    const float *weights = network.parameters + unit.v * stride;
    float *dw = sums + unit.w * stride, *dc = sums + unit.c * stride, *dv = sums + unit.v * stride;
    for (size_t i = 0; i < n; i += LANES) {
      const vf x = fetch(v + i, n - i), dy = fetch(upstream + i, n - i), w = fetch(ws + i, n - i);
      const vf u = multiply_add(w, x, fetch(cs + i, n - i));
      const power_pair e = tanh_power(u);
      const vf slope = fetch(weights + i, n - i) * (4 * slope_of(e.power));
      add_scaled(dv + i, dy, tanh_of(u, e), n - i);
      add_scaled(dc + i, dy, slope, n - i);
      add_scaled(dw + i, dy * slope, x, n - i);
      store(slopes + i, multiply_add(slope, w, load(slopes + i)));
    }
  }
  for (size_t i = 0; i < n; i += LANES) {
    const vf dy = fetch(upstream + i, n - i);
    add_scaled(sums + network.d * stride + i, dy, (vf)1, n - i);
    put(dx + i, dy == 0 ? 0 : dy * load(slopes + i), n - i);
  }
}

static void network_gradient(
    ck_network network, float *dx, float *sums, const float *x, const float *dy, size_t n) {
  for (size_t i = 0; i < n; i += NETWORK_BLOCK) {
    const size_t count = n - i < NETWORK_BLOCK ? n - i : NETWORK_BLOCK;
    network_gradient_block(network, dx + i, sums + i, x + i, dy + i, count);
    network.parameters += NETWORK_BLOCK;
  }
}

static const ck_networks networks = {network_value, network_gradient};
