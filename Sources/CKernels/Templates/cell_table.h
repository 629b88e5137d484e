// The recurrent cells of one instruction set: every vector of a step's matrices is read and written once in a pass.

// Each vector of a step: its first element `i`, its place `g` in the first of `count` gates, and `left`, the elements up to
// the row's end. What a cell and a step say is copied first, since what is stored might, for all that the compiler knows,
// change it.
#define EACH_VECTOR(count)                                                                                      \
  for (size_t row = 0; row < cell.rows; row++)                                                                  \
    for (size_t unit = 0, i = row * cell.units, g = i * (count), left = cell.units; unit < cell.units;          \
         unit += LANES, i += LANES, g += LANES, left -= LANES)

// A gate's value, which is written if it is a sigmoid.
INLINE vf gate_value(bool is_sigmoid, const float *gates, float *values, size_t left) {
  if (!is_sigmoid) return fetch(values, left);
  const vf value = sigmoid_lanes(fetch(gates, left));
  put(values, value, left);
  return value;
}

INLINE vf gate_gradient(bool is_sigmoid, vf gradient, vf value) {
  return is_sigmoid ? gradient * (value * (1 - value)) : gradient;
}

INLINE vf tanh_gradient(bool is_tanh, vf gradient, vf value) {
  return is_tanh ? gradient * (1 - value * value) : gradient;
}

// The candidate's value, which is written if it is a tanh.
INLINE vf candidate_value(bool is_tanh, const float *candidate, float *values, size_t left) {
  if (!is_tanh) return fetch(values, left);
  const vf value = tanh_lanes(fetch(candidate, left));
  put(values, value, left);
  return value;
}

static void lstm_forward(const ck_cell *given, const ck_cell_values *values) {
  const ck_cell cell = *given;
  const ck_cell_values s = *values;
  const size_t units = cell.units;
  const bool is_sigmoid = cell.has_sigmoid_gates;
  EACH_VECTOR(3) {
    const vf input = gate_value(is_sigmoid, s.gates + g, s.gate_values + g, left);
    const vf forget = gate_value(is_sigmoid, s.gates + g + units, s.gate_values + g + units, left);
    const vf a = candidate_value(cell.has_tanh_candidate, s.candidate + i, s.candidate_value + i, left);
    const vf state = forget * fetch(s.state_before + i, left) + input * a;
    put(s.state + i, state, left);
    const size_t third = g + 2 * units;
    const vf open = gate_value(is_sigmoid, s.gates + third, s.gate_values + third, left);
    if (cell.has_tanh_output) {
      const vf v = tanh_lanes(state);
      put(s.state_value + i, v, left);
      put(s.output + i, open * v, left);
    }
  }
}

static void lstm_output(const ck_cell *given, const ck_cell_values *values) {
  const ck_cell cell = *given;
  const ck_cell_values s = *values;
  EACH_VECTOR(3) {
    put(s.output + i, fetch(s.gate_values + g + 2 * cell.units, left) * fetch(s.state_value + i, left), left);
  }
}

static void lstm_output_gradient(const ck_cell *given, const ck_cell_values *values,
                                 const ck_cell_gradients *gradients) {
  const ck_cell cell = *given;
  const ck_cell_values s = *values;
  const ck_cell_gradients d = *gradients;
  EACH_VECTOR(3) {
    put(d.scratch + i, fetch(d.output + i, left) * fetch(s.gate_values + g + 2 * cell.units, left), left);
  }
}

static void lstm_backward(const ck_cell *given, const ck_cell_values *values, const ck_cell_gradients *gradients) {
  const ck_cell cell = *given;
  const ck_cell_values s = *values;
  const ck_cell_gradients d = *gradients;
  const bool is_sigmoid = cell.has_sigmoid_gates;
  EACH_VECTOR(3) {
    const size_t second = g + cell.units, third = second + cell.units;
    const vf input = fetch(s.gate_values + g, left), forget = fetch(s.gate_values + second, left);
    const vf open = fetch(s.gate_values + third, left), a = fetch(s.candidate_value + i, left);
    const vf v = fetch(s.state_value + i, left), dh = fetch(d.output + i, left);
    const vf through = cell.has_tanh_output ? tanh_gradient(true, dh * open, v) : fetch(d.scratch + i, left);
    const vf dc = fetch(d.state + i, left) + through;
    put(d.gates + g, gate_gradient(is_sigmoid, dc * a, input), left);
    put(d.gates + second, gate_gradient(is_sigmoid, dc * fetch(s.state_before + i, left), forget), left);
    put(d.gates + third, gate_gradient(is_sigmoid, dh * v, open), left);
    put(d.candidate + i, tanh_gradient(cell.has_tanh_candidate, dc * input, a), left);
    put(d.state + i, dc * forget, left);
  }
}

INLINE void put_gru_output(const ck_cell_values *s, size_t i, vf update, vf a, size_t left) {
  put(s->output + i, update * fetch(s->before + i, left) + (1 - update) * a, left);
}

static void gru_forward(const ck_cell *given, const ck_cell_values *values) {
  const ck_cell cell = *given;
  const ck_cell_values s = *values;
  const bool is_sigmoid = cell.has_sigmoid_gates;
  EACH_VECTOR(2) {
    const size_t second = g + cell.units;
    const vf reset = gate_value(is_sigmoid, s.gates + second, s.gate_values + second, left);
    const vf update = gate_value(is_sigmoid, s.gates + g, s.gate_values + g, left);
    if (cell.resets_after) {
      const vf x = fetch(s.candidate + i, left) + reset * fetch(s.aside + i, left);
      put(s.candidate + i, x, left);
      if (cell.has_tanh_candidate) {
        const vf a = tanh_lanes(x);
        put(s.candidate_value + i, a, left);
        put_gru_output(&s, i, update, a, left);
      }
    } else {
      put(s.aside + i, reset * fetch(s.before + i, left), left);
    }
  }
}

static void gru_output(const ck_cell *given, const ck_cell_values *values) {
  const ck_cell cell = *given;
  const ck_cell_values s = *values;
  EACH_VECTOR(2) {
    const vf a = candidate_value(cell.has_tanh_candidate, s.candidate + i, s.candidate_value + i, left);
    put_gru_output(&s, i, fetch(s.gate_values + g, left), a, left);
  }
}

// The gradients by the reset gate at `gate` and by q, from that by the candidate's pre-activations.
INLINE void put_reset_gradient(const ck_cell *cell, const ck_cell_values *s, const ck_cell_gradients *d, size_t i,
                               size_t gate, vf candidate, size_t left) {
  const vf reset = fetch(s->gate_values + gate, left);
  put(d->gates + gate, gate_gradient(cell->has_sigmoid_gates, candidate * fetch(s->aside + i, left), reset), left);
  put(d->aside + i, candidate * reset, left);
}

static void gru_backward(const ck_cell *given, const ck_cell_values *values, const ck_cell_gradients *gradients) {
  const ck_cell cell = *given;
  const ck_cell_values s = *values;
  const ck_cell_gradients d = *gradients;
  EACH_VECTOR(2) {
    const vf update = fetch(s.gate_values + g, left), a = fetch(s.candidate_value + i, left);
    const vf dh = fetch(d.output + i, left);
    put(d.gates + g, gate_gradient(cell.has_sigmoid_gates, dh * (fetch(s.before + i, left) - a), update), left);
    const vf candidate = tanh_gradient(cell.has_tanh_candidate, dh * (1 - update), a);
    put(d.candidate + i, candidate, left);
    put(d.output + i, dh * update, left);
    if (cell.resets_after && cell.has_tanh_candidate) {
      put_reset_gradient(&cell, &s, &d, i, g + cell.units, candidate, left);
    }
  }
}

static void gru_reset_gradient(const ck_cell *given, const ck_cell_values *values,
                               const ck_cell_gradients *gradients) {
  const ck_cell cell = *given;
  const ck_cell_values s = *values;
  const ck_cell_gradients d = *gradients;
  EACH_VECTOR(2) {
    const size_t gate = g + cell.units;
    if (cell.resets_after) {
      put_reset_gradient(&cell, &s, &d, i, gate, fetch(d.candidate + i, left), left);
    } else {
      const vf gradient = fetch(d.scratch + i, left), reset = fetch(s.gate_values + gate, left);
      put(d.gates + gate, gate_gradient(cell.has_sigmoid_gates, gradient * fetch(s.before + i, left), reset), left);
      put(d.output + i, fetch(d.output + i, left) + gradient * reset, left);
    }
  }
}

#undef EACH_VECTOR

static const ck_cells cells = {lstm_forward, lstm_output, lstm_output_gradient, lstm_backward,
                               gru_forward,  gru_output,  gru_backward,         gru_reset_gradient};
