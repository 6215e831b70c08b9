// Rounding of a head's elements to integers. After simd.h and pairs.h.

enum { ROUNDED_AT_ONCE = 8 };  // what every head's dimension is a multiple of

CK_INLINE vf magnitude_of(vf x) {
    return of_bits(bits_of(x) & (vi)0x7fffffff);
}

static float factor_of_norm(const float *x, size_t dimension) {
    enum { VECTORS = CK_PARTIAL_SUMS / CK_LANES };
    vf squares[VECTORS], largest = splat(0);
    for (size_t v = 0; v < VECTORS; v++) squares[v] = splat(0);
    for (size_t d = 0; d < dimension; d += CK_PARTIAL_SUMS) {
#pragma clang loop unroll(full)
        for (size_t v = 0; v < VECTORS; v++) {
            size_t at = d + v * CK_LANES, left = at < dimension ? dimension - at : 0;
            vf some = left >= CK_LANES ? load(x + at) : load_some(x + at, left, 0);
            squares[v] = fused(some, some, squares[v]);
            largest = larger(magnitude_of(some), largest);
        }
    }
#pragma clang loop unroll(full)
    for (size_t half = VECTORS / 2; half > 0; half /= 2) {
        for (size_t v = 0; v < half; v++) squares[v] += squares[v + half];
    }
    return ck_norm_factor(sum_of_lanes(squares[0]), largest_lane(largest));
}

static float factor_of_value(const float *x, size_t dimension) {
    vf largest = splat(0);
    for (size_t d = 0; d < dimension; d += CK_LANES) {
        vf some = dimension - d >= CK_LANES ? load(x + d) : load_some(x + d, dimension - d, 0);
        largest = larger(magnitude_of(some), largest);
    }
    return ck_value_factor(largest_lane(largest));
}

// A head's elements.
CK_INLINE void round_head(const float *x, size_t dimension, float factor, int16_t *to) {
    size_t d = 0;
    for (; d + CK_LANES <= dimension; d += CK_LANES) store_low_halves(to + d, rounded(load(x + d), splat(factor)));
    for (; d < dimension; d++) to[d] = ck_rounded(x[d], factor);
}

// ROUNDED_AT_ONCE elements.
CK_INLINE void round_some(const float *x, float factor, int16_t *to) {
    for (size_t i = 0; i < ROUNDED_AT_ONCE; i++) to[i] = ck_rounded(x[i], factor);
}
