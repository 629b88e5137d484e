// The small networks of one instruction set: one hidden unit after the other, over so many elements that what a unit
// reads and adds to stays in first-level cache.

// Elements whose sums over the units are kept at a time.
enum { NETWORK_BLOCK = 256 };

// The parameter p of the elements from i on: one for all where they share it.
INLINE vf network_parameter(const ck_network *network, size_t p, size_t i, size_t left) {
  const float *from = network->parameters + p * network->stride;
  return network->is_shared ? (vf){} + *from : fetch(from + i, left);
}

INLINE void network_value_block(const ck_network *network, float *y, const float *v, size_t start, size_t n) {
  float sums[NETWORK_BLOCK + LANES];
  for (size_t i = 0; i < n; i += LANES) store(sums + i, network_parameter(network, network->d, start + i, n - i));
  for (size_t j = 0; j < network->count; j++) {
    const ck_hidden_unit unit = network->units[j];
    for (size_t i = 0; i < n; i += LANES) {
      const size_t left = n - i;
      const vf w = network_parameter(network, unit.w, start + i, left);
      const vf c = network_parameter(network, unit.c, start + i, left);
      const vf weight = network_parameter(network, unit.v, start + i, left);
      const vf t = quick_tanh_lanes(multiply_add(w, fetch(v + i, left), c));
      store(sums + i, multiply_add(weight, t, load(sums + i)));
    }
  }
  for (size_t i = 0; i < n; i += LANES) put(y + i, load(sums + i), n - i);
}

// What a unit's sums are: of all elements in the lanes of one vector where they share it, or each element's own.
INLINE void add_to_sums(const ck_network *network, float *sums, size_t p, size_t i, vf addend, size_t left) {
  float *to = sums + p * network->stride + i;
  put(to, fetch(to, left) + addend, left);
}

INLINE void network_gradient_block(const ck_network *network, float *dx, float *sums, const float *v,
                                   const float *upstream, size_t start, size_t n) {
  float slopes[NETWORK_BLOCK + LANES], inputs[NETWORK_BLOCK + LANES];
  vf dd = 0;
  for (size_t i = 0; i < n; i += LANES) {
    const vf dy = fetch(upstream + i, n - i);
    // Where nothing comes from above nothing is given, whatever the input is.
    store(inputs + i, dy == 0 ? 0 : fetch(v + i, n - i));
    store(slopes + i, (vf){});
    if (network->is_shared) {
      dd += dy;
    } else {
      add_to_sums(network, sums, network->d, start + i, dy, n - i);
    }
  }
  for (size_t j = 0; j < network->count; j++) {
    const ck_hidden_unit unit = network->units[j];
    vf dw = 0, dc = 0, dv = 0;
    for (size_t i = 0; i < n; i += LANES) {
      const size_t left = n - i;
      const vf x = load(inputs + i), dy = fetch(upstream + i, left);
      const vf w = network_parameter(network, unit.w, start + i, left);
      const vf t = quick_tanh_lanes(multiply_add(w, x, network_parameter(network, unit.c, start + i, left)));
      const vf slope = network_parameter(network, unit.v, start + i, left) * multiply_add(-t, t, 1);
      const vf inner = dy * slope;
      store(slopes + i, multiply_add(slope, w, load(slopes + i)));
      if (network->is_shared) {
        dv = multiply_add(dy, t, dv), dc += inner, dw = multiply_add(inner, x, dw);
      } else {
        add_to_sums(network, sums, unit.v, start + i, dy * t, left);
        add_to_sums(network, sums, unit.c, start + i, inner, left);
        add_to_sums(network, sums, unit.w, start + i, inner * x, left);
      }
    }
    if (network->is_shared) {
      add_to_sums(network, sums, unit.v, 0, dv, LANES);
      add_to_sums(network, sums, unit.c, 0, dc, LANES);
      add_to_sums(network, sums, unit.w, 0, dw, LANES);
    }
  }
  if (network->is_shared) add_to_sums(network, sums, network->d, 0, dd, LANES);
  for (size_t i = 0; i < n; i += LANES) {
    put(dx + i, fetch(upstream + i, n - i) * load(slopes + i), n - i);
  }
}

#define NETWORK_BLOCKS(body)                                                \
  for (size_t i = 0; i < n; i += NETWORK_BLOCK) {                           \
    const size_t count = n - i < NETWORK_BLOCK ? n - i : NETWORK_BLOCK;     \
    body;                                                                   \
  }

// One function for each way in which parameters are read, so that no loop asks.
#define NETWORK_FUNCTIONS(name, shares)                                                                       \
  static void network_value_##name(ck_network network, float *y, const float *x, size_t n) {                  \
    network.is_shared = shares;                                                                               \
    NETWORK_BLOCKS(network_value_block(&network, y + i, x + i, i, count))                                     \
  }                                                                                                           \
  static void network_gradient_##name(ck_network network, float *dx, float *sums, const float *x,             \
                                      const float *dy, size_t n) {                                            \
    network.is_shared = shares;                                                                               \
    NETWORK_BLOCKS(network_gradient_block(&network, dx + i, sums, x + i, dy + i, i, count))                   \
  }

NETWORK_FUNCTIONS(shared, true)
NETWORK_FUNCTIONS(own, false)
#undef NETWORK_FUNCTIONS
#undef NETWORK_BLOCKS

static void network_value(ck_network network, float *y, const float *x, size_t n) {
  network.is_shared ? network_value_shared(network, y, x, n) : network_value_own(network, y, x, n);
}

static void network_gradient(
    ck_network network, float *dx, float *sums, const float *x, const float *dy, size_t n) {
  network.is_shared ? network_gradient_shared(network, dx, sums, x, dy, n)
                    : network_gradient_own(network, dx, sums, x, dy, n);
}

static const ck_networks networks = {network_value, network_gradient};
