// The minimax polynomials, and one quotient, of maths.h by Horner's rule; the numbers are what
// scripts/coefficients.py prints, highest power first, copied by hand.

INLINE vf exp_polynomial(vf t) {
  vf p = 0.00138982397f;
  p = multiply_add(p, t, 0.00836609956f);
  p = multiply_add(p, t, 0.0416668542f);
  p = multiply_add(p, t, 0.16666548f);
  return p;
}

INLINE vf log_polynomial(vf t) {
  vf p = 0.0674663931f;
  p = multiply_add(p, t, -0.116756499f);
  p = multiply_add(p, t, 0.11888162f);
  p = multiply_add(p, t, -0.124055892f);
  p = multiply_add(p, t, 0.142195523f);
  p = multiply_add(p, t, -0.166679963f);
  p = multiply_add(p, t, 0.200021192f);
  p = multiply_add(p, t, -0.250000089f);
  p = multiply_add(p, t, 0.333333135f);
  return p;
}

INLINE vf arctan_polynomial(vf t) {
  vf p = -0.00179362216f;
  p = multiply_add(p, t, 0.0109146079f);
  p = multiply_add(p, t, -0.0311778523f);
  p = multiply_add(p, t, 0.0579576008f);
  p = multiply_add(p, t, -0.08403451f);
  p = multiply_add(p, t, 0.109521858f);
  p = multiply_add(p, t, -0.142642424f);
  p = multiply_add(p, t, 0.199985489f);
  p = multiply_add(p, t, -0.333332986f);
  return p;
}

INLINE vf asinh_polynomial(vf t) {
  vf p = -0.00298022572f;
  p = multiply_add(p, t, 0.0104478747f);
  p = multiply_add(p, t, -0.0196980033f);
  p = multiply_add(p, t, 0.0297686663f);
  p = multiply_add(p, t, -0.0445648097f);
  p = multiply_add(p, t, 0.0749951974f);
  p = multiply_add(p, t, -0.166666567f);
  return p;
}

INLINE vf sin_polynomial(vf t) {
  vf p = -0.000195126748f;
  p = multiply_add(p, t, 0.00833214168f);
  p = multiply_add(p, t, -0.166666538f);
  return p;
}

INLINE vf cos_polynomial(vf t) {
  vf p = 2.44301755e-05f;
  p = multiply_add(p, t, -0.00138872908f);
  p = multiply_add(p, t, 0.0416666456f);
  return p;
}

INLINE vf erf_polynomial(vf t) {
  vf p = 7.85386146e-05f;
  p = multiply_add(p, t, -0.000801019371f);
  p = multiply_add(p, t, 0.00518832775f);
  p = multiply_add(p, t, -0.0268538129f);
  p = multiply_add(p, t, 0.112835854f);
  p = multiply_add(p, t, -0.37612626f);
  p = multiply_add(p, t, 0.128379166f);
  return p;
}

INLINE vf erf_exponent_polynomial(vf t) {
  vf p = -2.12064535e-07f;
  p = multiply_add(p, t, 2.47539429e-05f);
  p = multiply_add(p, t, -0.000460356096f);
  p = multiply_add(p, t, 0.00427063042f);
  p = multiply_add(p, t, -0.0253489129f);
  p = multiply_add(p, t, 0.108606584f);
  p = multiply_add(p, t, 0.63306576f);
  p = multiply_add(p, t, 1.12964928f);
  p = multiply_add(p, t, -0.00020206449f);
  return p;
}

INLINE vd erfc_polynomial(vd t) {
  vd p = 3.8828982683749025e-05;
  p = multiply_add_double(p, t, 2.5251655990952809e-06);
  p = multiply_add_double(p, t, -0.00042153547320305466);
  p = multiply_add_double(p, t, -0.00073504653593485676);
  p = multiply_add_double(p, t, 0.0021473984593523001);
  p = multiply_add_double(p, t, 0.015683712424018552);
  p = multiply_add_double(p, t, 0.050420337132509707);
  p = multiply_add_double(p, t, 0.11330535982165867);
  p = multiply_add_double(p, t, 0.19851076883987825);
  p = multiply_add_double(p, t, 0.28359145843220884);
  p = multiply_add_double(p, t, 0.33745619355326456);
  return p;
}

INLINE vd log2_polynomial(vd t) {
  vd p = 0.28292981443413057;
  p = multiply_add_double(p, t, 0.31990366566837369);
  p = multiply_add_double(p, t, 0.41220930080863516);
  p = multiply_add_double(p, t, 0.57707794189649086);
  p = multiply_add_double(p, t, 0.96179669411491631);
  p = multiply_add_double(p, t, 2.8853900817778491);
  return p;
}

INLINE vd exp2_polynomial(vd t) {
  vd p = 0.00015345814771503474;
  p = multiply_add_double(p, t, 0.0013399931244150981);
  p = multiply_add_double(p, t, 0.0096184889449359608);
  p = multiply_add_double(p, t, 0.055503287769027743);
  p = multiply_add_double(p, t, 0.24022646890782443);
  p = multiply_add_double(p, t, 0.6931472057373268);
  p = multiply_add_double(p, t, 1.0000000005541341);
  return p;
}

// Where the quotient ends.
#define TANH_BOUND 7.90531f

INLINE vf tanh_numerator(vf t) {
  vf p = 1.5417422e-08f;
  p = multiply_add(p, t, 2.2016407e-05f);
  p = multiply_add(p, t, 0.0035785998f);
  p = multiply_add(p, t, 0.13450296f);
  p = multiply_add(p, t, 1);
  return p;
}

INLINE vf tanh_denominator(vf t) {
  vf p = 8.594713e-07f;
  p = multiply_add(p, t, 0.00034229943f);
  p = multiply_add(p, t, 0.026190763f);
  p = multiply_add(p, t, 0.46783623f);
  p = multiply_add(p, t, 1);
  return p;
}
