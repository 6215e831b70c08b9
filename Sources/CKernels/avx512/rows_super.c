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

// The same sums, straight from bytes of two nibbles: in every 32-bit lane one of low nibbles, then one of high nibbles.
//
// High nibbles stay where they are, so their sums are sixteen times as large; once moved to the upper half of their lane,
// those of low nibbles are added below them. Lest these borrow from the upper half they begin at 2 · 2^12 or at 14 · 2^12,
// 2^13 less than nothing: 4 · 15 · 127 < 2^13. Eight lanes share a scale, so what they begin with adds up to nothing.
CK_INLINE __m512i fours_of_nibbles(__m512i packed, __m512i low_nibbles, const void *activations) {
    const __m512i *a = activations, beginnings = _mm512_set1_epi64((int64_t)14 << 32 | 2);
    __m512i high = _mm512_dpbusd_epi32(beginnings, _mm512_andnot_si512(low_nibbles, packed), _mm512_loadu_si512(a + 1));
    return _mm512_dpbusd_epi32(_mm512_slli_epi32(high, 12), _mm512_and_si512(packed, low_nibbles),
                               _mm512_loadu_si512(a));
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

// Of sixteen scales those of sums over fours of columns, as `fours_of` packs them: lanes 0 and 1 hold sub-blocks j and
// j + 1, lanes 2 and 3 j + 2 and j + 3.
CK_INLINE __m512i scales_of_fours(__m256i scales, int j) {
    const __m512i index = _mm512_setr_epi64(0, 0x0001000100010001, 0, 0x0001000100010001, 0x0002000200020002,
                                            0x0003000300030003, 0x0002000200020002, 0x0003000300030003);
    return _mm512_permutexvar_epi16(_mm512_add_epi16(index, _mm512_set1_epi16((int16_t)j)),
                                    _mm512_castsi256_si512(scales));
}

// The same, as `fours_of_nibbles` packs them.
CK_INLINE __m512i scales_of_nibbles(__m256i scales, int j) {
    const __m512i index = halves(_mm256_set1_epi32(j / 2), _mm256_set1_epi32(j / 2 + 1));
    return _mm512_permutexvar_epi32(index, _mm512_castsi256_si512(scales));
}

CK_INLINE void spread_scales(__m256i unpacked, scales *out) {
    *out = _mm256_unpacklo_epi8(unpacked, _mm256_setzero_si256());
}

CK_INLINE vector block_with_minima(const scales *s, int block, const uint8_t *quants, const uint8_t *fifth,
                                   const uint8_t *pairs, const ck_activation_super *x) {
    (void)x;
    const __m512i four = _mm512_set1_epi8(15), sixteen = _mm512_set1_epi8(16);
    __m512i total;
    CK_UNROLL for (int i = 0; i < 2; i++) {
        const __m512i packed = _mm512_loadu_si512(quants + 64 * i);
        const uint8_t *a = pairs + 128 * i;
        __m512i sums, scales;
        if (fifth) {
            // Bit j of a byte belongs to sub-block j; turned left by 4 - j it is bit 4.
            const int j = 4 * i;
            __m512i even = _mm512_rolv_epi64(twice(fifth), shifts((4 - j) & 63, (2 - j) & 63));
            __m512i odd = _mm512_rolv_epi64(twice(fifth), shifts((3 - j) & 63, (1 - j) & 63));
            __m512i low = _mm512_and_si512(packed, four), high = _mm512_and_si512(_mm512_srli_epi16(packed, 4), four);
            low = _mm512_or_si512(low, _mm512_and_si512(even, sixteen));
            high = _mm512_or_si512(high, _mm512_and_si512(odd, sixteen));
            sums = fours_of(low, high, a);
            scales = scales_of_fours(*s, 8 * block + 4 * i);
        } else {
            sums = fours_of_nibbles(packed, four, a);
            scales = scales_of_nibbles(*s, 8 * block + 4 * i);
        }
        total = i ? ck_add_pairs(total, sums, scales) : _mm512_madd_epi16(sums, scales);
    }
    return total;
}

// Bits of `upper` where `mask` has ones, else of `lower`.
CK_INLINE __m512i upper_or_lower(__m512i mask, __m512i upper, __m512i lower) {
    return _mm512_ternarylogic_epi64(mask, upper, lower, 0xca);
}

// `ordered`: what `order_sums` made.
CK_INLINE vector block_q6_k(const uint8_t *block, const uint8_t *ordered, const ck_activation_super *x) {
    // Of four pairs of bits the two that 32 bytes' low and high halves need.
    const __m512i own = halves(_mm256_set1_epi8(0x33), _mm256_set1_epi8((char)0xcc)), top = _mm512_set1_epi8((char)0xf0);
    __m256i sixteen = _mm256_cvtepi8_epi16(ck_load_16(block + offsetof(ck_q6_k, scales)));
    __m512i scales = _mm512_castsi256_si512(sixteen);
    __m512i total = _mm512_zextsi256_si512(_mm256_slli_epi32(_mm256_madd_epi16(sixteen, ck_load_32(ordered)), 5));
    CK_UNROLL for (int half = 0; half < 2; half++) {
        // 64 elements in the low halves of the bytes, with bits 0–1 (the first 32) or 2–3 of `high` above them; 64 in
        // the high halves, with bits 4–5 or 6–7.
        __m512i packed = _mm512_loadu_si512(block + 64 * half);
        __m512i high = _mm512_and_si512(twice(block + offsetof(ck_q6_k, high) + 32 * half), own);
        __m512i a = upper_or_lower(top, _mm512_sllv_epi64(high, shifts(4, 2)), packed);
        __m512i b = upper_or_lower(top, _mm512_srlv_epi64(high, shifts(0, 2)), _mm512_srli_epi16(packed, 4));
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

// The sums of sixteen activations each, negative, as 16-bit numbers: what the weights' offset of 32 is multiplied with.
CK_INLINE void order_sums(const uint8_t *activations, size_t blocks, uint8_t *ordered) {
    const ck_activation_super *x = (const ck_activation_super *)activations;
    for (size_t b = 0; b < blocks; b++, ordered += CK_SUPER_BLOCK) {
        __m512i sums = _mm512_srai_epi32(_mm512_loadu_si512(x[b].minus_32_sums), 5);
        _mm256_storeu_si256((__m256i *)ordered, _mm512_cvtepi32_epi16(sums));
    }
}

ROWS(avx512, q4_k, order_pairs)
ROWS(avx512, q5_k, order_pairs)
ROWS(avx512, q6_k, order_sums)

CK_TARGET_END
#endif
