// Keys and values on their way into tiles: CKernels/attention.h has the layout. After simd.h, pairs.h and
// attention_rounding.h.

static int16_t *integers_in_tile(void *tile) {
    return (int16_t *)((float *)tile + CK_KV_TOKENS);
}

static void store_key(const float *key, size_t dimension, size_t slot, void *tile) {
    float factor = factor_of_norm(key, dimension);
    int16_t *to = integers_in_tile(tile) + 2 * slot;
    ((float *)tile)[slot] = ck_inverse(factor);
    for (size_t d = 0; d < dimension; d += ROUNDED_AT_ONCE) {
        int16_t integers[ROUNDED_AT_ONCE];
        round_some(key + d, factor, integers);
        for (size_t i = 0; i < ROUNDED_AT_ONCE; i += 2)
            memcpy(to + (d + i) * CK_KV_TOKENS, integers + i, 2 * sizeof *to);
    }
}

#if CK_LANES == 16
#define FIRST_HALVES 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23
#define SECOND_HALVES 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31
#elif CK_LANES == 8
#define FIRST_HALVES 0, 8, 1, 9, 2, 10, 3, 11
#define SECOND_HALVES 4, 12, 5, 13, 6, 14, 7, 15
#else
#define FIRST_HALVES 0, 4, 1, 5
#define SECOND_HALVES 2, 6, 3, 7
#endif

// Rows become columns: each step interleaves a row of the first half with one of the second, which moves the highest
// bit of an element's number (row, then column) to its end.
CK_INLINE void transpose(vi rows[CK_LANES]) {
#pragma clang loop unroll(full)
    for (size_t step = 1; step < CK_LANES; step *= 2) {
        vi mixed[CK_LANES];
#pragma clang loop unroll(full)
        for (size_t i = 0; i < CK_LANES / 2; i++) {
            mixed[2 * i] = __builtin_shufflevector(rows[i], rows[i + CK_LANES / 2], FIRST_HALVES);
            mixed[2 * i + 1] = __builtin_shufflevector(rows[i], rows[i + CK_LANES / 2], SECOND_HALVES);
        }
#pragma clang loop unroll(full)
        for (size_t i = 0; i < CK_LANES; i++) rows[i] = mixed[i];
    }
}

// CK_LANES tokens at once: a token's pairs are a row, and what the tokens have of one pair lies together in the tile.
static void store_lanes_of_keys(const float *keys, size_t stride, size_t dimension, size_t slot, void *tile) {
    int16_t *to = integers_in_tile(tile) + 2 * slot;
    float factors[CK_LANES];
    for (size_t t = 0; t < CK_LANES; t++) {
        factors[t] = factor_of_norm(keys + t * stride, dimension);
        ((float *)tile)[slot + t] = ck_inverse(factors[t]);
    }
    size_t d = 0;
    for (; d + 2 * CK_LANES <= dimension; d += 2 * CK_LANES) {
        vi rows[CK_LANES];
#pragma clang loop unroll(full)
        for (size_t t = 0; t < CK_LANES; t++) {
            const float *key = keys + t * stride + d;
            vf factor = splat(factors[t]);
            pairs both = integers_in(rounded(load(key), factor), rounded(load(key + CK_LANES), factor));
            memcpy(rows + t, &both, sizeof both);
        }
        transpose(rows);
#pragma clang loop unroll(full)
        for (size_t p = 0; p < CK_LANES; p++)
            memcpy(to + (d + 2 * p) * CK_KV_TOKENS, rows + p, sizeof rows[p]);
    }
    for (; d < dimension; d += 2) {
        for (size_t t = 0; t < CK_LANES; t++) {
            for (size_t i = 0; i < 2; i++)
                to[d * CK_KV_TOKENS + 2 * t + i] = ck_rounded(keys[t * stride + d + i], factors[t]);
        }
    }
}

static void store_keys(const float *keys, size_t stride, size_t count, size_t dimension, size_t slot, void *tile) {
    size_t t = 0;
    for (; t + CK_LANES <= count; t += CK_LANES)
        store_lanes_of_keys(keys + t * stride, stride, dimension, slot + t, tile);
    for (; t < count; t++) store_key(keys + t * stride, dimension, slot + t, tile);
}

static void store_value(const float *value, size_t dimension, size_t slot, void *tile) {
    float factor = factor_of_value(value, dimension);
    int16_t *to = integers_in_tile(tile) + slot / 2 * 2 * dimension + slot % 2;
    ((float *)tile)[slot] = ck_inverse(factor);
    for (size_t d = 0; d < dimension; d += ROUNDED_AT_ONCE) {
        int16_t integers[ROUNDED_AT_ONCE];
        round_some(value + d, factor, integers);
        for (size_t i = 0; i < ROUNDED_AT_ONCE; i++) to[2 * (d + i)] = integers[i];
    }
}

// The two tokens of a pair; `slot` is even.
static void store_pair_of_values(const float *values, size_t stride, size_t dimension, size_t slot, void *tile) {
    const float *first = values, *second = values + stride;
    float factor = factor_of_value(first, dimension), other = factor_of_value(second, dimension);
    int16_t *to = integers_in_tile(tile) + slot * dimension;
    ((float *)tile)[slot] = ck_inverse(factor);
    ((float *)tile)[slot + 1] = ck_inverse(other);
    size_t d = 0;
    for (; d + CK_LANES <= dimension; d += CK_LANES) {
        vi low = rounded(load(first + d), splat(factor)), high = rounded(load(second + d), splat(other));
        vi both = (low & (vi)0xffff) | (high << 16);
        memcpy(to + 2 * d, &both, sizeof both);
    }
    for (; d < dimension; d++) to[2 * d] = ck_rounded(first[d], factor), to[2 * d + 1] = ck_rounded(second[d], other);
}

static void store_values(const float *values, size_t stride, size_t count, size_t dimension, size_t slot, void *tile) {
    size_t t = 0;
    if (slot % 2 == 1 && count > 0) store_value(values, dimension, slot, tile), t = 1;
    for (; t + 2 <= count; t += 2) store_pair_of_values(values + t * stride, stride, dimension, slot + t, tile);
    if (t < count) store_value(values + t * stride, dimension, slot + t, tile);
}
