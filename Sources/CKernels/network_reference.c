// The reference of the small networks: one scalar loop each.
#include "network.h"

#include <math.h>

static float place(ck_network network, size_t parameter, size_t i) {
  return network.parameters[parameter * network.stride + i];
}

static void value(ck_network network, float *y, const float *x, size_t n) {
  for (size_t i = 0; i < n; i++) {
    float sum = place(network, network.d, i);
    for (size_t j = 0; j < network.count; j++) {
      const ck_hidden_unit unit = network.units[j];
      sum += place(network, unit.v, i) * tanhf(place(network, unit.w, i) * x[i] + place(network, unit.c, i));
    }
    y[i] = sum;
  }
}

static void gradient(ck_network network, float *dx, float *sums, const float *x, const float *dy, size_t n) {
  for (size_t i = 0; i < n; i++) {
    float slope = 0;
    for (size_t j = 0; j < network.count; j++) {
      const ck_hidden_unit unit = network.units[j];
      const float w = place(network, unit.w, i), v = place(network, unit.v, i);
      const float u = w * x[i] + place(network, unit.c, i);
      const float e = expf(-2 * fabsf(u));
      const float inner = v * (4 * e / ((1 + e) * (1 + e)));
      sums[unit.v * network.stride + i] += dy[i] * tanhf(u);
      sums[unit.c * network.stride + i] += dy[i] * inner;
      sums[unit.w * network.stride + i] += dy[i] * inner * x[i];
      slope += inner * w;
    }
    sums[network.d * network.stride + i] += dy[i];
    dx[i] = dy[i] * slope;
  }
}

static const ck_networks reference = {value, gradient};

const ck_networks *ck_networks_reference(void) { return &reference; }
