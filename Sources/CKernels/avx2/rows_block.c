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

CK_INLINE size_t place_of_offset(size_t b) {
    return b;
}

// Signs move from the weights to the activations: |weight| ≤ 128 unsigned, 2 · 128 · 127 < 2^15.
CK_INLINE __m256i products_q8_0(const uint8_t *block, const uint8_t *ordered) {
    __m256i w = ck_load_32(block + offsetof(ck_q8_0, quants));
    __m256i pairs = _mm256_maddubs_epi16(_mm256_abs_epi8(w), _mm256_sign_epi8(ck_load_32(ordered), w));
    return _mm256_madd_epi16(pairs, _mm256_set1_epi16(1));
}

// The upper lane of each added to its lower one: sums of four blocks and of four more.
CK_INLINE __m256i sums_of_both(__m256i low, __m256i high) {
    return _mm256_add_epi32(_mm256_permute2x128_si256(low, high, 0x20), _mm256_permute2x128_si256(low, high, 0x31));
}

CK_INLINE void sum_q8_0(__m256i *sums, __m128i *scales, const uint8_t *block, const uint8_t *ordered) {
    __m256i parts[8];
    CK_UNROLL for (size_t i = 0; i < 8; i++)
        parts[i] = products_q8_0(block + i * sizeof(ck_q8_0), ordered + i * CK_BLOCK);
    *sums = sums_of_both(ck_sums_of_lanes(parts), ck_sums_of_lanes(parts + 4));
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

KEEP_EIGHT(q8_0, false)
KEEP_FROM(q8_0, 8)

// Four blocks' products, begun before what stands behind them.
CK_INLINE void begin_four_q8_0(__m256i parts[4], const uint8_t *block, const uint8_t *ordered) {
    CK_UNROLL for (size_t i = 0; i < 4; i++)
        parts[i] = products_q8_0(block + i * sizeof(ck_q8_0), ordered + i * CK_BLOCK);
    CK_UNROLL for (size_t i = 0; i < 4; i++) __asm__ volatile("" : "+x"(parts[i]));
}

// From the lanes' sums of eight blocks.
CK_INLINE void finish_eight_q8_0(float *terms, __m256i low, __m256i high, const uint8_t *block) {
    __m256 scale = _mm256_cvtph_ps(scales_of_eight(block, sizeof(ck_q8_0)));
    _mm256_storeu_ps(terms, _mm256_mul_ps(scale, _mm256_cvtepi32_ps(sums_of_both(low, high))));
}

// With one activation row, sums of four blocks are added up while the next four are multiplied: one after the other,
// most of what the processor looks ahead at would wait.
CK_INLINE void keep_q8_0(float *const terms[], const uint8_t *row, const ck_row_activations *x, size_t blocks,
                         const ck_stream *stream, int count) {
    const size_t bytes = sizeof(ck_q8_0), whole = count == 1 ? blocks / 8 * 8 : 0;
    __m256i even[4], odd[4], low = _mm256_setzero_si256();
    CK_ROLLED for (size_t b = 0; b < whole; b += 8, row += 8 * bytes) {
        ck_prefetch_row(row, 8 * bytes, stream);
        begin_four_q8_0(even, row, x[0].ordered + b * CK_BLOCK);
        if (b) finish_eight_q8_0(terms[0] + b - 8, low, ck_sums_of_lanes(odd), row - 8 * bytes);
        begin_four_q8_0(odd, row + 4 * bytes, x[0].ordered + (b + 4) * CK_BLOCK);
        low = ck_sums_of_lanes(even);
        __asm__ volatile("" : "+x"(low));
    }
    if (whole) finish_eight_q8_0(terms[0] + whole - 8, low, ck_sums_of_lanes(odd), row - 8 * bytes);
    keep_from_q8_0(terms, row - whole * bytes, x, whole, blocks, stream, count);
}

ROWS(avx2, q8_0)
KEEP_EIGHT(q4_0, true)
KEEP(q4_0, 8)
ROWS(avx2, q4_0)

CK_TARGET_END
#endif
