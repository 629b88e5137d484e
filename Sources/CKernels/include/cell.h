// The element-wise part of a step of gated recurrent cells, forward and backward, behind a table per set.
#ifndef CK_CELL_H
#define CK_CELL_H

#include <stdbool.h>
#include <stddef.h>

/// A step of `rows` × `units` matrices, one behind the other. Gates lie side by side in their rows: i f o of an LSTM
/// ([rows][3·units]), z r of a GRU ([rows][2·units]).
///
/// Functions that are the usual ones are computed by the pass that needs their values, and their slopes from their values
/// (σ′ = σ·(1 − σ), tanh′ = 1 − tanh², within 2^-23); of others the caller computes values and slopes between the passes.
typedef struct {
  size_t rows, units;
  bool has_sigmoid_gates;
  bool has_tanh_candidate;
  /// Of the cell state; only of an LSTM.
  bool has_tanh_output;
  /// Whether the reset gate weighs the recurrent product, or what it is made of; only of a GRU.
  bool resets_after;
} ck_cell;

/// What a step keeps. Matrices that a cell lacks are not looked at.
typedef struct {
  /// Pre-activations s of the gates and their values γ(s); the candidate's, and a = φ(s).
  const float *_Nonnull gates;
  float *_Nonnull gate_values;
  float *_Nonnull candidate;
  float *_Nonnull candidate_value;
  /// hₜ₋₁ and hₜ.
  const float *_Nonnull before;
  float *_Nonnull output;
  /// cₜ₋₁, cₜ and v = φ_out(cₜ).
  const float *_Nonnull state_before;
  float *_Nonnull state;
  float *_Nonnull state_value;
  /// The candidate's recurrent product q if the reset gate comes after it, else r ⊙ hₜ₋₁.
  float *_Nonnull aside;
} ck_cell_values;

/// Gradients of a step.
typedef struct {
  /// δh of the step; a GRU leaves what goes past the products to the step before.
  float *_Nonnull output;
  /// δc of the step, and then of the one before.
  float *_Nonnull state;
  /// By the gates: by their pre-activations if they are sigmoids, else by their values.
  float *_Nonnull gates;
  /// By the candidate: by its pre-activations if it is a tanh, else by its value; may be `scratch`.
  float *_Nonnull candidate;
  /// By q, if the reset gate comes after the product.
  float *_Nonnull aside;
  /// By the state through its function, if that is not tanh; by r ⊙ hₜ₋₁, if the reset gate comes before the product.
  float *_Nonnull scratch;
} ck_cell_gradients;

/// Every element by itself, so that rows may be shared out among calls. Products and sums are rounded one by one: where the
/// functions are the caller's, all sets have the same bits. Time in proportion to rows · units, no memory.
typedef struct {
  /// γ and φ if usual; c = f ⊙ c₋₁ + i ⊙ a; and, with tanh for output, v and h = o ⊙ v.
  void (*_Nonnull lstm_forward)(const ck_cell *_Nonnull cell, const ck_cell_values *_Nonnull step);
  /// h = o ⊙ v.
  void (*_Nonnull lstm_output)(const ck_cell *_Nonnull cell, const ck_cell_values *_Nonnull step);
  /// scratch = δh ⊙ o, the gradient by v.
  void (*_Nonnull lstm_output_gradient)(const ck_cell *_Nonnull cell, const ck_cell_values *_Nonnull step,
                                        const ck_cell_gradients *_Nonnull gradients);
  /// δc += δh ⊙ o ⊙ φ_out′ (or scratch); gates: δc ⊙ a, δc ⊙ c₋₁, δh ⊙ v; candidate: δc ⊙ i; then δc = δc ⊙ f.
  void (*_Nonnull lstm_backward)(const ck_cell *_Nonnull cell, const ck_cell_values *_Nonnull step,
                                 const ck_cell_gradients *_Nonnull gradients);

  /// γ if usual; then candidate += r ⊙ q, or aside = r ⊙ h₋₁; with the reset gate after the product and tanh for candidate
  /// also all of `gru_output`.
  void (*_Nonnull gru_forward)(const ck_cell *_Nonnull cell, const ck_cell_values *_Nonnull step);
  /// φ if usual; h = z ⊙ h₋₁ + (1 − z) ⊙ a.
  void (*_Nonnull gru_output)(const ck_cell *_Nonnull cell, const ck_cell_values *_Nonnull step);
  /// Gate z: δh ⊙ (h₋₁ − a); candidate: δh ⊙ (1 − z); then δh = δh ⊙ z; with the reset gate after the product and tanh for
  /// candidate also all of `gru_reset_gradient`.
  void (*_Nonnull gru_backward)(const ck_cell *_Nonnull cell, const ck_cell_values *_Nonnull step,
                                const ck_cell_gradients *_Nonnull gradients);
  /// From the gradient by the candidate's pre-activations d: gate r: d ⊙ q and aside: d ⊙ r; or from scratch, that by
  /// r ⊙ h₋₁: gate r: scratch ⊙ h₋₁ and δh += scratch ⊙ r.
  void (*_Nonnull gru_reset_gradient)(const ck_cell *_Nonnull cell, const ck_cell_values *_Nonnull step,
                                      const ck_cell_gradients *_Nonnull gradients);
} ck_cells;

/// Readable scalar loops over libm, which the vector tables are tested against.
const ck_cells *_Nonnull ck_cells_reference(void);

#endif
