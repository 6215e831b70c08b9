#include "CKernels/level.h"
#if defined(CK_X86)
#include <immintrin.h>
#include <string.h>
#include "../inline.h"
#include "../largest_sums.h"
#include "matmul.h"

#pragma STDC FP_CONTRACT OFF

CK_TARGET_AVX2_BEGIN

// The larger of all eight lanes.
CK_INLINE uint32_t largest_lane(__m256i x) {
    __m128i four = _mm_max_epu32(_mm256_castsi256_si128(x), _mm256_extracti128_si256(x, 1));
    four = _mm_max_epu32(four, _mm_shuffle_epi32(four, 0x4e));
    return (uint32_t)_mm_cvtsi128_si32(_mm_max_epu32(four, _mm_shuffle_epi32(four, 0xb1)));
}

// Quantises `count` values, a multiple of 32, with one scale, which it returns. The same roundings as
// scalar/quantize.c.
CK_INLINE float quantize(const float *values, int count, int8_t *quants) {
    const __m256i magnitude = _mm256_set1_epi32(0x7fffffff);
    __m256i largest = _mm256_setzero_si256();
    for (int i = 0; i < count; i += 8) {
        __m256i bits = _mm256_loadu_si256((const __m256i *)(values + i));
        largest = _mm256_max_epu32(largest, _mm256_and_si256(bits, magnitude));
    }
    uint32_t bits = largest_lane(largest);
    float size;
    memcpy(&size, &bits, sizeof size);
    if (bits >= 0x7f800000 || size < 0x1p-100f) {
        memset(quants, 0, (size_t)count);
        return bits >= 0x7f800000 ? __builtin_nanf("") : 0.0f;
    }
    const __m256 inverse = _mm256_set1_ps(127.0f / size);
    const __m256i order = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7);
    for (int i = 0; i < count; i += 32) {
        __m256i x[4];
        CK_UNROLL for (int j = 0; j < 4; j++)
            x[j] = _mm256_cvtps_epi32(_mm256_mul_ps(_mm256_loadu_ps(values + i + 8 * j), inverse));
        __m256i bytes = _mm256_packs_epi16(_mm256_packs_epi32(x[0], x[1]), _mm256_packs_epi32(x[2], x[3]));
        _mm256_storeu_si256((__m256i *)(quants + i), _mm256_permutevar8x32_epi32(bytes, order));
    }
    return size / 127.0f;
}

// The sums of the first and of the second 16 of 32 quants.
CK_INLINE void sums_of_16(const int8_t *quants, int32_t sums[2]) {
    __m256i x = _mm256_loadu_si256((const __m256i *)quants);
    __m256i pairs = _mm256_maddubs_epi16(_mm256_set1_epi8(1), x);
    __m256i fours = _mm256_madd_epi16(pairs, _mm256_set1_epi16(1));
    fours = _mm256_add_epi32(fours, _mm256_shuffle_epi32(fours, 0x4e));
    fours = _mm256_add_epi32(fours, _mm256_shuffle_epi32(fours, 0xb1));
    sums[0] = _mm_cvtsi128_si32(_mm256_castsi256_si128(fours));
    sums[1] = _mm_cvtsi128_si32(_mm256_extracti128_si256(fours, 1));
}

// The sums of the magnitudes of the first and of the second 16 of 32 quants.
CK_INLINE void magnitudes_of_16(const int8_t *quants, int32_t sums[2]) {
    __m256i x = _mm256_abs_epi8(_mm256_loadu_si256((const __m256i *)quants));
    __m256i eights = _mm256_sad_epu8(x, _mm256_setzero_si256());
    eights = _mm256_add_epi32(eights, _mm256_shuffle_epi32(eights, 0x4e));
    sums[0] = _mm_cvtsi128_si32(_mm256_castsi256_si128(eights));
    sums[1] = _mm_cvtsi128_si32(_mm256_extracti128_si256(eights, 1));
}

void ck_avx2_quantize_block(const float *values, size_t columns, void *out) {
    ck_activation_block *block = out;
    for (size_t c = 0; c < columns; c += CK_BLOCK, block++) {
        int32_t sums[2];
        block->scale = quantize(values + c, CK_BLOCK, block->quants);
        sums_of_16(block->quants, sums);
        block->minus_128_sum = -128 * (sums[0] + sums[1]);
        block->minus_8_sum = -8 * (sums[0] + sums[1]);
        block->padding = 0;
    }
}

void ck_avx2_quantize_super(const float *values, size_t columns, void *out) {
    ck_activation_super *block = out;
    for (size_t c = 0; c < columns; c += CK_SUPER_BLOCK, block++) {
        block->scale = quantize(values + c, CK_SUPER_BLOCK, block->quants);
        block->largest_16 = block->largest_32 = block->padding = 0;
        for (int j = 0; j < 8; j++) {
            int32_t sums[2], magnitudes[2];
            sums_of_16(block->quants + 32 * j, sums);
            block->minus_32_sums[2 * j] = -32 * sums[0];
            block->minus_32_sums[2 * j + 1] = -32 * sums[1];
            block->sums[j] = (int16_t)(sums[0] + sums[1]);
            magnitudes_of_16(block->quants + 32 * j, magnitudes);
            ck_note_sums(block, magnitudes[0], magnitudes[1], block->sums[j]);
        }
    }
}

CK_TARGET_END
#endif
