// Eight weight rows turned into columns of 4-byte groups, the order in which products of four bytes want their weights.
#ifndef CK_AVX2_PANEL_H
#define CK_AVX2_PANEL_H
#include <immintrin.h>
#include "../inline.h"
#include "../prefetch.h"
#include "CKernels/level.h"
#include "CKernels/matmul.h"
#include "matmul.h"

CK_TARGET_AVX2_BEGIN

// Four registers whose 128-bit lanes each hold a row: in every lane the 4 × 4 groups are transposed.
CK_INLINE void ck_transpose_lanes(__m256i r0, __m256i r1, __m256i r2, __m256i r3, __m256i out[4]) {
    __m256i a = _mm256_unpacklo_epi32(r0, r1), b = _mm256_unpackhi_epi32(r0, r1);
    __m256i c = _mm256_unpacklo_epi32(r2, r3), d = _mm256_unpackhi_epi32(r2, r3);
    out[0] = _mm256_unpacklo_epi64(a, c);
    out[1] = _mm256_unpackhi_epi64(a, c);
    out[2] = _mm256_unpacklo_epi64(b, d);
    out[3] = _mm256_unpackhi_epi64(b, d);
}

// 16 bytes of each row at `offset`: groups 0–3.
CK_INLINE void ck_transpose_16_bytes(const uint8_t *const rows[8], size_t offset, __m256i out[4]) {
    __m256i r[4];
    CK_UNROLL for (int i = 0; i < 4; i++) {
        __m128i low = _mm_loadu_si128((const __m128i *)(rows[i] + offset));
        __m128i high = _mm_loadu_si128((const __m128i *)(rows[i + 4] + offset));
        r[i] = _mm256_inserti128_si256(_mm256_castsi128_si256(low), high, 1);
    }
    ck_transpose_lanes(r[0], r[1], r[2], r[3], out);
}

// 32 bytes of each row: groups 0–7.
CK_INLINE void ck_transpose_32_bytes(const uint8_t *const rows[8], size_t offset, __m256i out[8]) {
    ck_transpose_16_bytes(rows, offset, out);
    ck_transpose_16_bytes(rows, offset + 16, out + 4);
}

// The half precision numbers at `offset` of each row, put together in general registers.
CK_INLINE __m256 ck_gather_halves(const uint8_t *const rows[8], size_t offset) {
    uint64_t words[2];
    CK_UNROLL for (int i = 0; i < 2; i++) {
        uint16_t half[4];
        CK_UNROLL for (int j = 0; j < 4; j++) __builtin_memcpy(&half[j], rows[4 * i + j] + offset, 2);
        words[i] = (uint64_t)half[0] | (uint64_t)half[1] << 16 | (uint64_t)half[2] << 32 | (uint64_t)half[3] << 48;
    }
    return _mm256_cvtph_ps(_mm_set_epi64x((int64_t)words[1], (int64_t)words[0]));
}

// Four bytes in every lane.
CK_INLINE __m256i ck_broadcast(const void *address) {
    int32_t group;
    __builtin_memcpy(&group, address, 4);
    return _mm256_set1_epi32(group);
}

// Where a panel's rows begin. Rows past the end repeat the last one; their results are not stored.
CK_INLINE void ck_panel_rows(const ck_product *p, size_t first, size_t end, const uint8_t *rows[8]) {
    CK_UNROLL for (size_t i = 0; i < 8; i++) {
        size_t row = first + i < end ? first + i : end - 1;
        rows[i] = p->weights + row * p->row_bytes;
    }
}

// All bits set in the lanes of rows that exist.
CK_INLINE __m256i ck_panel_mask(size_t first, size_t end) {
    int32_t rows = end - first < 8 ? (int32_t)(end - first) : 8;
    return _mm256_cmpgt_epi32(_mm256_set1_epi32(rows), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}

// Results of the rows that exist; masked stores are slow.
CK_INLINE void ck_store_rows(float *out, size_t rows, __m256 result) {
    if (rows >= 8)
        _mm256_storeu_ps(out, result);
    else
        _mm256_maskstore_ps(out, ck_panel_mask(0, rows), result);
}

CK_TARGET_END

#endif
