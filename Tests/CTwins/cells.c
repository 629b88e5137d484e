// Recurrent cells against their scalar twins, with the usual functions and with the caller's, and in shares of rows.
#include "twins.h"

#include <stdio.h>
#include <string.h>

// A step's matrices, each `rows` × `units` times so many.
typedef struct {
  float *gates, *gate_values, *candidate, *candidate_value, *before, *output, *state_before, *state, *state_value,
      *aside, *output_gradient, *state_gradient, *gate_gradient, *candidate_gradient, *aside_gradient, *scratch;
} matrices;
enum { MATRICES = sizeof(matrices) / sizeof(float *) };

typedef struct {
  float *all[MATRICES];
} list;

// What all passes of a step do one after the other, with a function of the caller between them if there is one.
typedef struct {
  const char *name;
  size_t gates;
  void (*run)(const ck_cells *table, const ck_cell *cell, const ck_cell_values *s, const ck_cell_gradients *d);
} kind;

// A stand-in for the caller's functions, of the same bits whoever computes it: y = x/2.
static void halve(const ck_cell *cell, size_t count, const float *x, float *y) {
  for (size_t i = 0; i < cell->rows * cell->units * count; i++) y[i] = 0.5f * x[i];
}

static void run_lstm(const ck_cells *table, const ck_cell *cell, const ck_cell_values *s, const ck_cell_gradients *d) {
  if (!cell->has_sigmoid_gates) halve(cell, 3, s->gates, s->gate_values);
  if (!cell->has_tanh_candidate) halve(cell, 1, s->candidate, s->candidate_value);
  table->lstm_forward(cell, s);
  if (!cell->has_tanh_output) {
    halve(cell, 1, s->state, s->state_value);
    table->lstm_output(cell, s);
    table->lstm_output_gradient(cell, s, d);
    halve(cell, 1, d->scratch, d->scratch);
  }
  table->lstm_backward(cell, s, d);
}

static void run_gru(const ck_cells *table, const ck_cell *cell, const ck_cell_values *s, const ck_cell_gradients *d) {
  if (!cell->has_sigmoid_gates) halve(cell, 2, s->gates, s->gate_values);
  table->gru_forward(cell, s);
  const bool is_whole = cell->resets_after && cell->has_tanh_candidate;
  if (!cell->resets_after) halve(cell, 1, s->aside, s->candidate);
  if (!cell->has_tanh_candidate) halve(cell, 1, s->candidate, s->candidate_value);
  if (!is_whole) table->gru_output(cell, s);
  table->gru_backward(cell, s, d);
  if (!cell->has_tanh_candidate) halve(cell, 1, d->candidate, d->candidate);
  if (!cell->resets_after) halve(cell, 1, d->candidate, d->scratch);
  if (!is_whole) table->gru_reset_gradient(cell, s, d);
}

// The rows of a step from one on.
static void run(const kind *k, const ck_cells *table, ck_cell cell, const list *given, size_t first, size_t rows) {
  matrices m;
  memcpy(&m, given, sizeof m);
  const size_t one = first * cell.units, all = one * k->gates;
  cell.rows = rows;
  const ck_cell_values s = {m.gates + all,         m.gate_values + all,  m.candidate + one, m.candidate_value + one,
                            m.before + one,        m.output + one,       m.state_before + one, m.state + one,
                            m.state_value + one,   m.aside + one};
  const ck_cell_gradients d = {m.output_gradient + one,    m.state_gradient + one, m.gate_gradient + all,
                               m.candidate_gradient + one, m.aside_gradient + one, m.scratch + one};
  k->run(table, &cell, &s, &d);
}

static bool is_of_gates(size_t index) {
  return index == offsetof(matrices, gates) / sizeof(float *) ||
         index == offsetof(matrices, gate_values) / sizeof(float *) ||
         index == offsetof(matrices, gate_gradient) / sizeof(float *);
}

static void compare(bench *b, const kind *k, ck_cell cell) {
  if (has_difference(b)) return;
  char name[120];
  snprintf(name, sizeof name, "%s of %zu×%zu%s%s%s%s", k->name, cell.rows, cell.units,
           cell.has_sigmoid_gates ? ", sigmoid" : "", cell.has_tanh_candidate ? ", tanh" : "",
           cell.has_tanh_output ? ", tanh of the state" : "", cell.resets_after ? ", reset after" : "");
  list got, want, cut;
  size_t counts[MATRICES];
  for (size_t i = 0; i < MATRICES; i++) {
    counts[i] = cell.rows * cell.units * (is_of_gates(i) ? k->gates : 1);
    got.all[i] = noisy(b, counts[i], 3);
    want.all[i] = copied(b, got.all[i], counts[i]);
    cut.all[i] = copied(b, got.all[i], counts[i]);
  }
  run(k, b->set->cells, cell, &got, 0, cell.rows);
  run(k, ck_cells_reference(), cell, &want, 0, cell.rows);
  const size_t place = choice(b, cell.rows + 1);
  run(k, b->set->cells, cell, &cut, place, cell.rows - place);
  run(k, b->set->cells, cell, &cut, 0, place);
  const bool is_exact = !cell.has_sigmoid_gates && !cell.has_tanh_candidate && !cell.has_tanh_output;
  for (size_t i = 0; i < MATRICES; i++) {
    char what[160];
    snprintf(what, sizeof what, "matrix %zu of %s", i, name);
    // A slope from a value near 1 has that value's rounding, and gradients up to 9 magnify it.
    expect_close(b, what, got.all[i], want.all[i], counts[i], 1e-5f);
    if (is_exact) expect_same(b, what, got.all[i], want.all[i], counts[i]);
    expect_same(b, what, cut.all[i], got.all[i], counts[i]);
  }
  // The values are those of the element-wise functions, to the bit.
  matrices m;
  memcpy(&m, &got, sizeof m);
  const size_t n = cell.rows * cell.units;
  float *values = filled(b, n * k->gates, 7);
  if (cell.has_sigmoid_gates) {
    b->set->elementwise->sigmoid(values, m.gates, n * k->gates);
    expect_same(b, name, m.gate_values, values, n * k->gates);
  }
  if (cell.has_tanh_candidate) {
    b->set->elementwise->tanh(values, m.candidate, n);
    expect_same(b, name, m.candidate_value, values, n);
  }
  if (cell.has_tanh_output) {
    b->set->elementwise->tanh(values, m.state, n);
    expect_same(b, name, m.state_value, values, n);
  }
  clear(b, name);
}

void compare_cells(bench *b) {
  static const kind lstm = {"lstm", 3, run_lstm}, gru = {"gru", 2, run_gru};
  static const size_t units[] = {1, 2, 3, 4, 5, 7, 8, 9, 12, 15, 16, 17, 24, 31, 32, 33, 40, 64, 67};
  for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
    for (unsigned flags = 0; flags < 8; flags++) {
      const bool first = flags & 1, second = flags & 2, third = flags & 4;
      const size_t rows = 1 + choice(b, 9);
      compare(b, &lstm, (ck_cell){rows, units[i], first, second, third, false});
      compare(b, &gru, (ck_cell){rows, units[i], first, second, false, third});
    }
  }
}
