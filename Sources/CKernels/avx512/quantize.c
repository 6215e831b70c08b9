#include "CKernels/level.h"
#if defined(CK_X86)
#include <immintrin.h>
#include <string.h>
#include "../inline.h"
#include "lanes.h"
#include "matmul.h"

#pragma STDC FP_CONTRACT OFF

CK_TARGET_AVX512_BEGIN

// What values are multiplied with before they are rounded, and which are: none where the largest is too small or one is
// not finite.
typedef struct {
    float scale;
    __m512 inverse;
    __mmask16 used;
} ck_rounding;

// For 16 · `vectors` values together. The same roundings as scalar/quantize.c.
CK_INLINE ck_rounding rounding_of(const float *values, int vectors) {
    const __m512i magnitude = _mm512_set1_epi32(0x7fffffff);
    __m512i largest[2] = {_mm512_setzero_si512(), _mm512_setzero_si512()};
    CK_UNROLL for (int i = 0; i < vectors; i++) {
        __m512i bits = _mm512_castps_si512(_mm512_loadu_ps(values + 16 * i));
        largest[i % 2] = _mm512_max_epu32(largest[i % 2], _mm512_and_si512(bits, magnitude));
    }
    uint32_t bits = _mm512_reduce_max_epu32(_mm512_max_epu32(largest[0], largest[1]));
    float size;
    memcpy(&size, &bits, sizeof size);
    if (bits >= 0x7f800000 || size < 0x1p-100f)
        return (ck_rounding){.scale = bits >= 0x7f800000 ? __builtin_nanf("") : 0.0f};
    return (ck_rounding){.scale = size / 127.0f, .inverse = _mm512_set1_ps(127.0f / size), .used = 0xffff};
}

CK_INLINE __m512i rounded(const ck_rounding *r, const float *values) {
    return _mm512_maskz_cvtps_epi32(r->used, _mm512_mul_ps(_mm512_loadu_ps(values), r->inverse));
}

// Four vectors of quants as bytes: a lane has four of each.
CK_INLINE __m512i packed_quants(const __m512i r[4]) {
    return _mm512_packs_epi16(_mm512_packs_epi32(r[0], r[1]), _mm512_packs_epi32(r[2], r[3]));
}

static void quantize_one_block(const float *values, ck_activation_block *block) {
    const ck_rounding rounding = rounding_of(values, 2);
    block->scale = rounding.scale;
    __m256i quants = _mm256_set_m128i(_mm512_cvtepi32_epi8(rounded(&rounding, values + 16)),
                                      _mm512_cvtepi32_epi8(rounded(&rounding, values)));
    _mm256_storeu_si256((__m256i *)block->quants, quants);
    __m256i fours = _mm256_dpbusd_epi32(_mm256_setzero_si256(), _mm256_set1_epi8(1), quants);
    __m128i sum = _mm_add_epi32(_mm256_castsi256_si128(fours), _mm256_extracti128_si256(fours, 1));
    sum = _mm_add_epi32(sum, _mm_shuffle_epi32(sum, 0x4e));
    sum = _mm_add_epi32(sum, _mm_shuffle_epi32(sum, 0xb1));
    int32_t total = _mm_cvtsi128_si32(sum);
    block->minus_128_sum = -128 * total;
    block->minus_8_sum = -8 * total;
    block->padding = 0;
}

// Halves of a and b, of largest numbers, onto one another: in 128-bit lanes, first those of a, then those of b.
#define LARGER_LANES(a, b, first, second) \
    _mm512_max_epu32(_mm512_shuffle_i32x4(a, b, first), _mm512_shuffle_i32x4(a, b, second))

// Four blocks at once: lane i of 128 bits is about block i. False if that is not possible, because one's scale is not
// like the others'.
CK_INLINE bool quantize_four_blocks(const float *values, ck_activation_block *blocks) {
    const __m512i magnitude = _mm512_set1_epi32(0x7fffffff);
    __m512 v[8];
    __m512i largest[4];
    CK_UNROLL for (int i = 0; i < 8; i++) v[i] = _mm512_loadu_ps(values + 16 * i);
    CK_UNROLL for (int b = 0; b < 4; b++) {
        largest[b] = _mm512_max_epu32(_mm512_and_si512(_mm512_castps_si512(v[2 * b]), magnitude),
                                      _mm512_and_si512(_mm512_castps_si512(v[2 * b + 1]), magnitude));
    }
    __m512i front = LARGER_LANES(largest[0], largest[1], 0x44, 0xee);
    __m512i back = LARGER_LANES(largest[2], largest[3], 0x44, 0xee);
    __m512i bits = LARGER_LANES(front, back, 0x88, 0xdd);
    bits = _mm512_max_epu32(bits, _mm512_shuffle_epi32(bits, _MM_PERM_BADC));
    bits = _mm512_max_epu32(bits, _mm512_shuffle_epi32(bits, _MM_PERM_CDAB));
    // Too small wraps around to the largest numbers.
    const __m512i smallest = _mm512_castps_si512(_mm512_set1_ps(0x1p-100f));
    const __m512i range = _mm512_sub_epi32(_mm512_set1_epi32(0x7f800000), smallest);
    if (_mm512_cmpge_epu32_mask(_mm512_sub_epi32(bits, smallest), range)) return false;
    __m512 sizes = _mm512_castsi512_ps(bits), inverses = _mm512_div_ps(_mm512_set1_ps(127), sizes);
    __m128 scales = _mm_div_ps(_mm512_castps512_ps128(_mm512_maskz_compress_ps(0x1111, sizes)), _mm_set1_ps(127));
    __m512i r[8], fours[2];
    const __m512 of_block[4] = {
        _mm512_shuffle_f32x4(inverses, inverses, 0x00), _mm512_shuffle_f32x4(inverses, inverses, 0x55),
        _mm512_shuffle_f32x4(inverses, inverses, 0xaa), _mm512_shuffle_f32x4(inverses, inverses, 0xff)};
    CK_UNROLL for (int i = 0; i < 8; i++) r[i] = _mm512_cvtps_epi32(_mm512_mul_ps(v[i], of_block[i / 2]));
    CK_UNROLL for (int p = 0; p < 2; p++) {
        __m512i quants = packed_quants(r + 4 * p);
        fours[p] = _mm512_dpbusd_epi32(_mm512_setzero_si512(), _mm512_set1_epi8(1), quants);
        quants = ck_turn_lanes(quants);
        _mm256_storeu_si256((__m256i *)blocks[2 * p].quants, _mm512_castsi512_si256(quants));
        _mm256_storeu_si256((__m256i *)blocks[2 * p + 1].quants, _mm512_extracti64x4_epi64(quants, 1));
    }
    __m512 f = _mm512_castsi512_ps(fours[0]), g = _mm512_castsi512_ps(fours[1]);
    __m512i sums = _mm512_add_epi32(_mm512_castps_si512(_mm512_shuffle_ps(f, g, 0x88)),
                                    _mm512_castps_si512(_mm512_shuffle_ps(f, g, 0xdd)));
    __m256i halves = _mm256_add_epi32(_mm512_castsi512_si256(sums), _mm512_extracti64x4_epi64(sums, 1));
    __m128i total = _mm_add_epi32(_mm256_castsi256_si128(halves), _mm256_extracti128_si256(halves, 1));
    __m128i minus = _mm_sub_epi32(_mm_setzero_si128(), total);
    // What follows a block's quants: its scale, two multiples of its sum, nothing.
    __m128i scale = _mm_castps_si128(scales), by_128 = _mm_slli_epi32(minus, 7), by_8 = _mm_slli_epi32(minus, 3);
    __m128i low = _mm_unpacklo_epi32(scale, by_128), high = _mm_unpackhi_epi32(scale, by_128);
    __m128i none = _mm_setzero_si128(), low_8 = _mm_unpacklo_epi32(by_8, none), high_8 = _mm_unpackhi_epi32(by_8, none);
    _mm_storeu_si128((__m128i *)&blocks[0].scale, _mm_unpacklo_epi64(low, low_8));
    _mm_storeu_si128((__m128i *)&blocks[1].scale, _mm_unpackhi_epi64(low, low_8));
    _mm_storeu_si128((__m128i *)&blocks[2].scale, _mm_unpacklo_epi64(high, high_8));
    _mm_storeu_si128((__m128i *)&blocks[3].scale, _mm_unpackhi_epi64(high, high_8));
    return true;
}

void ck_avx512_quantize_block(const float *values, size_t columns, void *out) {
    ck_activation_block *block = out;
    size_t c = 0;
    for (; c + 4 * CK_BLOCK <= columns; c += 4 * CK_BLOCK, block += 4) {
        if (quantize_four_blocks(values + c, block)) continue;
        for (int i = 0; i < 4; i++) quantize_one_block(values + c + CK_BLOCK * i, block + i);
    }
    for (; c < columns; c += CK_BLOCK, block++) quantize_one_block(values + c, block);
}

// What weights' offsets and minima need of a block's quants, 64 to a register, and what its sums may reach.
CK_INLINE void describe(const __m512i quants[4], ck_activation_super *block) {
    __m512i fours[4], magnitudes[4];
    CK_UNROLL for (int i = 0; i < 4; i++) {
        fours[i] = _mm512_dpbusd_epi32(_mm512_setzero_si512(), _mm512_set1_epi8(1), quants[i]);
        magnitudes[i] = _mm512_dpbusd_epi32(_mm512_setzero_si512(), _mm512_abs_epi8(quants[i]), _mm512_set1_epi8(1));
    }
    __m512i sums = ck_turn_lanes(ck_sums_of_lanes(fours)), largest_16 = ck_turn_lanes(ck_sums_of_lanes(magnitudes));
    _mm512_storeu_si512(block->minus_32_sums, _mm512_sub_epi32(_mm512_setzero_si512(), _mm512_slli_epi32(sums, 5)));
    sums = _mm512_add_epi32(sums, _mm512_shuffle_epi32(sums, _MM_PERM_CDAB));
    _mm_storeu_si128((__m128i *)block->sums, _mm512_cvtepi64_epi16(sums));
    // With the sum's magnitude, twice the larger sign's.
    __m512i largest_32 = _mm512_add_epi32(largest_16, _mm512_shuffle_epi32(largest_16, _MM_PERM_CDAB));
    largest_32 = _mm512_srli_epi32(_mm512_add_epi32(largest_32, _mm512_abs_epi32(sums)), 1);
    // Both maxima in one tree.
    __m512i largest = _mm512_max_epi32(_mm512_unpacklo_epi32(largest_16, largest_32),
                                       _mm512_unpackhi_epi32(largest_16, largest_32));
    __m256i halves = _mm256_max_epi32(_mm512_castsi512_si256(largest), _mm512_extracti64x4_epi64(largest, 1));
    __m128i most = _mm_max_epi32(_mm256_castsi256_si128(halves), _mm256_extracti128_si256(halves, 1));
    most = _mm_max_epi32(most, _mm_shuffle_epi32(most, 0x4e));
    _mm_storel_epi64((__m128i *)&block->largest_16, most);  // and what follows it, `largest_32`
    block->padding = 0;
}

void ck_avx512_quantize_super(const float *values, size_t columns, void *out) {
    ck_activation_super *block = out;
    for (size_t c = 0; c < columns; c += CK_SUPER_BLOCK, block++) {
        const ck_rounding rounding = rounding_of(values + c, 16);
        __m512i quants[4];
        block->scale = rounding.scale;
        CK_UNROLL for (int i = 0; i < 4; i++) {
            __m512i r[4];
            CK_UNROLL for (int k = 0; k < 4; k++) r[k] = rounded(&rounding, values + c + 64 * i + 16 * k);
            quants[i] = ck_turn_lanes(packed_quants(r));
            _mm512_storeu_si512(block->quants + 64 * i, quants[i]);
        }
        describe(quants, block);
    }
}

CK_TARGET_END
#endif
