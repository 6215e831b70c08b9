// Q8_0 and Q4_0, one or two activation rows.
#include "CKernels/level.h"
#if defined(CK_X86)
#include "rows.h"

#pragma STDC FP_CONTRACT OFF

CK_TARGET_AVX2_BEGIN

// Signs move from the weights to the activations: |weight| ≤ 128 unsigned, 2 · 128 · 127 < 2^15.
CK_INLINE void sums_q8_0(const uint8_t *const rows[8], size_t offset, const uint8_t *a, size_t stride, __m256i *sums,
                         int count) {
    __m256i x[CK_ROWS][8];
    CK_UNROLL for (int r = 0; r < 8; r++) {
        __m256i w = _mm256_loadu_si256((const __m256i *)(rows[r] + offset + offsetof(ck_q8_0, quants)));
        __m256i magnitude = _mm256_abs_epi8(w);
        CK_UNROLL for (int c = 0; c < count; c++) {
            __m256i signed_a = _mm256_sign_epi8(_mm256_loadu_si256((const __m256i *)(a + (size_t)c * stride)), w);
            x[c][r] = _mm256_madd_epi16(_mm256_maddubs_epi16(magnitude, signed_a), _mm256_set1_epi16(1));
        }
    }
    CK_UNROLL for (int c = 0; c < count; c++) sums[c] = ck_sums_of_8(x[c]);
}

// Rows r and r + 4 in the halves of a register. Eight products of nibbles fit 16 bits: 8 · 2 · 15 · 127 < 2^15.
CK_INLINE void sums_q4_0(const uint8_t *const rows[8], size_t offset, const uint8_t *a, size_t stride, __m256i *sums,
                         int count) {
    const __m256i four = _mm256_set1_epi8(15);
    __m256i sums_of_16[CK_ROWS][4];
    CK_UNROLL for (int r = 0; r < 4; r++) {
        const uint8_t *at = rows[r] + offset + offsetof(ck_q4_0, quants);
        const uint8_t *other = rows[r + 4] + offset + offsetof(ck_q4_0, quants);
        __m256i w = _mm256_inserti128_si256(_mm256_castsi128_si256(_mm_loadu_si128((const __m128i *)at)),
                                            _mm_loadu_si128((const __m128i *)other), 1);
        __m256i low = _mm256_and_si256(w, four), high = _mm256_and_si256(_mm256_srli_epi16(w, 4), four);
        CK_UNROLL for (int c = 0; c < count; c++) {
            const __m128i *x = (const __m128i *)(a + (size_t)c * stride);
            __m256i a0 = _mm256_broadcastsi128_si256(_mm_loadu_si128(x));
            __m256i a1 = _mm256_broadcastsi128_si256(_mm_loadu_si128(x + 1));
            sums_of_16[c][r] = _mm256_add_epi16(_mm256_maddubs_epi16(low, a0), _mm256_maddubs_epi16(high, a1));
        }
    }
    CK_UNROLL for (int c = 0; c < count; c++) {
        __m256i *y = sums_of_16[c];
        __m256i ab = _mm256_add_epi16(_mm256_unpacklo_epi16(y[0], y[1]), _mm256_unpackhi_epi16(y[0], y[1]));
        __m256i cd = _mm256_add_epi16(_mm256_unpacklo_epi16(y[2], y[3]), _mm256_unpackhi_epi16(y[2], y[3]));
        // Per half a b a b a b a b and c d c d …; then pairs side by side for the sum in 32 bits.
        __m256i aabb = _mm256_add_epi16(_mm256_unpacklo_epi32(ab, cd), _mm256_unpackhi_epi32(ab, cd));
        __m256i pairs = _mm256_shuffle_epi8(
            aabb, _mm256_broadcastsi128_si256(_mm_setr_epi8(0, 1, 8, 9, 2, 3, 10, 11, 4, 5, 12, 13, 6, 7, 14, 15)));
        const ck_activation_block *block = (const ck_activation_block *)(a + (size_t)c * stride);
        sums[c] = _mm256_add_epi32(_mm256_madd_epi16(pairs, _mm256_set1_epi16(1)),
                                   _mm256_set1_epi32(block->minus_8_sum));
    }
}

#define ROWS(name, format)                                                                                            \
    CK_INLINE void block_##name(const uint8_t *const rows[8], size_t offset, const uint8_t *a, size_t stride,         \
                                uintptr_t *next, __m256 *results, int count) {                                        \
        __m256i sums[CK_ROWS];                                                                                        \
        ck_rows_prefetch(next, 8 * sizeof(format));                                                                   \
        __m256 scale = ck_gather_halves(rows, offset);                                                                \
        sums_##name(rows, offset, a, stride, sums, count);                                                            \
        CK_UNROLL for (int c = 0; c < count; c++) {                                                                   \
            const ck_activation_block *block = (const ck_activation_block *)(a + (size_t)c * stride);                 \
            __m256 t = _mm256_mul_ps(scale, _mm256_cvtepi32_ps(sums[c]));                                             \
            results[c] = _mm256_fmadd_ps(t, _mm256_set1_ps(block->scale), results[c]);                                \
        }                                                                                                             \
    }                                                                                                                 \
    void ck_avx2_rows_##name(const ck_product *p, size_t first, size_t end) {                                         \
        ck_rows(p, first, end, sizeof(format), sizeof(ck_activation_block), block_##name);                            \
    }

ROWS(q8_0, ck_q8_0)
ROWS(q4_0, ck_q4_0)

CK_TARGET_END
#endif
