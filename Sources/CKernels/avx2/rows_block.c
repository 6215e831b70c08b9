// Q8_0 and Q4_0 with one or two activation rows.
#include "CKernels/level.h"
#if defined(CK_X86)
#include "matmul.h"
#include "rows.h"

#pragma STDC FP_CONTRACT OFF

CK_TARGET_AVX2_BEGIN

enum { HIGH_HALVES = 32 };
#include "../generic/rows_block.h"

CK_INLINE size_t low_halves(size_t b) {
    return b / 8 * 256 + b % 4 * 64 + b % 8 / 4 * 16;
}

// Signs move from the weights to the activations: |weight| ≤ 128 unsigned, 2 · 128 · 127 < 2^15.
CK_INLINE __m256i products_q8_0(const uint8_t *block, const uint8_t *ordered) {
    __m256i w = ck_load_32(block + offsetof(ck_q8_0, quants));
    __m256i pairs = _mm256_maddubs_epi16(_mm256_abs_epi8(w), _mm256_sign_epi8(ck_load_32(ordered), w));
    return _mm256_madd_epi16(pairs, _mm256_set1_epi16(1));
}

CK_INLINE void sum_q8_0(__m256i *sums, __m128i *scales, const uint8_t *block, const uint8_t *ordered) {
    __m256i parts[8];
    CK_UNROLL for (size_t i = 0; i < 8; i++)
        parts[i] = products_q8_0(block + i * sizeof(ck_q8_0), ordered + i * CK_BLOCK);
    __m256i low = ck_sums_of_lanes(parts), high = ck_sums_of_lanes(parts + 4);
    *sums = _mm256_add_epi32(_mm256_permute2x128_si256(low, high, 0x20), _mm256_permute2x128_si256(low, high, 0x31));
    *scales = scales_of_eight(block, sizeof(ck_q8_0));
}

// A block and the fourth behind it in the halves of a register, sums of two columns in 32 bits; `ordered`: the
// activations of their low halves, then of the high ones. Four products of nibbles fit 16 bits.
CK_INLINE __m256i products_q4_0(const uint8_t *block, const uint8_t *ordered) {
    const __m256i four = _mm256_set1_epi8(15);
    const uint8_t *quants = block + offsetof(ck_q4_0, quants);
    __m256i w = _mm256_set_m128i(ck_load_16(quants + 4 * sizeof(ck_q4_0)), ck_load_16(quants));
    __m256i low = _mm256_and_si256(w, four), high = _mm256_and_si256(_mm256_srli_epi16(w, 4), four);
    __m256i pairs = _mm256_add_epi16(_mm256_maddubs_epi16(low, ck_load_32(ordered)),
                                     _mm256_maddubs_epi16(high, ck_load_32(ordered + 32)));
    return _mm256_madd_epi16(pairs, _mm256_set1_epi16(1));
}

// Sums of 16 products of nibbles still fit 16 bits: 16 · 15 · 127 < 2^15.
CK_INLINE void sum_q4_0(__m256i *sums, __m128i *scales, const uint8_t *block, const uint8_t *ordered) {
    const __m256i one = _mm256_set1_epi16(1);
    __m256i x[4];
    CK_UNROLL for (size_t i = 0; i < 4; i++) x[i] = products_q4_0(block + i * sizeof(ck_q4_0), ordered + 64 * i);
    __m256i a = _mm256_madd_epi16(_mm256_packs_epi32(x[0], x[1]), one);
    __m256i b = _mm256_madd_epi16(_mm256_packs_epi32(x[2], x[3]), one);
    *sums = _mm256_madd_epi16(_mm256_packs_epi32(a, b), one);
    *scales = scales_of_eight(block, sizeof(ck_q4_0));
}

ROWS(avx2, q8_0, 8, false)
ROWS(avx2, q4_0, 8, true)

CK_TARGET_END
#endif
