// Activations for F16 and BF16: scalar/quantize_slice.c is the specification, bit for bit.

// `steps` times 32 values.
CK_INLINE void quantize_steps(const float *values, size_t steps, ck_activation_slice *out) {
    vf largest[2 * CK_PARTS] = {0}, sums[2 * CK_PARTS] = {0};
    for (size_t s = 0; s < steps; s++)
        CK_UNROLL for (int i = 0; i < 2 * CK_PARTS; i++) {
            vf magnitude = __builtin_elementwise_abs(load(values + CK_STEP * s + CK_LANES * (size_t)i));
            sums[i] += magnitude;
            largest[i] = larger(magnitude, largest[i]);
        }
    CK_UNROLL for (int i = 0; i < CK_PARTS; i++) {
        vf sum = EVENS(sums[2 * i], sums[2 * i + 1]) + ODDS(sums[2 * i], sums[2 * i + 1]);
        vf most = larger(EVENS(largest[2 * i], largest[2 * i + 1]), ODDS(largest[2 * i], largest[2 * i + 1]));
        vf step = larger(most * splat(1 / 32767.0f), sum * splat(1 / 65500.0f));
        vf nothing = sum < splat(INFINITY) ? splat(0) : splat(NAN);
        vi some = (sum < splat(INFINITY)) & (most >= splat(0x1p-100f));
        store(out->scales + CK_LANES * i, some ? step : nothing);
        vf factor = splat(1) / step;
        vf factors[2] = {LOW_TWICE(factor), HIGH_TWICE(factor)};
        vi kept[2] = {LOW_TWICE(some), HIGH_TWICE(some)};
        for (size_t s = 0; s < steps; s++)
            CK_UNROLL for (int j = 0; j < 2; j++) {
                size_t at = CK_STEP * s + CK_LANES * (size_t)(2 * i + j);
                store_low_halves(out->integers + at, rounded(load(values + at), factors[j]) & kept[j]);
            }
    }
}

static void quantize_slices(const float *values, size_t columns, void *out) {
    ck_activation_slice *slice = out;
    for (; columns >= CK_SLICE; columns -= CK_SLICE, values += CK_SLICE, slice++)
        quantize_steps(values, SLICE_STEPS, slice);
    if (columns == 0) return;
    float rest[CK_SLICE];
    size_t steps = (columns + CK_STEP - 1) / CK_STEP;
    memcpy(rest, values, columns * sizeof *rest);
    memset(rest + columns, 0, (steps * CK_STEP - columns) * sizeof *rest);
    quantize_steps(rest, steps, slice);
}
