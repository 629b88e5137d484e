// The reference of the recurrent cells: one scalar loop each.
#include "cell.h"

#include <math.h>

// The tables of all sets round products and sums one by one.
#pragma clang fp contract(off)

static float sigmoid(float x) {
  const float e = expf(-fabsf(x));
  return (x >= 0 ? 1 : e) / (1 + e);
}

// The element of a gate in a row of `count` gates.
static size_t place(const ck_cell *cell, size_t row, size_t count, size_t gate, size_t unit) {
  return (row * count + gate) * cell->units + unit;
}

static void apply_gates(const ck_cell *cell, const ck_cell_values *s, size_t count) {
  if (!cell->has_sigmoid_gates) return;
  for (size_t i = 0; i < cell->rows * count * cell->units; i++) s->gate_values[i] = sigmoid(s->gates[i]);
}

static void apply_tanh(const ck_cell *cell, const float *x, float *y) {
  for (size_t i = 0; i < cell->rows * cell->units; i++) y[i] = tanhf(x[i]);
}

// From the gradient by a gate's value to the one that is asked for.
static float gate_gradient(const ck_cell *cell, float gradient, float value) {
  return cell->has_sigmoid_gates ? gradient * (value * (1 - value)) : gradient;
}

static float tanh_gradient(bool is_tanh, float gradient, float value) {
  return is_tanh ? gradient * (1 - value * value) : gradient;
}

static void lstm_output(const ck_cell *cell, const ck_cell_values *s) {
  for (size_t row = 0; row < cell->rows; row++) {
    for (size_t unit = 0; unit < cell->units; unit++) {
      const size_t i = row * cell->units + unit;
      s->output[i] = s->gate_values[place(cell, row, 3, 2, unit)] * s->state_value[i];
    }
  }
}

static void lstm_forward(const ck_cell *cell, const ck_cell_values *s) {
  apply_gates(cell, s, 3);
  if (cell->has_tanh_candidate) apply_tanh(cell, s->candidate, s->candidate_value);
  for (size_t row = 0; row < cell->rows; row++) {
    for (size_t unit = 0; unit < cell->units; unit++) {
      const size_t i = row * cell->units + unit;
      const float input = s->gate_values[place(cell, row, 3, 0, unit)];
      const float forget = s->gate_values[place(cell, row, 3, 1, unit)];
      s->state[i] = forget * s->state_before[i] + input * s->candidate_value[i];
    }
  }
  if (!cell->has_tanh_output) return;
  apply_tanh(cell, s->state, s->state_value);
  lstm_output(cell, s);
}

static void lstm_output_gradient(const ck_cell *cell, const ck_cell_values *s, const ck_cell_gradients *d) {
  for (size_t row = 0; row < cell->rows; row++) {
    for (size_t unit = 0; unit < cell->units; unit++) {
      const size_t i = row * cell->units + unit;
      d->scratch[i] = d->output[i] * s->gate_values[place(cell, row, 3, 2, unit)];
    }
  }
}

static void lstm_backward(const ck_cell *cell, const ck_cell_values *s, const ck_cell_gradients *d) {
  for (size_t row = 0; row < cell->rows; row++) {
    for (size_t unit = 0; unit < cell->units; unit++) {
      const size_t i = row * cell->units + unit, first = place(cell, row, 3, 0, unit);
      const size_t second = place(cell, row, 3, 1, unit), third = place(cell, row, 3, 2, unit);
      const float input = s->gate_values[first], forget = s->gate_values[second], open = s->gate_values[third];
      const float a = s->candidate_value[i], v = s->state_value[i], dh = d->output[i];
      const float dc = d->state[i] + (cell->has_tanh_output ? tanh_gradient(true, dh * open, v) : d->scratch[i]);
      d->gates[first] = gate_gradient(cell, dc * a, input);
      d->gates[second] = gate_gradient(cell, dc * s->state_before[i], forget);
      d->gates[third] = gate_gradient(cell, dh * v, open);
      d->candidate[i] = tanh_gradient(cell->has_tanh_candidate, dc * input, a);
      d->state[i] = dc * forget;
    }
  }
}

static void gru_output(const ck_cell *cell, const ck_cell_values *s) {
  if (cell->has_tanh_candidate) apply_tanh(cell, s->candidate, s->candidate_value);
  for (size_t row = 0; row < cell->rows; row++) {
    for (size_t unit = 0; unit < cell->units; unit++) {
      const size_t i = row * cell->units + unit;
      const float update = s->gate_values[place(cell, row, 2, 0, unit)];
      s->output[i] = update * s->before[i] + (1 - update) * s->candidate_value[i];
    }
  }
}

static void gru_forward(const ck_cell *cell, const ck_cell_values *s) {
  apply_gates(cell, s, 2);
  for (size_t row = 0; row < cell->rows; row++) {
    for (size_t unit = 0; unit < cell->units; unit++) {
      const size_t i = row * cell->units + unit;
      const float reset = s->gate_values[place(cell, row, 2, 1, unit)];
      if (cell->resets_after) {
        s->candidate[i] += reset * s->aside[i];
      } else {
        s->aside[i] = reset * s->before[i];
      }
    }
  }
  if (cell->resets_after && cell->has_tanh_candidate) gru_output(cell, s);
}

static void gru_reset_gradient(const ck_cell *cell, const ck_cell_values *s, const ck_cell_gradients *d) {
  for (size_t row = 0; row < cell->rows; row++) {
    for (size_t unit = 0; unit < cell->units; unit++) {
      const size_t i = row * cell->units + unit, gate = place(cell, row, 2, 1, unit);
      const float reset = s->gate_values[gate];
      if (cell->resets_after) {
        d->gates[gate] = gate_gradient(cell, d->candidate[i] * s->aside[i], reset);
        d->aside[i] = d->candidate[i] * reset;
      } else {
        d->gates[gate] = gate_gradient(cell, d->scratch[i] * s->before[i], reset);
        d->output[i] += d->scratch[i] * reset;
      }
    }
  }
}

static void gru_backward(const ck_cell *cell, const ck_cell_values *s, const ck_cell_gradients *d) {
  for (size_t row = 0; row < cell->rows; row++) {
    for (size_t unit = 0; unit < cell->units; unit++) {
      const size_t i = row * cell->units + unit, gate = place(cell, row, 2, 0, unit);
      const float update = s->gate_values[gate], a = s->candidate_value[i], dh = d->output[i];
      d->gates[gate] = gate_gradient(cell, dh * (s->before[i] - a), update);
      d->candidate[i] = tanh_gradient(cell->has_tanh_candidate, dh * (1 - update), a);
      d->output[i] = dh * update;
    }
  }
  if (cell->resets_after && cell->has_tanh_candidate) gru_reset_gradient(cell, s, d);
}

const ck_cells *ck_cells_reference(void) {
  static const ck_cells table = {lstm_forward, lstm_output, lstm_output_gradient, lstm_backward,
                                 gru_forward,  gru_output,  gru_backward,         gru_reset_gradient};
  return &table;
}
