// Q4_K, Q5_K and Q6_K with one or two activation rows.
#include "CKernels/level.h"
#if defined(CK_X86)
#include "matmul.h"
#include "rows.h"

#pragma STDC FP_CONTRACT OFF

CK_TARGET_AVX2_BEGIN

typedef __m256i vector;
typedef struct {
    uint32_t halves[2][2][4];  // of scales 0 to 3, then 4 to 7, of both blocks: every scale twice, as 16-bit numbers
} scales;                      // in memory, where spreading one over a register is free
#include "../generic/rows_super.h"

// total += Σ quants · activations · scale of 32 columns. A pair's sum fits 16 bits: 2 · 63 · 127.
CK_INLINE __m256i add_products(__m256i total, __m256i quants, const void *activations, __m256i scale) {
    __m256i pairs = _mm256_maddubs_epi16(quants, _mm256_loadu_si256(activations));
    return _mm256_add_epi32(total, _mm256_madd_epi16(pairs, scale));
}

CK_INLINE void spread_scales(__m256i unpacked, scales *out) {
    __m256i words = _mm256_unpacklo_epi8(unpacked, _mm256_setzero_si256());
    _mm256_storeu_si256((__m256i *)out->halves[0], _mm256_unpacklo_epi16(words, words));
    _mm256_storeu_si256((__m256i *)out->halves[1], _mm256_unpackhi_epi16(words, words));
    __asm__("" : "+m"(*out));  // else the compiler spreads them in registers
}

CK_INLINE vector block_with_minima(const scales *s, int i, const uint8_t *quants, const uint8_t *fifth,
                                   const uint8_t *ordered, const ck_activation_super *x) {
    (void)ordered;
    const __m256i four = _mm256_set1_epi8(15), sixteen = _mm256_set1_epi8(16);
    __m256i total = _mm256_setzero_si256();
    __m256i bits = fifth ? _mm256_loadu_si256((const __m256i *)fifth) : _mm256_setzero_si256();
    CK_UNROLL for (int j = 0; j < 8; j++) {
        __m256i q = _mm256_loadu_si256((const __m256i *)(quants + 32 * (j / 2)));
        q = _mm256_and_si256(j % 2 ? _mm256_srli_epi16(q, 4) : q, four);
        if (fifth) {
            // Bit j of a byte belongs to sub-block j.
            __m256i bit = j < 4 ? _mm256_slli_epi16(bits, 4 - j) : _mm256_srli_epi16(bits, j - 4);
            q = _mm256_or_si256(q, _mm256_and_si256(bit, sixteen));
        }
        __m256i scale = _mm256_set1_epi32((int32_t)s->halves[j / 4][i][j % 4]);
        total = add_products(total, q, x->quants + 32 * j, scale);
    }
    return total;
}

CK_INLINE __m128i even_odd(__m128i bytes) {
    return _mm_shuffle_epi8(bytes, _mm_setr_epi8(0, 2, 4, 6, 8, 10, 12, 14, 1, 3, 5, 7, 9, 11, 13, 15));
}

// `ordered`: the sums of sixteen activations each, negative, in the order of the scales.
CK_INLINE vector block_q6_k(const uint8_t *block, const uint8_t *ordered, const ck_activation_super *x) {
    const __m256i four = _mm256_set1_epi8(15), top = _mm256_set1_epi8(48);
    // A register of 32 columns has two scales, one for each half: the even ones lie in the lower half, the odd ones in
    // the upper.
    __m256i scales = _mm256_cvtepi8_epi16(even_odd(ck_load_16(block + offsetof(ck_q6_k, scales))));
    __m256i total = _mm256_slli_epi32(_mm256_madd_epi16(scales, ck_load_32(ordered)), 5);
    CK_UNROLL for (int half = 0; half < 2; half++) {
        const __m256i *low = (const __m256i *)(block + offsetof(ck_q6_k, low) + 64 * half);
        __m256i high = _mm256_loadu_si256((const __m256i *)(block + offsetof(ck_q6_k, high) + 32 * half));
        CK_UNROLL for (int j = 0; j < 4; j++) {
            __m256i q = _mm256_loadu_si256(low + j % 2);
            q = _mm256_and_si256(j < 2 ? q : _mm256_srli_epi16(q, 4), four);
            __m256i bits = j < 2 ? _mm256_slli_epi16(high, 4 - 2 * j) : _mm256_srli_epi16(high, 2 * j - 4);
            q = _mm256_or_si256(q, _mm256_and_si256(bits, top));
            const int k = 4 * half + j;
            __m256i scale = _mm256_shuffle_epi8(scales, _mm256_set1_epi16((int16_t)((2 * k + 1) << 8 | 2 * k)));
            total = add_products(total, q, x->quants + 32 * k, scale);
        }
    }
    return total;
}

CK_INLINE __m128i sums_of(const vector totals[4]) {
    __m256i lanes = ck_sums_of_lanes(totals);
    return _mm_add_epi32(_mm256_castsi256_si128(lanes), _mm256_extracti128_si256(lanes, 1));
}

CK_INLINE void order_q6_k(const uint8_t *activations, size_t blocks, uint8_t *ordered) {
    const ck_activation_super *x = (const ck_activation_super *)activations;
    for (size_t b = 0; b < blocks; b++, ordered += CK_SUPER_BLOCK)
        CK_UNROLL for (size_t j = 0; j < 16; j++) {
            int16_t sum = (int16_t)(x[b].minus_32_sums[j] / 32);
            memcpy(ordered + j % 2 * 16 + j / 2 * 2, &sum, sizeof sum);
        }
}

ROWS(avx2, q4_k, NULL)
ROWS(avx2, q5_k, NULL)
ROWS(avx2, q6_k, order_q6_k)

CK_TARGET_END
#endif
