// Scores of a tile become weights: up to four rows at once, whose maxima and sums lie in the lanes of one vector.

// 2^x for x ≤ 0, within 2·10^-7 of it; exactly 1 for 0. Below -126: 0 or less than 2^-126. NaN stays NaN.
CK_INLINE vf power_of_two(vf x) {
#if CK_LANES == 16
    vf n = (vf)_mm512_roundscale_ps((__m512)x, 0), r = x - n;
#else
    vf shifted = x + splat(0x1.8p23f), n = shifted - splat(0x1.8p23f), r = x - n;
#endif
    vf q = fused(r, splat(0x1.5bba14p-10f), splat(0x1.3cea88p-7f));
    q = fused(q, r, splat(0x1.c6b752p-5f));
    q = fused(q, r, splat(0x1.ebf9bcp-3f));
    q = fused(q, r, splat(0x1.62e42ap-1f));
    q = fused(q, r, splat(1.0f));
#if CK_LANES == 16
    return (vf)_mm512_scalef_ps((__m512)q, (__m512)n);
#else
    vf y = of_bits(bits_of(q) + (bits_of(shifted) << 23));
    y = x < splat(-126.0f) ? splat(0.0f) : y;
    return x == x ? y : x;
#endif
}

// One number of each of four vectors, halves onto halves: the order of sum_of_lanes. `how` joins two vectors.
#define SHUFFLED(type, name, a, b, ...) type name = __builtin_shufflevector(a, b, __VA_ARGS__)
#if CK_LANES == 16
#define HALVED(name, a, b, how)                                                                       \
    SHUFFLED(vf, name##_low, a, b, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23);           \
    SHUFFLED(vf, name##_high, a, b, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31);    \
    vf name = how(name##_low, name##_high)
#define FOLDED_TO_EIGHTS(v, how)                                                                      \
    HALVED(ab, v[0], v[1], how);                                                                      \
    HALVED(cd, v[2], v[3], how);                                                                      \
    SHUFFLED(vf, low, ab, cd, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27);              \
    SHUFFLED(vf, high, ab, cd, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31);           \
    vf fours = how(low, high);                                                                        \
    vf8 first = fours.lo, second = fours.hi
#elif CK_LANES == 8
#define HALVED(name, a, b, how)                                                                       \
    SHUFFLED(vf, name##_low, a, b, 0, 1, 2, 3, 8, 9, 10, 11);                                         \
    SHUFFLED(vf, name##_high, a, b, 4, 5, 6, 7, 12, 13, 14, 15);                                      \
    vf name = how(name##_low, name##_high)
#define FOLDED_TO_EIGHTS(v, how)                                                                      \
    HALVED(first, v[0], v[1], how);                                                                   \
    HALVED(second, v[2], v[3], how)
#else
#define FOLDED_TO_EIGHTS(v, how)                                                                      \
    SHUFFLED(vf8, first, v[0], v[1], 0, 1, 2, 3, 4, 5, 6, 7);                                         \
    SHUFFLED(vf8, second, v[2], v[3], 0, 1, 2, 3, 4, 5, 6, 7)
#endif

#define FOLD(name, how)                                                                               \
    CK_INLINE vf4 name(const vf v[4]) {                                                               \
        FOLDED_TO_EIGHTS(v, how);                                                                     \
        SHUFFLED(vf8, front, first, second, 0, 1, 4, 5, 8, 9, 12, 13);                                \
        SHUFFLED(vf8, back, first, second, 2, 3, 6, 7, 10, 11, 14, 15);                               \
        vf8 twos = how(front, back);                                                                  \
        SHUFFLED(vf4, even, twos, twos, 0, 2, 4, 6);                                                  \
        SHUFFLED(vf4, odd, twos, twos, 1, 3, 5, 7);                                                   \
        return how(even, odd);                                                                        \
    }
#define PLUS(a, b) ((a) + (b))
#define LARGER(a, b) ((a) > (b) ? (a) : (b))
FOLD(four_sums, PLUS)
FOLD(four_largest, LARGER)

// 2^(from - to), 0 if nothing came before.
CK_INLINE vf4 four_decays(vf4 from, vf4 to) {
    vf4 apart = from - to;
#if CK_LANES == 16
    vf4 y = __builtin_shufflevector(power_of_two(__builtin_shufflevector(
        apart, apart, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3)), (vf)0, 0, 1, 2, 3);
#elif CK_LANES == 8
    vf4 y = power_of_two(__builtin_shufflevector(apart, apart, 0, 1, 2, 3, 0, 1, 2, 3)).lo;
#else
    vf4 y = power_of_two(apart);
#endif
    return from == (vf4)-INFINITY ? (vf4)0 : y;
}

CK_INLINE vf4 load_rows(const float *from, const size_t rows) {
    vf4 v = (vf4)0;
    memcpy(&v, from, rows * sizeof *from);
    return v;
}

CK_INLINE void store_rows(float *to, vf4 v, const size_t rows) {
    memcpy(to, &v, rows * sizeof *to);
}

// Of up to four rows: scores[row][64], the split's maxima and sums so far, and what comes out beside their new values.
typedef struct {
    float *scores;
    int16_t *weights;       // [row][64]: for the values' integers
    float *weight_scales;   // [row]: of the weights
    float *maxima, *sums;
    float *decays;          // [row]: what the new maximum makes of the sums so far
    const float *value_scales;
    int32_t visible[4];     // by row: of the 64 scores, at least one, or more than all; the others get no weight
} weighing;

CK_INLINE void weigh(const weighing *w, const size_t rows, const bool is_whole) {
    enum { VECTORS = CK_KV_TOKENS / CK_LANES };
    vf largest[4], sums[4], weight_sums[4], largest_weights[4];
#pragma clang loop unroll(full)
    for (size_t r = 0; r < 4; r++) {
        largest[r] = splat(-INFINITY);
        sums[r] = weight_sums[r] = largest_weights[r] = splat(0);
        if (r >= rows) continue;
#pragma clang loop unroll(full)
        for (size_t v = 0; v < VECTORS; v++) {
            vf score = load(w->scores + r * CK_KV_TOKENS + v * CK_LANES);
            vi hidden = lane_numbers() + (vi)(int32_t)(v * CK_LANES) >= (vi)w->visible[r];
            largest[r] = larger(!is_whole && hidden ? splat(-INFINITY) : score, largest[r]);
        }
    }
    vf4 before = load_rows(w->maxima, rows), maxima = four_largest(largest);
    maxima = before > maxima ? before : maxima;
#pragma clang loop unroll(full)
    for (size_t r = 0; r < rows; r++) {
#pragma clang loop unroll(full)
        for (size_t v = 0; v < VECTORS; v++) {
            float *score = w->scores + r * CK_KV_TOKENS + v * CK_LANES;
            vi hidden = lane_numbers() + (vi)(int32_t)(v * CK_LANES) >= (vi)w->visible[r];
            vf weight = power_of_two(load(score) - splat(maxima[r])), scale = load(w->value_scales + v * CK_LANES);
            if (!is_whole) weight = hidden ? splat(0) : weight, scale = hidden ? splat(0) : scale;
            sums[r] += weight;
            weight *= scale;
            weight_sums[r] += weight;
            largest_weights[r] = larger(weight, largest_weights[r]);
            store(score, weight);
        }
    }
    // As ck_weight_factor and ck_inverse.
    vf4 by_largest = 32767.0f / four_largest(largest_weights), by_sum = 262000.0f / four_sums(weight_sums);
    vf4 factors = by_largest < by_sum ? by_largest : by_sum;
    factors = factors == (vf4)INFINITY ? (vf4)0 : factors;
#pragma clang loop unroll(full)
    for (size_t r = 0; r < rows; r++) {
#pragma clang loop unroll(full)
        for (size_t v = 0; v < VECTORS; v++) {
            size_t at = r * CK_KV_TOKENS + v * CK_LANES;
            store_low_halves(w->weights + at, rounded(load(w->scores + at), splat(factors[r])));
        }
    }
    vf4 decays = four_decays(before, maxima);
    store_rows(w->weight_scales, factors == (vf4)0 ? (vf4)0 : 1.0f / factors, rows);
    store_rows(w->sums, __builtin_elementwise_fma(load_rows(w->sums, rows), decays, four_sums(sums)), rows);
    store_rows(w->maxima, maxima, rows);
    store_rows(w->decays, decays, rows);
}

static void weigh_some(const weighing *w, size_t rows, bool is_whole) {
    switch (rows) {
    case 1: return is_whole ? weigh(w, 1, true) : weigh(w, 1, false);
    case 2: return is_whole ? weigh(w, 2, true) : weigh(w, 2, false);
    case 3: return is_whole ? weigh(w, 3, true) : weigh(w, 3, false);
    default: return is_whole ? weigh(w, 4, true) : weigh(w, 4, false);
    }
}
