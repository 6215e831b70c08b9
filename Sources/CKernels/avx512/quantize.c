#include "CKernels/level.h"
#if defined(CK_X86)
#include <immintrin.h>
#include <string.h>
#include "../inline.h"
#include "matmul.h"

#pragma STDC FP_CONTRACT OFF

CK_TARGET_AVX512_BEGIN

// Quantises 16 · `vectors` values with one scale, which it returns. The same roundings as scalar/quantize.c.
static inline __attribute__((always_inline)) float quantize(const float *values, int vectors, int8_t *quants) {
    const __m512i magnitude = _mm512_set1_epi32(0x7fffffff);
    __m512i largest = _mm512_setzero_si512();
    CK_UNROLL for (int i = 0; i < vectors; i++) {
        __m512i bits = _mm512_castps_si512(_mm512_loadu_ps(values + 16 * i));
        largest = _mm512_max_epu32(largest, _mm512_and_si512(bits, magnitude));
    }
    uint32_t bits = _mm512_reduce_max_epu32(largest);
    float size;
    memcpy(&size, &bits, sizeof size);
    if (bits >= 0x7f800000 || size < 0x1p-100f) {
        memset(quants, 0, 16 * (size_t)vectors);
        return bits >= 0x7f800000 ? __builtin_nanf("") : 0.0f;
    }
    __m512 inverse = _mm512_set1_ps(127.0f / size);
    CK_UNROLL for (int i = 0; i < vectors; i++) {
        __m512i rounded = _mm512_cvtps_epi32(_mm512_mul_ps(_mm512_loadu_ps(values + 16 * i), inverse));
        _mm_storeu_si128((__m128i *)(quants + 16 * i), _mm512_cvtepi32_epi8(rounded));
    }
    return size / 127.0f;
}

void ck_avx512_quantize_block(const float *values, size_t columns, void *out) {
    ck_activation_block *block = out;
    for (size_t c = 0; c < columns; c += CK_BLOCK, block++) {
        block->scale = quantize(values + c, 2, block->quants);
        __m256i quants = _mm256_loadu_si256((const __m256i *)block->quants);
        __m256i fours = _mm256_dpbusd_epi32(_mm256_setzero_si256(), _mm256_set1_epi8(1), quants);
        __m128i sum = _mm_add_epi32(_mm256_castsi256_si128(fours), _mm256_extracti128_si256(fours, 1));
        sum = _mm_add_epi32(sum, _mm_shuffle_epi32(sum, 0x4e));
        sum = _mm_add_epi32(sum, _mm_shuffle_epi32(sum, 0xb1));
        int32_t total = _mm_cvtsi128_si32(sum);
        block->minus_128_sum = -128 * total;
        block->minus_8_sum = -8 * total;
        block->padding = 0;
    }
}

void ck_avx512_quantize_super(const float *values, size_t columns, void *out) {
    ck_activation_super *block = out;
    for (size_t c = 0; c < columns; c += CK_SUPER_BLOCK, block++) {
        block->scale = quantize(values + c, 16, block->quants);
        __m512i largest_16 = _mm512_setzero_si512(), largest_32 = largest_16;
        CK_UNROLL for (int i = 0; i < 4; i++) {
            __m512i quants = _mm512_loadu_si512(block->quants + 64 * i);
            __m512i sums = _mm512_dpbusd_epi32(_mm512_setzero_si512(), _mm512_set1_epi8(1), quants);
            sums = _mm512_add_epi32(sums, _mm512_shuffle_epi32(sums, _MM_PERM_BADC));
            sums = _mm512_add_epi32(sums, _mm512_shuffle_epi32(sums, _MM_PERM_CDAB));
            // Now every 128-bit lane holds the sum of its 16 quants.
            __m128i of16 = _mm512_castsi512_si128(_mm512_maskz_compress_epi32(0x1111, sums));
            __m128i minus = _mm_sub_epi32(_mm_setzero_si128(), _mm_slli_epi32(of16, 5));
            _mm_storeu_si128((__m128i *)(block->minus_32_sums + 4 * i), minus);
            __m128i of32 = _mm_hadd_epi32(of16, of16);
            block->sums[2 * i] = (int16_t)_mm_cvtsi128_si32(of32);
            block->sums[2 * i + 1] = (int16_t)_mm_extract_epi32(of32, 1);
            // Of 8 quants, of 16, and of the 32 in two lanes: with the sum's magnitude, twice the larger sign's.
            __m512i magnitudes = _mm512_sad_epu8(_mm512_abs_epi8(quants), _mm512_setzero_si512());
            magnitudes = _mm512_add_epi32(magnitudes, _mm512_shuffle_epi32(magnitudes, _MM_PERM_BADC));
            largest_16 = _mm512_max_epi32(largest_16, magnitudes);
            magnitudes = _mm512_add_epi32(magnitudes, _mm512_shuffle_i64x2(magnitudes, magnitudes, 0xb1));
            sums = _mm512_abs_epi32(_mm512_add_epi32(sums, _mm512_shuffle_i64x2(sums, sums, 0xb1)));
            largest_32 = _mm512_max_epi32(largest_32, _mm512_srli_epi32(_mm512_add_epi32(magnitudes, sums), 1));
        }
        block->largest_16 = _mm512_reduce_max_epi32(largest_16);
        block->largest_32 = _mm512_reduce_max_epi32(largest_32);
        block->padding = 0;
    }
}

CK_TARGET_END
#endif
