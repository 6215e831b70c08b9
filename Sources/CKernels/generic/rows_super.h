// Q4_K, Q5_K and Q6_K with one or two activation rows: what the levels of x86 share around the sums of blocks (rows.h).
// Included between CK_TARGET_..._BEGIN and CK_TARGET_END, behind a level's types `vector` and `scales`.

// What a level defines.

// From the scales of two blocks of Q4_K or Q5_K, bytes 0 to 7 in each 128-bit lane.
CK_INLINE void spread_scales(__m256i unpacked, scales *out);

// Q4_K, or Q5_K with its fifth bits (else `fifth` is NULL), block `i` of the two that have the scales: Σ scale · dot in
// the elements of the result.
CK_INLINE vector block_with_minima(const scales *s, int i, const uint8_t *quants, const uint8_t *fifth,
                                   const uint8_t *ordered, const ck_activation_super *x);

// Q6_K: Σ scale · dot in the elements of the result.
CK_INLINE vector block_q6_k(const uint8_t *block, const uint8_t *ordered, const ck_activation_super *x);

// The sums of the elements of each.
CK_INLINE __m128i sums_of(const vector totals[4]);

// The packed scales and minima (scales.h) that two blocks have behind two halves: in each 128-bit lane eight scales,
// then eight minima.
CK_INLINE __m256i unpack_scales(__m256i heads) {
    const __m256i shifts = _mm256_setr_epi32(0, 0, 0, 4, 0, 0, 0, 4);
    const __m256i masks = _mm256_set1_epi64x(0x0f0f0f0f3f3f3f3f), top_masks = _mm256_set1_epi64x(0x3030303000000000);
    __m256i low = _mm256_srlv_epi32(_mm256_shuffle_epi32(heads, 0xed), shifts);
    __m256i top = _mm256_srli_epi16(_mm256_shuffle_epi32(heads, 0x84), 2);
    return _mm256_or_si256(_mm256_and_si256(low, masks), _mm256_and_si256(top, top_masks));
}

// The first 16 bytes at two addresses, or zeros for those of the two from `count` on.
CK_INLINE __m256i two_of(const void *first, const void *second, size_t count) {
    __m256i x = count > 0 ? _mm256_zextsi128_si256(ck_load_16(first)) : _mm256_setzero_si256();
    return count > 1 ? _mm256_inserti128_si256(x, ck_load_16(second), 1) : x;
}

// The sums of blocks 0 and 1 (the lanes of `a`), 2 and 3 (those of `b`).
CK_INLINE __m128i sums_of_pairs(__m256i a, __m256i b) {
    __m256i x = _mm256_add_epi32(_mm256_unpacklo_epi32(a, b), _mm256_unpackhi_epi32(a, b));  // 0 2 0 2, 1 3 1 3
    __m128i even = _mm256_castsi256_si128(x), odd = _mm256_extracti128_si256(x, 1);
    return _mm_add_epi32(_mm_unpacklo_epi32(even, odd), _mm_unpackhi_epi32(even, odd));
}

// The terms of four blocks of a type with minima, from number `b` of the row on, of which `left` exist; `quants` and
// `fifth` are offsets, `fifth` 0 for Q4_K.
CK_INLINE void keep_four_minima(float *const terms[], const uint8_t *block, const ck_row_activations *activations,
                                size_t b, size_t left, size_t bytes, size_t quants, size_t fifth, int count) {
    __m256i heads[2], minima[2];
    scales spread[2];
    CK_UNROLL for (size_t i = 0; i < 2; i++) {
        heads[i] = two_of(block + 2 * i * bytes, block + (2 * i + 1) * bytes, left > 2 * i ? left - 2 * i : 0);
        __m256i unpacked = unpack_scales(heads[i]);
        spread_scales(unpacked, &spread[i]);
        minima[i] = _mm256_unpackhi_epi8(unpacked, _mm256_setzero_si256());
    }
    __m256i pairs = _mm256_unpacklo_epi32(heads[0], heads[1]);
    __m128i both = _mm_unpacklo_epi32(_mm256_castsi256_si128(pairs), _mm256_extracti128_si256(pairs, 1));
    both = _mm_shuffle_epi8(both, _mm_setr_epi8(0, 1, 4, 5, 8, 9, 12, 13, 2, 3, 6, 7, 10, 11, 14, 15));
    __m256 halves = _mm256_cvtph_ps(both);
    vector totals[2][4];
    CK_UNROLL for (size_t i = 0; i < 4; i++) {
        const uint8_t *w = block + i * bytes;
        CK_UNROLL for (int c = 0; c < count; c++) {
            const ck_activation_super *x = (const ck_activation_super *)activations[c].blocks + b + i;
            totals[c][i] = (vector){0};
            if (i < left)
                totals[c][i] = block_with_minima(&spread[i / 2], i % 2, w + quants, fifth ? w + fifth : NULL,
                                                 activations[c].ordered + (b + i) * CK_SUPER_BLOCK, x);
        }
    }
    CK_UNROLL for (int c = 0; c < count; c++) {
        const ck_activation_super *x = (const ck_activation_super *)activations[c].blocks + b;
        __m256i parts[2];
        CK_UNROLL for (size_t i = 0; i < 2; i++)
            parts[i] = _mm256_madd_epi16(
                minima[i], two_of(x[2 * i].sums, x[2 * i + 1].sums, left > 2 * i ? left - 2 * i : 0));
        __m128 minimum = _mm_cvtepi32_ps(sums_of_pairs(parts[0], parts[1]));
        minimum = _mm_mul_ps(_mm256_extractf128_ps(halves, 1), minimum);
        __m128 total = _mm_cvtepi32_ps(sums_of(totals[c]));
        _mm_storeu_ps(terms[c] + b, _mm_fmsub_ps(_mm256_castps256_ps128(halves), total, minimum));
    }
}

// The scales of four blocks of Q6_K, of which `count` exist. Each of four is loaded to where it belongs, with bytes around
// it that are the row's.
CK_INLINE __m128 scales_of_q6_k(const uint8_t *block, size_t count) {
    if (count == 4) {
        const uint8_t *scale = block + offsetof(ck_q6_k, scale);
        __m128i x = ck_load_16(scale - 8);
#define SCALE(i) x = _mm_blend_epi16(x, ck_load_16(scale + i * sizeof(ck_q6_k) - 8 - 2 * i), 16 << i);
        SCALE(1) SCALE(2) SCALE(3)
#undef SCALE
        return _mm_cvtph_ps(_mm_srli_si128(x, 8));
    }
    uint16_t halves[4] = {0};
    for (size_t i = 0; i < count; i++) halves[i] = ((const ck_q6_k *)block)[i].scale;
    return _mm_cvtph_ps(_mm_loadl_epi64((const __m128i *)halves));
}

CK_INLINE void keep_four_q4_k(float *const terms[], const uint8_t *block, const ck_row_activations *x, size_t b,
                              size_t left, int count) {
    keep_four_minima(terms, block, x, b, left, sizeof(ck_q4_k), offsetof(ck_q4_k, quants), 0, count);
}

CK_INLINE void keep_four_q5_k(float *const terms[], const uint8_t *block, const ck_row_activations *x, size_t b,
                              size_t left, int count) {
    keep_four_minima(terms, block, x, b, left, sizeof(ck_q5_k), offsetof(ck_q5_k, quants), offsetof(ck_q5_k, high),
                     count);
}

CK_INLINE void keep_four_q6_k(float *const terms[], const uint8_t *block, const ck_row_activations *activations,
                              size_t b, size_t left, int count) {
    vector totals[2][4];
    CK_UNROLL for (size_t i = 0; i < 4; i++)
        CK_UNROLL for (int c = 0; c < count; c++) {
            const ck_activation_super *x = (const ck_activation_super *)activations[c].blocks + b + i;
            totals[c][i] = (vector){0};
            if (i < left)
                totals[c][i] = block_q6_k(block + i * sizeof(ck_q6_k),
                                          activations[c].ordered + (b + i) * CK_SUPER_BLOCK, x);
        }
    __m128 scale = scales_of_q6_k(block, left);
    CK_UNROLL for (int c = 0; c < count; c++)
        _mm_storeu_ps(terms[c] + b, _mm_mul_ps(scale, _mm_cvtepi32_ps(sums_of(totals[c]))));
}

#define ROWS(level, name, order)                                                                                     \
    CK_INLINE void keep_##name(float *const terms[], const uint8_t *row, const ck_row_activations *x, size_t blocks, \
                               const ck_stream *stream, int count) {                                                \
        size_t b = 0;                                                                                                \
        CK_ROLLED for (; b + 4 <= blocks; b += 4, row += 4 * sizeof(ck_##name)) {                                    \
            ck_prefetch_row(row, 4 * sizeof(ck_##name), stream);                                                     \
            keep_four_##name(terms, row, x, b, 4, count);                                                            \
        }                                                                                                            \
        if (b == blocks) return;                                                                                     \
        ck_prefetch_row(row, 4 * sizeof(ck_##name), stream);                                                         \
        keep_four_##name(terms, row, x, b, blocks - b, count);                                                       \
    }                                                                                                                \
    void ck_##level##_rows_##name(const ck_product *p, size_t first, size_t end, void *scratch) {                    \
        const ck_row_shape shape = {CK_SUPER_BLOCK, sizeof(ck_##name), sizeof(ck_activation_super),                  \
                                    offsetof(ck_activation_super, scale)};                                           \
        ck_each_row(p, first, end, scratch, shape, order, keep_##name);                                              \
    }
