// Q8_0 and Q4_0 with one or two activation rows.
#include "CKernels/level.h"
#if defined(CK_X86)
#include "matmul.h"
#include "rows.h"

#pragma STDC FP_CONTRACT OFF

CK_TARGET_AVX512_BEGIN

enum { HIGH_HALVES = 64 };
#include "../generic/rows_block.h"

CK_INLINE size_t low_halves(size_t b) {
    return b / 4 * 128 + b % 4 * 16;
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

// The 16-bit words, of the 36 that four blocks of Q4_0 have, with their quants: block after block. From 32 on they are
// those of a second register, four words behind the first.
static const int16_t q4_0_quants[32] = {1,  2,  3,  4,  5,  6,  7,  8,  10, 11, 12, 13, 14, 15, 16, 17,
                                        19, 20, 21, 22, 23, 24, 25, 26, 28, 29, 30, 31, 60, 61, 62, 63};
// The words with the scales of eight blocks, in the first registers of four each.
static const int16_t q4_0_scales[32] = {0, 9, 18, 27, 32, 41, 50, 59};

// Sixteen blocks of Q4_0, four in a register: `ordered` has the activations of their low halves, then of the high ones.
CK_INLINE void sum_q4_0(__m256i *sums, __m128i *scales, const uint8_t *block, const uint8_t *ordered) {
    const __m512i four = _mm512_set1_epi8(15), words = _mm512_loadu_si512(q4_0_quants);
    const __m512i scale_words = _mm512_loadu_si512(q4_0_scales);
    __m512i first[4], parts[4];
    CK_UNROLL for (size_t i = 0; i < 4; i++, block += 4 * sizeof(ck_q4_0), ordered += 128) {
        first[i] = _mm512_loadu_si512(block);
        __m512i w = _mm512_permutex2var_epi16(first[i], words, _mm512_loadu_si512(block + 8));
        __m512i x = _mm512_setzero_si512();
        x = _mm512_dpbusd_epi32(x, _mm512_and_si512(w, four), _mm512_load_si512(ordered));
        w = _mm512_and_si512(_mm512_srli_epi16(w, 4), four);
        parts[i] = _mm512_dpbusd_epi32(x, w, _mm512_load_si512(ordered + 64));
    }
    const __m512i turned = _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
    __m512i x = _mm512_permutexvar_epi32(turned, ck_sums_of_lanes(parts));
    sums[0] = _mm512_castsi512_si256(x);
    sums[1] = _mm512_extracti64x4_epi64(x, 1);
    CK_UNROLL for (size_t i = 0; i < 2; i++)
        scales[i] = _mm512_castsi512_si128(_mm512_permutex2var_epi16(first[2 * i], scale_words, first[2 * i + 1]));
}

KEEP(q8_0, 8, true)
ROWS(avx512, q8_0)
KEEP(q4_0, 16, true)
ROWS(avx512, q4_0)

CK_TARGET_END
#endif
