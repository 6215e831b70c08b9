// Q8_0 and Q4_0 with one activation row.
#include "CKernels/level.h"
#if defined(CK_X86)
#include "matmul.h"
#include "rows.h"

#pragma STDC FP_CONTRACT OFF

CK_TARGET_AVX512_BEGIN

CK_INLINE __m128i load_16(const uint8_t *bytes) {
    return _mm_loadu_si128((const __m128i *)bytes);
}

CK_INLINE __m256i load_32(const uint8_t *bytes) {
    return _mm256_loadu_si256((const __m256i *)bytes);
}

// Up to eight blocks of Q8_0, two in a register; `ordered`: 32 bytes of activations for each.
CK_INLINE void keep_eight_q8_0(int32_t *sums, const uint8_t *block, const uint8_t *ordered, size_t count) {
    const uint8_t *quants = block + offsetof(ck_q8_0, quants);
    __m512i parts[4];
    CK_UNROLL for (size_t i = 0; i < 4; i++, quants += 2 * sizeof(ck_q8_0), ordered += 64) {
        __m512i w = _mm512_setzero_si512();
        if (2 * i < count) w = _mm512_castsi256_si512(load_32(quants));
        if (2 * i + 1 < count) w = _mm512_inserti64x4(w, load_32(quants + sizeof(ck_q8_0)), 1);
        w = _mm512_xor_si512(w, _mm512_set1_epi8(-128));
        parts[i] = _mm512_dpbusd_epi32(_mm512_setzero_si512(), w, _mm512_load_si512(ordered));
    }
    __m512i lanes = ck_sums_of_lanes(parts);
    __m256i low = _mm512_castsi512_si256(lanes), high = _mm512_extracti64x4_epi64(lanes, 1);
    __m128i even = _mm_add_epi32(_mm256_castsi256_si128(low), _mm256_extracti128_si256(low, 1));
    __m128i odd = _mm_add_epi32(_mm256_castsi256_si128(high), _mm256_extracti128_si256(high, 1));
    _mm_storeu_si128((__m128i *)sums, _mm_unpacklo_epi32(even, odd));
    _mm_storeu_si128((__m128i *)(sums + 4), _mm_unpackhi_epi32(even, odd));
}

// Four blocks of Q4_0 in the lanes of a register; `ordered`: the activations of their low halves, then of the high ones.
CK_INLINE __m512i products_q4_0(const uint8_t *block, const uint8_t *ordered, size_t count) {
    const __m512i four = _mm512_set1_epi8(15);
    const uint8_t *quants = block + offsetof(ck_q4_0, quants);
    __m512i w = count > 0 ? _mm512_castsi128_si512(load_16(quants)) : _mm512_setzero_si512();
    if (count > 1) w = _mm512_inserti32x4(w, load_16(quants + sizeof(ck_q4_0)), 1);
    if (count > 2) w = _mm512_inserti32x4(w, load_16(quants + 2 * sizeof(ck_q4_0)), 2);
    if (count > 3) w = _mm512_inserti32x4(w, load_16(quants + 3 * sizeof(ck_q4_0)), 3);
    __m512i sums = _mm512_setzero_si512();
    sums = _mm512_dpbusd_epi32(sums, _mm512_and_si512(w, four), _mm512_load_si512(ordered));
    w = _mm512_and_si512(_mm512_srli_epi16(w, 4), four);
    return _mm512_dpbusd_epi32(sums, w, _mm512_load_si512(ordered + 64));
}

CK_INLINE void keep_sixteen_q4_0(int32_t *sums, const uint8_t *block, const uint8_t *ordered, size_t count) {
    __m512i parts[4];
    CK_UNROLL for (size_t i = 0; i < 4; i++) {
        size_t left = count > 4 * i ? count - 4 * i : 0;
        parts[i] = products_q4_0(block + 4 * i * sizeof(ck_q4_0), ordered + 128 * i, left);
    }
    const __m512i turned = _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
    _mm512_storeu_si512(sums, _mm512_permutexvar_epi32(turned, ck_sums_of_lanes(parts)));
}

CK_INLINE void keep_q8_0(ck_row_sums *kept, size_t r, const uint8_t *row, const uint8_t *activations,
                         const uint8_t *ordered, size_t blocks, const uint8_t *end) {
    (void)activations;
    size_t b = 0;
    for (; b + 8 <= blocks; b += 8, row += 8 * sizeof(ck_q8_0), ordered += 8 * CK_BLOCK) {
        ck_prefetch_row(row, 8 * sizeof(ck_q8_0), end);
        keep_eight_q8_0(&kept->sums[r][b], row, ordered, 8);
    }
    if (b < blocks) keep_eight_q8_0(&kept->sums[r][b], row, ordered, blocks - b);
}

CK_INLINE void keep_q4_0(ck_row_sums *kept, size_t r, const uint8_t *row, const uint8_t *activations,
                         const uint8_t *ordered, size_t blocks, const uint8_t *end) {
    (void)activations;
    size_t b = 0;
    for (; b + 16 <= blocks; b += 16, row += 16 * sizeof(ck_q4_0), ordered += 16 * CK_BLOCK) {
        ck_prefetch_row(row, 16 * sizeof(ck_q4_0), end);
        keep_sixteen_q4_0(&kept->sums[r][b], row, ordered, 16);
    }
    if (b < blocks) keep_sixteen_q4_0(&kept->sums[r][b], row, ordered, blocks - b);
}

// `offset_sum`: what takes the weights' offset away, as a field of the activation block.
CK_INLINE __m128 add_blocks(const ck_row_sums *kept, const uint8_t *const rows[CK_ROWS], const uint8_t *activations,
                            size_t blocks, __m128 results, size_t block_bytes, size_t offset_sum) {
    for (size_t b = 0; b < blocks; b += 4) {
        __m128i sums[4];
        ck_turn(&kept->sums[0][b], CK_ROWS_BLOCKS, sums);
        CK_UNROLL for (size_t i = 0; i < 4; i++, activations += sizeof(ck_activation_block)) {
            if (b + i >= blocks) break;
            int32_t offset;
            memcpy(&offset, activations + offset_sum, sizeof offset);
            __m128 sum = _mm_cvtepi32_ps(_mm_add_epi32(sums[i], _mm_set1_epi32(offset)));
            __m128 t = _mm_mul_ps(ck_halves_of(rows, (b + i) * block_bytes), sum);
            results = _mm_fmadd_ps(t, _mm_set1_ps(((const ck_activation_block *)activations)->scale), results);
        }
    }
    return results;
}

CK_INLINE __m128 add_q8_0(const ck_row_sums *kept, const uint8_t *const rows[CK_ROWS], const uint8_t *activations,
                          size_t blocks, __m128 results) {
    return add_blocks(kept, rows, activations, blocks, results, sizeof(ck_q8_0),
                      offsetof(ck_activation_block, minus_128_sum));
}

CK_INLINE __m128 add_q4_0(const ck_row_sums *kept, const uint8_t *const rows[CK_ROWS], const uint8_t *activations,
                          size_t blocks, __m128 results) {
    return add_blocks(kept, rows, activations, blocks, results, sizeof(ck_q4_0),
                      offsetof(ck_activation_block, minus_8_sum));
}

CK_INLINE void order_q8_0(const uint8_t *activations, size_t blocks, uint8_t *ordered) {
    const ck_activation_block *x = (const ck_activation_block *)activations;
    for (size_t b = 0; b < blocks; b++) memcpy(ordered + b * CK_BLOCK, x[b].quants, CK_BLOCK);
}

CK_INLINE void order_q4_0(const uint8_t *activations, size_t blocks, uint8_t *ordered) {
    const ck_activation_block *x = (const ck_activation_block *)activations;
    for (size_t b = 0; b < blocks; b++) {
        uint8_t *to = ordered + b / 4 * 128 + b % 4 * 16;
        memcpy(to, x[b].quants, 16);
        memcpy(to + 64, x[b].quants + 16, 16);
    }
}

#define ROWS(name)                                                                                                   \
    void ck_avx512_rows_##name(const ck_product *p, size_t first, size_t end, void *scratch) {                       \
        ck_each_row(p, first, end, scratch, CK_BLOCK, sizeof(ck_##name), sizeof(ck_activation_block), order_##name,  \
                    keep_##name, add_##name);                                                                        \
    }

ROWS(q8_0)
ROWS(q4_0)

CK_TARGET_END
#endif
