// Activations for F16 and BF16: scalar/quantize_section.c is the specification, bit for bit.

// `steps` times 32 values, an even number.
CK_INLINE void quantize_steps(const float *values, size_t steps, ck_activation_section *out) {
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
        vf step = larger(most * splat(1 / 16383.0f), sum * splat(1 / 131000.0f));
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
    CK_UNROLL for (int i = 0; i < CK_PARTS; i++) {
        pair_sums products = no_pairs();
        for (size_t s = 0; s < steps; s += 2) {
            const int16_t *at = out->integers + CK_STEP * s + 2 * CK_LANES * i;
            products = add_products(products, load_pairs(at), load_pairs(at + CK_STEP));
        }
        vi minus = -total_of(products);
        memcpy(out->minus_products + CK_LANES * i, &minus, sizeof minus);
    }
}

static void quantize_sections(const float *values, size_t columns, void *out) {
    ck_activation_section *section = out;
    for (; columns >= CK_SECTION; columns -= CK_SECTION, values += CK_SECTION, section++)
        quantize_steps(values, CK_SECTION / CK_STEP, section);
    if (columns == 0) return;
    float rest[CK_SECTION];
    size_t steps = (columns + CK_STEPS - 1) / CK_STEPS * 2;
    memcpy(rest, values, columns * sizeof *rest);
    memset(rest + columns, 0, (steps * CK_STEP - columns) * sizeof *rest);
    quantize_steps(rest, steps, section);
}
