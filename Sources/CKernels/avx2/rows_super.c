// Q4_K, Q5_K, Q6_K, one or two activation rows.
#include "CKernels/level.h"
#if defined(CK_X86)
#include "head.h"
#include "rows.h"

#pragma STDC FP_CONTRACT OFF

CK_TARGET_AVX2_BEGIN

// Number `j` of the eight 16-bit numbers in each half of x, in all 16-bit lanes of that half.
CK_INLINE __m256i spread(__m256i x, int j) {
    return _mm256_shuffle_epi8(x, _mm256_set1_epi16((short)((2 * j + 1) << 8 | 2 * j)));
}

// total += Σ quants · activations · scale of 32 columns.
CK_INLINE void add(__m256i quants, const int8_t *activations, __m256i scale, __m256i *total) {
    __m256i x = _mm256_maddubs_epi16(quants, _mm256_loadu_si256((const __m256i *)activations));
    *total = _mm256_add_epi32(*total, _mm256_madd_epi16(x, scale));
}

CK_INLINE const ck_activation_super *activation(const uint8_t *a, size_t stride, int c) {
    return (const ck_activation_super *)(a + (size_t)c * stride);
}

// One weight row's super-block; `scales`: its scales, each twice as 16-bit, in every eighth group of four bytes;
// `high`: its fifth bits, if it has them.
CK_INLINE void dots_4_or_5(const uint8_t *quants, const uint8_t *high, const uint8_t *scales, const uint8_t *a,
                           size_t stride, __m256i *sums, int count) {
    const __m256i four = _mm256_set1_epi8(15), fifth = _mm256_set1_epi8(16);
    __m256i h = high ? _mm256_loadu_si256((const __m256i *)high) : _mm256_setzero_si256();
    CK_UNROLL for (int j = 0; j < 8; j++) {
        __m256i q = _mm256_loadu_si256((const __m256i *)(quants + 32 * (j / 2)));
        q = _mm256_and_si256(j % 2 ? _mm256_srli_epi16(q, 4) : q, four);
        if (high) {
            __m256i bit = j < 4 ? _mm256_slli_epi16(h, 4 - j) : _mm256_srli_epi16(h, j - 4);
            q = _mm256_or_si256(q, _mm256_and_si256(bit, fifth));
        }
        __m256i scale = ck_broadcast(scales + 32 * j);
        CK_UNROLL for (int c = 0; c < count; c++) add(q, activation(a, stride, c)->quants + 32 * j, scale, &sums[c]);
    }
}

CK_INLINE void block_4_or_5(const uint8_t *const rows[8], size_t offset, const uint8_t *a, size_t stride,
                            uintptr_t *next, __m256 *results, bool five, int count) {
    const size_t bytes = five ? sizeof(ck_q5_k) : sizeof(ck_q4_k);
    const size_t quants = five ? offsetof(ck_q5_k, quants) : offsetof(ck_q4_k, quants);
    __m256i totals[CK_ROWS][8];
    ck_head head;
    ck_unpack_head(rows, offset, &head);
    __m256i scales[8];
    CK_UNROLL for (int j = 0; j < 8; j++) scales[j] = ck_bytes_of(head.scales[j / 4], j % 4, j % 4);
    CK_ROLLED for (int r = 0; r < 8; r++) {
        const uint8_t *w = rows[r] + offset;
        const uint8_t *scale = (const uint8_t *)scales + 4 * r;
        __m256i sums[CK_ROWS];
        ck_rows_prefetch(next, (int)bytes);
        CK_UNROLL for (int c = 0; c < count; c++) sums[c] = _mm256_setzero_si256();
        dots_4_or_5(w + quants, five ? w + offsetof(ck_q5_k, high) : NULL, scale, a, stride, sums, count);
        CK_UNROLL for (int c = 0; c < count; c++) totals[c][r] = sums[c];
    }
    CK_UNROLL for (int c = 0; c < count; c++)
        results[c] = ck_finish_minima(&head, activation(a, stride, c), ck_sums_of_8(totals[c]), results[c]);
}

CK_INLINE void block_q4_k(const uint8_t *const rows[8], size_t offset, const uint8_t *a, size_t stride,
                          uintptr_t *next, __m256 *results, int count) {
    block_4_or_5(rows, offset, a, stride, next, results, false, count);
}

CK_INLINE void block_q5_k(const uint8_t *const rows[8], size_t offset, const uint8_t *a, size_t stride,
                          uintptr_t *next, __m256 *results, int count) {
    block_4_or_5(rows, offset, a, stride, next, results, true, count);
}

// A register of 32 columns has two sub-blocks of Q6_K, one in each half: of sixteen 16-bit numbers, one a sub-block,
// the even ones go to the lower half, the odd ones to the upper one.
CK_INLINE __m256i even_odd(__m256i numbers) {
    const __m128i order = _mm_setr_epi8(0, 1, 4, 5, 8, 9, 12, 13, 2, 3, 6, 7, 10, 11, 14, 15);
    return _mm256_permute4x64_epi64(_mm256_shuffle_epi8(numbers, _mm256_broadcastsi128_si256(order)), 0xd8);
}

// One weight row's super-block of Q6_K; `offsets`: the sums of sixteen activations each, negative, evens and odds.
CK_INLINE void dots_6(const uint8_t *w, const uint8_t *a, size_t stride, const __m256i *offsets, __m256i *sums,
                      int count) {
    const __m256i four = _mm256_set1_epi8(15), top = _mm256_set1_epi8(48);
    __m128i bytes = _mm_loadu_si128((const __m128i *)(w + offsetof(ck_q6_k, scales)));
    bytes = _mm_shuffle_epi8(bytes, _mm_setr_epi8(0, 2, 4, 6, 8, 10, 12, 14, 1, 3, 5, 7, 9, 11, 13, 15));
    __m256i scales = _mm256_cvtepi8_epi16(bytes);
    CK_UNROLL for (int c = 0; c < count; c++) sums[c] = _mm256_slli_epi32(_mm256_madd_epi16(scales, offsets[c]), 5);
    CK_UNROLL for (int half = 0; half < 2; half++) {
        const __m256i *low = (const __m256i *)(w + offsetof(ck_q6_k, low) + 64 * half);
        __m256i h = _mm256_loadu_si256((const __m256i *)(w + offsetof(ck_q6_k, high) + 32 * half));
        CK_UNROLL for (int j = 0; j < 4; j++) {
            __m256i l = _mm256_loadu_si256(low + j % 2);
            l = _mm256_and_si256(j < 2 ? l : _mm256_srli_epi16(l, 4), four);
            __m256i bits = j < 2 ? _mm256_slli_epi16(h, 4 - 2 * j) : _mm256_srli_epi16(h, 2 * j - 4);
            __m256i q = _mm256_or_si256(l, _mm256_and_si256(bits, top));
            __m256i scale = spread(scales, 4 * half + j);
            CK_UNROLL for (int c = 0; c < count; c++)
                add(q, activation(a, stride, c)->quants + 128 * half + 32 * j, scale, &sums[c]);
        }
    }
}

CK_INLINE void block_q6_k(const uint8_t *const rows[8], size_t offset, const uint8_t *a, size_t stride,
                          uintptr_t *next, __m256 *results, int count) {
    __m256i totals[CK_ROWS][8], offsets[CK_ROWS];
    CK_UNROLL for (int c = 0; c < count; c++) offsets[c] = even_odd(ck_minus_sums(activation(a, stride, c)));
    CK_ROLLED for (int r = 0; r < 8; r++) {
        __m256i sums[CK_ROWS];
        ck_rows_prefetch(next, sizeof(ck_q6_k));
        dots_6(rows[r] + offset, a, stride, offsets, sums, count);
        CK_UNROLL for (int c = 0; c < count; c++) totals[c][r] = sums[c];
    }
    __m256 scale = ck_gather_halves(rows, offset + offsetof(ck_q6_k, scale));
    CK_UNROLL for (int c = 0; c < count; c++) {
        __m256 t = _mm256_mul_ps(scale, _mm256_cvtepi32_ps(ck_sums_of_8(totals[c])));
        results[c] = _mm256_fmadd_ps(t, _mm256_set1_ps(activation(a, stride, c)->scale), results[c]);
    }
}

#define ROWS(name, format)                                                                 \
    void ck_avx2_rows_##name(const ck_product *p, size_t first, size_t end) {              \
        ck_rows(p, first, end, sizeof(format), sizeof(ck_activation_super), block_##name); \
    }

ROWS(q4_k, ck_q4_k)
ROWS(q5_k, ck_q5_k)
ROWS(q6_k, ck_q6_k)

CK_TARGET_END
#endif
