// Scales and minima of a super-block of Q4_K or Q5_K, eight rows at a time.
#ifndef CK_AVX2_HEAD_H
#define CK_AVX2_HEAD_H
#include "panel.h"

CK_TARGET_AVX2_BEGIN

typedef struct {
    __m256i scales[2];  // [four sub-blocks][row][4]: bytes
    __m256i minima[4];  // [pair of sub-blocks][row][2]: 16-bit
    __m256 scale, minimum_scale;
} ck_head;

// Bytes `a` and `b` of every 32-bit lane as two 16-bit numbers.
CK_INLINE __m256i ck_bytes_of(__m256i x, int a, int b) {
    char p = (char)a, q = (char)b;
    __m128i pattern = _mm_setr_epi8(p, -1, q, -1, p + 4, -1, q + 4, -1, p + 8, -1, q + 8, -1, p + 12, -1, q + 12, -1);
    return _mm256_shuffle_epi8(x, _mm256_broadcastsi128_si256(pattern));
}

// The lower halves of eight 32-bit lanes, from half precision.
CK_INLINE __m256 ck_halves_of(__m256i x) {
    __m256i low = _mm256_and_si256(x, _mm256_set1_epi32(0xffff));
    __m256i packed = _mm256_permute4x64_epi64(_mm256_packus_epi32(low, low), 0x08);
    return _mm256_cvtph_ps(_mm256_castsi256_si128(packed));
}

// The first 16 bytes of a block: two halves, then twelve bytes of packed scales and minima (scales.h).
CK_INLINE void ck_unpack_head(const uint8_t *const rows[8], size_t offset, ck_head *out) {
    __m256i x[4];
    ck_transpose_16_bytes(rows, offset, x);
    out->scale = ck_halves_of(x[0]);
    out->minimum_scale = ck_halves_of(_mm256_srli_epi32(x[0], 16));
    const __m256i six = _mm256_set1_epi8(63), four = _mm256_set1_epi8(15), top = _mm256_set1_epi8(48);
    out->scales[0] = _mm256_and_si256(x[1], six);
    out->scales[1] = _mm256_or_si256(_mm256_and_si256(x[3], four), _mm256_and_si256(_mm256_srli_epi32(x[1], 2), top));
    __m256i minima[2];
    minima[0] = _mm256_and_si256(x[2], six);
    minima[1] = _mm256_or_si256(_mm256_and_si256(_mm256_srli_epi32(x[3], 4), four),
                                _mm256_and_si256(_mm256_srli_epi32(x[2], 2), top));
    CK_UNROLL for (int j = 0; j < 4; j++) out->minima[j] = ck_bytes_of(minima[j / 2], j % 2 * 2, j % 2 * 2 + 1);
}

// Adds a super-block's exact totals, scaled and less its minima, to one activation row's results.
CK_INLINE __m256 ck_finish_minima(const ck_head *h, const ck_activation_super *a, __m256i total, __m256 result) {
    __m256i m = _mm256_madd_epi16(h->minima[0], ck_broadcast(a->sums));
    CK_UNROLL for (int j = 1; j < 4; j++)
        m = _mm256_add_epi32(m, _mm256_madd_epi16(h->minima[j], ck_broadcast(a->sums + 2 * j)));
    __m256 t = _mm256_mul_ps(h->minimum_scale, _mm256_cvtepi32_ps(m));
    t = _mm256_fmsub_ps(h->scale, _mm256_cvtepi32_ps(total), t);
    return _mm256_fmadd_ps(t, _mm256_set1_ps(a->scale), result);
}

// The sums of sixteen activations each, negative, as 16-bit numbers.
CK_INLINE __m256i ck_minus_sums(const ck_activation_super *a) {
    __m256i x = _mm256_srai_epi32(_mm256_loadu_si256((const __m256i *)a->minus_32_sums), 5);
    __m256i y = _mm256_srai_epi32(_mm256_loadu_si256((const __m256i *)(a->minus_32_sums + 8)), 5);
    return _mm256_permute4x64_epi64(_mm256_packs_epi32(x, y), 0xd8);
}

CK_TARGET_END

#endif
