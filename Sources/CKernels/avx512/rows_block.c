// Q8_0 and Q4_0 with one or two activation rows.
#include "CKernels/level.h"
#if defined(CK_X86)
#include "matmul.h"
#include "rows.h"
#include "super.h"

#pragma STDC FP_CONTRACT OFF

CK_TARGET_AVX512_BEGIN

enum { HIGH_HALVES = 64 };
#include "../generic/rows_block.h"

CK_INLINE size_t low_halves(size_t b) {
    return b / 4 * 128 + b % 4 * 16;
}

CK_INLINE size_t place_of_offset(size_t b) {
    return b / 16 * 16 + b % 4 * 4 + b % 16 / 4;
}

// Eight blocks of Q8_0, two in a register.
CK_INLINE void sum_q8_0(__m256i *sums, __m128i *scales, const uint8_t *block, const uint8_t *ordered) {
    const uint8_t *quants = block + offsetof(ck_q8_0, quants);
    __m512i parts[4];
    CK_UNROLL for (size_t i = 0; i < 4; i++, quants += 2 * sizeof(ck_q8_0), ordered += 64) {
        __m512i w = _mm512_castsi256_si512(ck_load_32(quants));
        w = _mm512_inserti64x4(w, ck_load_32(quants + sizeof(ck_q8_0)), 1);
        w = _mm512_xor_si512(w, _mm512_set1_epi8(-128));
        parts[i] = _mm512_dpbusd_epi32(_mm512_setzero_si512(), w, _mm512_load_si512(ordered));
    }
    __m512i lanes = ck_sums_of_lanes(parts);
    // A block fills two lanes: half of the sums of 0 2 4 6, the other half; then of 1 3 5 7.
    const __m256i turned = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7);
    __m256i low = _mm512_castsi512_si256(lanes), high = _mm512_extracti64x4_epi64(lanes, 1);
    low = _mm256_add_epi32(_mm256_permute2x128_si256(low, high, 0x20), _mm256_permute2x128_si256(low, high, 0x31));
    *sums = _mm256_permutevar8x32_epi32(low, turned);
    *scales = scales_of_eight(block, sizeof(ck_q8_0));
}

// Where the words of four blocks of Q4_0 that are quants lie behind the first of them, which is their scale's.
static const int16_t q4_0_quants[32] = {1,  2,  3,  4,  5,  6,  7,  8,  10, 11, 12, 13, 14, 15, 16, 17,
                                        19, 20, 21, 22, 23, 24, 25, 26, 28, 29, 30, 31, 32, 33, 34, 35};
// Where those of eight blocks that are scales lie behind the first.
static const int16_t q4_0_scales[32] = {0, 9, 18, 27, 36, 45, 54, 63};

// Sixteen blocks of Q4_0 are four registers and a half: 144 words. Four blocks are 36, so four of them begin four words
// later in their register than the four before did in theirs.
//
// Sums of four lows and four highs fit 16 bits, as do those of two such: 16 · 15 · 127 < 2^15.
CK_INLINE void keep_step_q4_0(float *const terms[], const uint8_t *block, const ck_row_activations *x, size_t b,
                              int count) {
    const __m512i four = _mm512_set1_epi8(15), one = _mm512_set1_epi16(1), words = _mm512_loadu_si512(q4_0_quants);
    const __m512i scale_words = _mm512_loadu_si512(q4_0_scales);
    __m512i w[5], low[4], high[4];
    CK_UNROLL for (int i = 0; i < 4; i++) w[i] = _mm512_loadu_si512(block + 64 * i);
    w[4] = _mm512_zextsi256_si512(ck_load_32(block + 256));
    CK_UNROLL for (int i = 0; i < 4; i++) {
        const __m512i index = _mm512_add_epi16(words, _mm512_set1_epi16((int16_t)(4 * i)));
        const __m512i quants = _mm512_permutex2var_epi16(w[i], index, w[i + 1]);
        low[i] = _mm512_and_si512(quants, four);
        high[i] = _mm512_and_si512(_mm512_srli_epi16(quants, 4), four);
    }
    // The last eight scales begin eight words into the third register; the last of them is the fifth's, in its place.
    const __m512i last_words = _mm512_add_epi16(scale_words, _mm512_set1_epi16(8));
    __m128i first = _mm512_castsi512_si128(_mm512_permutex2var_epi16(w[0], scale_words, w[1]));
    __m128i last = _mm512_castsi512_si128(_mm512_permutex2var_epi16(w[2], last_words, w[3]));
    last = _mm_blend_epi16(last, _mm512_castsi512_si128(w[4]), 0x80);
    const __m512 scale = _mm512_cvtph_ps(_mm256_set_m128i(last, first));
    CK_UNROLL for (int c = 0; c < count; c++) {
        const uint8_t *a = x[c].ordered + b * CK_BLOCK;
        __m512i parts[4];
        CK_UNROLL for (int i = 0; i < 4; i++) {
            parts[i] = _mm512_dpbusd_epi32(_mm512_setzero_si512(), low[i], _mm512_load_si512(a + 128 * i));
            parts[i] = _mm512_dpbusd_epi32(parts[i], high[i], _mm512_load_si512(a + 128 * i + 64));
        }
        __m512i pairs[2];
        CK_UNROLL for (int i = 0; i < 2; i++)
            pairs[i] = _mm512_madd_epi16(_mm512_packs_epi32(parts[2 * i], parts[2 * i + 1]), one);
        // In lane i the sums of blocks i, 4 + i, 8 + i and 12 + i, and the offsets as well.
        const __m512i offsets = _mm512_load_si512(x[c].ordered + OFFSETS + sizeof(int32_t) * b);
        __m512i sums = ck_add_pairs(offsets, _mm512_packs_epi32(pairs[0], pairs[1]), one);
        sums = ck_turn_lanes(sums);
        _mm512_storeu_ps(terms[c] + b, _mm512_mul_ps(scale, _mm512_cvtepi32_ps(sums)));
    }
}

KEEP_EIGHT(q8_0, true)
KEEP(q8_0, 8)
ROWS(avx512, q8_0)
KEEP(q4_0, 16)
ROWS(avx512, q4_0)

CK_TARGET_END
#endif
