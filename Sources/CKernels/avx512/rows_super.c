// Q4_K, Q5_K and Q6_K with one or two activation rows.
#include "CKernels/level.h"
#if defined(CK_X86)
#include "matmul.h"
#include "rows.h"
#include "super.h"

#pragma STDC FP_CONTRACT OFF

CK_TARGET_AVX512_BEGIN

typedef __m512i vector;
typedef __m256i scales;
#include "../generic/rows_super.h"

// `low` in the lower 256 bits, `high` in the upper.
CK_INLINE __m512i halves(__m256i low, __m256i high) {
    return _mm512_inserti64x4(_mm512_castsi256_si512(low), high, 1);
}

CK_INLINE __m512i shifts(int low, int high) {
    return halves(_mm256_set1_epi64x(low), _mm256_set1_epi64x(high));
}

CK_INLINE __m512i twice(const uint8_t *bytes) {
    return _mm512_broadcast_i64x4(_mm256_loadu_si256((const __m256i *)bytes));
}

// Sums over fours of columns of quants · activations, of two registers of quants. They fit 16 bits: 4 · 63 · 127. In every
// 128-bit lane: four of the first register, four of the second.
CK_INLINE __m512i fours_of(__m512i first, __m512i second, const void *activations) {
    const __m512i *a = activations, zero = _mm512_setzero_si512();
    return _mm512_packs_epi32(_mm512_dpbusd_epi32(zero, first, _mm512_loadu_si512(a)),
                              _mm512_dpbusd_epi32(zero, second, _mm512_loadu_si512(a + 1)));
}

// The activations of a super-block as 64 bytes of nibbles meet them: sub-blocks 0 and 2 (the low halves of the first 64
// bytes), 1 and 3 (their high halves), 4 and 6, 5 and 7.
CK_INLINE void pair_activations(const ck_activation_super *x, uint8_t *pairs) {
    CK_UNROLL for (int i = 0; i < 2; i++) {
        __m512i a = _mm512_loadu_si512(x->quants + 128 * i), b = _mm512_loadu_si512(x->quants + 128 * i + 64);
        _mm512_store_si512(pairs + 128 * i, _mm512_shuffle_i64x2(a, b, 0x44));
        _mm512_store_si512(pairs + 128 * i + 64, _mm512_shuffle_i64x2(a, b, 0xee));
    }
}

// The scales of 128 bytes of `pairs`: lanes 0 and 1 hold sub-blocks j and j + 1, lanes 2 and 3 j + 2 and j + 3.
CK_INLINE __m512i scales_of_pairs(__m512i eight, int j) {
    // 0x80 as the index of the upper bytes of 16-bit numbers gives zero.
    const __m512i first = _mm512_set1_epi64((int64_t)0x8000800080008000), second = _mm512_set1_epi16(1);
    const __m512i lanes = halves(_mm256_set1_epi16(0), _mm256_set1_epi16(2));
    __m512i index = _mm512_mask_add_epi64(first, 0xaa, first, second);
    index = _mm512_add_epi16(_mm512_add_epi16(index, lanes), _mm512_set1_epi16((int16_t)j));
    return _mm512_shuffle_epi8(eight, index);
}

CK_INLINE void spread_scales(__m256i unpacked, scales *out) {
    *out = unpacked;
}

CK_INLINE vector block_with_minima(const scales *s, int half, const uint8_t *quants, const uint8_t *fifth,
                                   const uint8_t *pairs, const ck_activation_super *x) {
    (void)x;
    const __m512i four = _mm512_set1_epi8(15), sixteen = _mm512_set1_epi8(16);
    __m512i eight = _mm512_broadcastq_epi64(half ? _mm256_extracti128_si256(*s, 1) : _mm256_castsi256_si128(*s));
    __m512i total;
    CK_UNROLL for (int i = 0; i < 2; i++) {
        __m512i packed = _mm512_loadu_si512(quants + 64 * i);
        __m512i low = _mm512_and_si512(packed, four), high = _mm512_and_si512(_mm512_srli_epi16(packed, 4), four);
        if (fifth) {
            // Bit j of a byte belongs to sub-block j; turned left by 4 - j it is bit 4.
            const int j = 4 * i;
            __m512i even = _mm512_rolv_epi64(twice(fifth), shifts((4 - j) & 63, (2 - j) & 63));
            __m512i odd = _mm512_rolv_epi64(twice(fifth), shifts((3 - j) & 63, (1 - j) & 63));
            low = _mm512_or_si512(low, _mm512_and_si512(even, sixteen));
            high = _mm512_or_si512(high, _mm512_and_si512(odd, sixteen));
        }
        const __m512i fours = fours_of(low, high, pairs + 128 * i), scales = scales_of_pairs(eight, 4 * i);
        total = i ? ck_add_pairs(total, fours, scales) : _mm512_madd_epi16(fours, scales);
    }
    return total;
}

CK_INLINE vector block_q6_k(const uint8_t *block, const uint8_t *ordered, const ck_activation_super *x) {
    (void)ordered;
    const __m512i four = _mm512_set1_epi8(15), top = _mm512_set1_epi8(48);
    __m128i bytes = _mm_loadu_si128((const __m128i *)(block + offsetof(ck_q6_k, scales)));
    __m512i scales = _mm512_castsi256_si512(_mm256_cvtepi8_epi16(bytes));
    __m512i total = _mm512_mullo_epi32(_mm512_cvtepi8_epi32(bytes), _mm512_loadu_si512(x->minus_32_sums));
    CK_UNROLL for (int half = 0; half < 2; half++) {
        // 64 elements in the low halves of the bytes, with bits 0–1 (the first 32) or 2–3 of `high` above them; 64 in
        // the high halves, with bits 4–5 or 6–7.
        __m512i packed = _mm512_loadu_si512(block + 64 * half);
        __m512i high = twice(block + offsetof(ck_q6_k, high) + 32 * half);
        __m512i a = _mm512_and_si512(_mm512_sllv_epi64(high, shifts(4, 2)), top);
        __m512i b = _mm512_and_si512(_mm512_srlv_epi64(high, shifts(0, 2)), top);
        a = _mm512_or_si512(a, _mm512_and_si512(packed, four));
        b = _mm512_or_si512(b, _mm512_and_si512(_mm512_srli_epi16(packed, 4), four));
        // Sixteen columns, which share a scale, are a 128-bit lane.
        const __m512i lanes = _mm512_setr_epi64(0, 0x0004000400040004, 0x0001000100010001, 0x0005000500050005,
                                                0x0002000200020002, 0x0006000600060006, 0x0003000300030003,
                                                0x0007000700070007);
        const __m512i index = _mm512_add_epi16(lanes, _mm512_set1_epi16((int16_t)(8 * half)));
        total = ck_add_pairs(total, fours_of(a, b, x->quants + 128 * half), _mm512_permutexvar_epi16(index, scales));
    }
    return total;
}

CK_INLINE __m128i sums_of(const vector totals[4]) {
    __m512i lanes = ck_sums_of_lanes(totals);
    __m256i two = _mm256_add_epi32(_mm512_castsi512_si256(lanes), _mm512_extracti64x4_epi64(lanes, 1));
    return _mm_add_epi32(_mm256_castsi256_si128(two), _mm256_extracti128_si256(two, 1));
}

CK_INLINE void order_pairs(const uint8_t *activations, size_t blocks, uint8_t *ordered) {
    const ck_activation_super *x = (const ck_activation_super *)activations;
    for (size_t b = 0; b < blocks; b++) pair_activations(x + b, ordered + b * CK_SUPER_BLOCK);
}

ROWS(avx512, q4_k, order_pairs)
ROWS(avx512, q5_k, order_pairs)
ROWS(avx512, q6_k, NULL)

CK_TARGET_END
#endif
