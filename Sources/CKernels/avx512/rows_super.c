// Q4_K, Q5_K and Q6_K with one activation row.
#include "CKernels/level.h"
#if defined(CK_X86)
#include "matmul.h"
#include "rows.h"

#pragma STDC FP_CONTRACT OFF

CK_TARGET_AVX512_BEGIN

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

// total += Σ over fours of columns of (quants · activations) · scales, for two registers of quants at once. A four's
// sum fits 16 bits: 4 · 63 · 127. In every 128-bit lane of `scales`: four for the first register, four for the second.
CK_INLINE __m512i add_products(__m512i total, __m512i first, __m512i second, const void *activations, __m512i scales) {
    const __m512i *a = activations, zero = _mm512_setzero_si512();
    __m512i fours = _mm512_packs_epi32(_mm512_dpbusd_epi32(zero, first, _mm512_loadu_si512(a)),
                                       _mm512_dpbusd_epi32(zero, second, _mm512_loadu_si512(a + 1)));
    return _mm512_dpwssd_epi32(total, fours, scales);
}

// The packed scales and minima (scales.h) that Q4_K and Q5_K have behind two halves: eight scales, then eight minima.
CK_INLINE __m128i unpack_scales(const uint8_t *block) {
    __m128i head = _mm_loadu_si128((const __m128i *)block);
    __m128i low = _mm_shuffle_epi8(head, _mm_setr_epi8(4, 5, 6, 7, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15));
    low = _mm_srlv_epi32(low, _mm_setr_epi32(0, 0, 0, 4));
    low = _mm_and_si128(low, _mm_setr_epi32(0x3f3f3f3f, 0x0f0f0f0f, 0x3f3f3f3f, 0x0f0f0f0f));
    __m128i top = _mm_shuffle_epi8(head, _mm_setr_epi8(-1, -1, -1, -1, 4, 5, 6, 7, -1, -1, -1, -1, 8, 9, 10, 11));
    return _mm_or_si128(low, _mm_and_si128(_mm_srli_epi16(top, 2), _mm_set1_epi8(0x30)));
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
CK_INLINE __m512i spread(__m512i scales, int j) {
    // 0x80 as the index of the upper bytes of 16-bit numbers gives zero.
    const __m512i first = _mm512_set1_epi64((int64_t)0x8000800080008000), second = _mm512_set1_epi16(1);
    const __m512i lanes = halves(_mm256_set1_epi16(0), _mm256_set1_epi16(2));
    __m512i index = _mm512_mask_add_epi64(first, 0xaa, first, second);
    index = _mm512_add_epi16(_mm512_add_epi16(index, lanes), _mm512_set1_epi16((int16_t)j));
    return _mm512_shuffle_epi8(scales, index);
}

// One block of Q4_K, or of Q5_K with its fifth bits (else `fifth` is NULL): Σ scale · dot in the elements of the
// result, Σ minimum · activation sum in those of `minima`.
CK_INLINE __m512i block_with_minima(const uint8_t *block, const uint8_t *quants, const uint8_t *fifth,
                                    const uint8_t *pairs, const int16_t *sums, __m128i *minima) {
    const __m512i four = _mm512_set1_epi8(15), sixteen = _mm512_set1_epi8(16);
    __m128i unpacked = unpack_scales(block);
    __m512i scales = _mm512_broadcastq_epi64(unpacked);
    *minima = _mm_madd_epi16(_mm_unpackhi_epi8(unpacked, _mm_setzero_si128()), _mm_loadu_si128((const __m128i *)sums));
    __m512i total = _mm512_setzero_si512();
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
        total = add_products(total, low, high, pairs + 128 * i, spread(scales, 4 * i));
    }
    return total;
}

CK_INLINE __m512i block_q6_k(const uint8_t *block, const ck_activation_super *x) {
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
        total = add_products(total, a, b, x->quants + 128 * half, _mm512_permutexvar_epi16(index, scales));
    }
    return total;
}

// Keeps the sums of the elements of each of four totals.
CK_INLINE void keep_totals(int32_t *kept, const __m512i totals[4]) {
    __m512i lanes = ck_sums_of_lanes(totals);
    __m256i two = _mm256_add_epi32(_mm512_castsi512_si256(lanes), _mm512_extracti64x4_epi64(lanes, 1));
    __m128i sums = _mm_add_epi32(_mm256_castsi256_si128(two), _mm256_extracti128_si256(two, 1));
    _mm_storeu_si128((__m128i *)kept, sums);
}

CK_INLINE void keep_minima_sums(int32_t *kept, const __m128i parts[4]) {
    __m128i a = _mm_add_epi32(_mm_unpacklo_epi32(parts[0], parts[1]), _mm_unpackhi_epi32(parts[0], parts[1]));
    __m128i b = _mm_add_epi32(_mm_unpacklo_epi32(parts[2], parts[3]), _mm_unpackhi_epi32(parts[2], parts[3]));
    __m128i sums = _mm_add_epi32(_mm_unpacklo_epi64(a, b), _mm_unpackhi_epi64(a, b));
    _mm_storeu_si128((__m128i *)kept, sums);
}

// Up to four blocks of a type with minima; `quants` and `fifth` are offsets, `fifth` 0 for Q4_K.
CK_INLINE void keep_four_minima(int32_t *sums, int32_t *least, const uint8_t *block, const uint8_t *pairs,
                                const ck_activation_super *x, size_t count, size_t block_bytes, size_t quants,
                                size_t fifth) {
    __m512i totals[4];
    __m128i minima[4];
    CK_UNROLL for (size_t i = 0; i < 4; i++, block += block_bytes, pairs += CK_SUPER_BLOCK, x++) {
        totals[i] = _mm512_setzero_si512();
        minima[i] = _mm_setzero_si128();
        if (i >= count) continue;
        const uint8_t *bits = fifth ? block + fifth : NULL;
        totals[i] = block_with_minima(block, block + quants, bits, pairs, x->sums, &minima[i]);
    }
    keep_totals(sums, totals);
    keep_minima_sums(least, minima);
}

CK_INLINE void keep_minima(ck_row_sums *kept, size_t r, const uint8_t *row, const uint8_t *activations,
                           const uint8_t *pairs, size_t blocks, const uint8_t *end, size_t block_bytes, size_t quants,
                           size_t fifth) {
    const ck_activation_super *x = (const ck_activation_super *)activations;
    size_t b = 0;
    for (; b + 4 <= blocks; b += 4, row += 4 * block_bytes) {
        ck_prefetch_row(row, 4 * (int)block_bytes, end);
        keep_four_minima(&kept->sums[r][b], &kept->minima[r][b], row, pairs + b * CK_SUPER_BLOCK, x + b, 4, block_bytes,
                         quants, fifth);
    }
    if (b == blocks) return;
    ck_prefetch_row(row, 4 * (int)block_bytes, end);
    keep_four_minima(&kept->sums[r][b], &kept->minima[r][b], row, pairs + b * CK_SUPER_BLOCK, x + b, blocks - b,
                     block_bytes, quants, fifth);
}

CK_INLINE void keep_q4_k(ck_row_sums *kept, size_t r, const uint8_t *row, const uint8_t *activations,
                         const uint8_t *ordered, size_t blocks, const uint8_t *end) {
    keep_minima(kept, r, row, activations, ordered, blocks, end, sizeof(ck_q4_k), offsetof(ck_q4_k, quants), 0);
}

CK_INLINE void keep_q5_k(ck_row_sums *kept, size_t r, const uint8_t *row, const uint8_t *activations,
                         const uint8_t *ordered, size_t blocks, const uint8_t *end) {
    keep_minima(kept, r, row, activations, ordered, blocks, end, sizeof(ck_q5_k), offsetof(ck_q5_k, quants),
                offsetof(ck_q5_k, high));
}

CK_INLINE void keep_four_q6_k(int32_t *sums, const uint8_t *block, const ck_activation_super *x, size_t count) {
    __m512i totals[4];
    CK_UNROLL for (size_t i = 0; i < 4; i++, block += sizeof(ck_q6_k), x++)
        totals[i] = i < count ? block_q6_k(block, x) : _mm512_setzero_si512();
    keep_totals(sums, totals);
}

CK_INLINE void keep_q6_k(ck_row_sums *kept, size_t r, const uint8_t *row, const uint8_t *activations,
                         const uint8_t *ordered, size_t blocks, const uint8_t *end) {
    (void)ordered;
    const ck_activation_super *x = (const ck_activation_super *)activations;
    size_t b = 0;
    for (; b + 4 <= blocks; b += 4, row += 4 * sizeof(ck_q6_k)) {
        ck_prefetch_row(row, 4 * sizeof(ck_q6_k), end);
        keep_four_q6_k(&kept->sums[r][b], row, x + b, 4);
    }
    if (b == blocks) return;
    ck_prefetch_row(row, 4 * sizeof(ck_q6_k), end);
    keep_four_q6_k(&kept->sums[r][b], row, x + b, blocks - b);
}

CK_INLINE __m128 add_minima(const ck_row_sums *kept, const uint8_t *const rows[CK_ROWS], const uint8_t *activations,
                            const uint8_t *ordered, size_t blocks, __m128 results, size_t block_bytes) {
    (void)ordered;
    const ck_activation_super *x = (const ck_activation_super *)activations;
    for (size_t b = 0; b < blocks; b += 4) {
        __m128i sums[4], minima[4];
        ck_turn(&kept->sums[0][b], CK_ROWS_SUPER_BLOCKS, sums);
        ck_turn(&kept->minima[0][b], CK_ROWS_SUPER_BLOCKS, minima);
        CK_UNROLL for (size_t i = 0; i < 4; i++) {
            if (b + i >= blocks) break;
            size_t at = (b + i) * block_bytes;
            __m128 scale = ck_halves_of(rows, at + offsetof(ck_q4_k, scale));
            __m128 minimum_scale = ck_halves_of(rows, at + offsetof(ck_q4_k, minimum_scale));
            __m128 t = _mm_mul_ps(minimum_scale, _mm_cvtepi32_ps(minima[i]));
            t = _mm_fmsub_ps(scale, _mm_cvtepi32_ps(sums[i]), t);
            results = _mm_fmadd_ps(t, _mm_set1_ps(x[b + i].scale), results);
        }
    }
    return results;
}

CK_INLINE __m128 add_q4_k(const ck_row_sums *kept, const uint8_t *const rows[CK_ROWS], const uint8_t *activations,
                          const uint8_t *ordered, size_t blocks, __m128 results) {
    return add_minima(kept, rows, activations, ordered, blocks, results, sizeof(ck_q4_k));
}

CK_INLINE __m128 add_q5_k(const ck_row_sums *kept, const uint8_t *const rows[CK_ROWS], const uint8_t *activations,
                          const uint8_t *ordered, size_t blocks, __m128 results) {
    return add_minima(kept, rows, activations, ordered, blocks, results, sizeof(ck_q5_k));
}

CK_INLINE __m128 add_q6_k(const ck_row_sums *kept, const uint8_t *const rows[CK_ROWS], const uint8_t *activations,
                          const uint8_t *ordered, size_t blocks, __m128 results) {
    (void)ordered;
    const ck_activation_super *x = (const ck_activation_super *)activations;
    for (size_t b = 0; b < blocks; b += 4) {
        __m128i sums[4];
        ck_turn(&kept->sums[0][b], CK_ROWS_SUPER_BLOCKS, sums);
        CK_UNROLL for (size_t i = 0; i < 4; i++) {
            if (b + i >= blocks) break;
            __m128 scale = ck_halves_of(rows, (b + i) * sizeof(ck_q6_k) + offsetof(ck_q6_k, scale));
            __m128 t = _mm_mul_ps(scale, _mm_cvtepi32_ps(sums[i]));
            results = _mm_fmadd_ps(t, _mm_set1_ps(x[b + i].scale), results);
        }
    }
    return results;
}

CK_INLINE void order_pairs(const uint8_t *activations, size_t blocks, uint8_t *ordered) {
    const ck_activation_super *x = (const ck_activation_super *)activations;
    for (size_t b = 0; b < blocks; b++) pair_activations(x + b, ordered + b * CK_SUPER_BLOCK);
}

#define ROWS(name, order)                                                                                            \
    void ck_avx512_rows_##name(const ck_product *p, size_t first, size_t end, void *scratch) {                       \
        ck_each_row(p, first, end, scratch, CK_SUPER_BLOCK, sizeof(ck_##name), sizeof(ck_activation_super), order,   \
                    keep_##name, add_##name);                                                                        \
    }

ROWS(q4_k, order_pairs)
ROWS(q5_k, order_pairs)
ROWS(q6_k, NULL)

CK_TARGET_END
#endif
