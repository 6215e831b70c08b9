// Turning rows of bytes into columns of 4-byte groups: result k holds group k of each of the sixteen rows, the order in
// which dot products of four bytes want their weights.
#ifndef CK_AVX512_TRANSPOSE_H
#define CK_AVX512_TRANSPOSE_H
#include <immintrin.h>
#include <stddef.h>
#include <stdint.h>
#include "../inline.h"
#include "CKernels/level.h"

enum { CK_PANEL_ROWS = 16 };

// Sixteen rows of bytes, equally far apart. Four addresses and two distances reach all of them.
typedef struct {
    const uint8_t *of[4];  // rows 0, 4, 8, 12
    size_t stride, three;  // from one row to the next; three times as much
} ck_panel_rows;

CK_TARGET_AVX512_BEGIN

CK_INLINE const uint8_t *ck_at(const ck_panel_rows *rows, int i, size_t offset) {
    const size_t distance = i % 4 == 3 ? rows->three : (size_t)(i % 4) * rows->stride;
    return rows->of[i / 4] + distance + offset;
}

// The same rows, `bytes` on.
CK_INLINE void ck_panel_advance(ck_panel_rows *rows, size_t bytes) {
    CK_UNROLL for (int i = 0; i < 4; i++) rows->of[i] += bytes;
}

// Four registers whose 128-bit lanes each hold a row: in every lane the 4 × 4 groups are transposed.
CK_INLINE void ck_transpose_lanes(__m512i r0, __m512i r1, __m512i r2, __m512i r3, __m512i out[4]) {
    __m512i a = _mm512_unpacklo_epi32(r0, r1), b = _mm512_unpackhi_epi32(r0, r1);
    __m512i c = _mm512_unpacklo_epi32(r2, r3), d = _mm512_unpackhi_epi32(r2, r3);
    out[0] = _mm512_unpacklo_epi64(a, c);
    out[1] = _mm512_unpackhi_epi64(a, c);
    out[2] = _mm512_unpacklo_epi64(b, d);
    out[3] = _mm512_unpackhi_epi64(b, d);
}

// 16 bytes of each row at `offset`: groups 0–3.
CK_INLINE void ck_transpose_16_bytes(const ck_panel_rows *rows, size_t offset, __m512i out[4]) {
    __m512i r[4];
    CK_UNROLL for (int i = 0; i < 4; i++) {
        __m512i x = _mm512_castsi128_si512(_mm_loadu_si128((const __m128i *)ck_at(rows, i, offset)));
        x = _mm512_inserti32x4(x, _mm_loadu_si128((const __m128i *)ck_at(rows, i + 4, offset)), 1);
        x = _mm512_inserti32x4(x, _mm_loadu_si128((const __m128i *)ck_at(rows, i + 8, offset)), 2);
        r[i] = _mm512_inserti32x4(x, _mm_loadu_si128((const __m128i *)ck_at(rows, i + 12, offset)), 3);
    }
    ck_transpose_lanes(r[0], r[1], r[2], r[3], out);
}

// 32 bytes of each row: groups 0–7.
CK_INLINE void ck_transpose_32_bytes(const ck_panel_rows *rows, size_t offset, __m512i out[8]) {
    __m512i r[8], a[4], b[4];
    CK_UNROLL for (int i = 0; i < 8; i++) {
        int first = i < 4 ? i : i + 4;  // registers 0–3: rows i and i + 4; 4–7: rows i + 4 and i + 8
        __m512i x = _mm512_castsi256_si512(_mm256_loadu_si256((const __m256i *)ck_at(rows, first, offset)));
        r[i] = _mm512_inserti64x4(x, _mm256_loadu_si256((const __m256i *)ck_at(rows, first + 4, offset)), 1);
    }
    ck_transpose_lanes(r[0], r[1], r[2], r[3], a);
    ck_transpose_lanes(r[4], r[5], r[6], r[7], b);
    CK_UNROLL for (int k = 0; k < 4; k++) {
        out[k] = _mm512_shuffle_i32x4(a[k], b[k], 0x88);      // lanes 0, 2 of both
        out[k + 4] = _mm512_shuffle_i32x4(a[k], b[k], 0xdd);  // lanes 1, 3
    }
}

// Four rows' groups that `ck_transpose_lanes` left in q[i], of rows 4i … 4i + 3: group by group of all sixteen.
CK_INLINE void ck_transpose_quarters(__m512i q[4][4], __m512i out[16]) {
    CK_UNROLL for (int k = 0; k < 4; k++) {
        __m512i a = _mm512_shuffle_i32x4(q[0][k], q[1][k], 0x44), b = _mm512_shuffle_i32x4(q[2][k], q[3][k], 0x44);
        __m512i c = _mm512_shuffle_i32x4(q[0][k], q[1][k], 0xee), d = _mm512_shuffle_i32x4(q[2][k], q[3][k], 0xee);
        out[k] = _mm512_shuffle_i32x4(a, b, 0x88);
        out[k + 4] = _mm512_shuffle_i32x4(a, b, 0xdd);
        out[k + 8] = _mm512_shuffle_i32x4(c, d, 0x88);
        out[k + 12] = _mm512_shuffle_i32x4(c, d, 0xdd);
    }
}

// The half precision numbers at `offset` of each row. Put together in general registers: sixteen small stores with a
// wide load behind them would stall, and the vector units have enough to do.
CK_INLINE __m512 ck_gather_halves(const ck_panel_rows *rows, size_t offset) {
    uint64_t words[4];
    CK_UNROLL for (int i = 0; i < 4; i++) {
        uint16_t half[4];
        CK_UNROLL for (int j = 0; j < 4; j++) __builtin_memcpy(&half[j], ck_at(rows, 4 * i + j, offset), 2);
        words[i] = (uint64_t)half[0] | (uint64_t)half[1] << 16 | (uint64_t)half[2] << 32 | (uint64_t)half[3] << 48;
    }
    __m128i low = _mm_set_epi64x((int64_t)words[1], (int64_t)words[0]);
    __m128i high = _mm_set_epi64x((int64_t)words[3], (int64_t)words[2]);
    return _mm512_cvtph_ps(_mm256_inserti128_si256(_mm256_castsi128_si256(low), high, 1));
}

// Four bytes in every lane.
CK_INLINE __m512i ck_broadcast(const void *address) {
    int32_t group;
    __builtin_memcpy(&group, address, 4);
    return _mm512_set1_epi32(group);
}

CK_TARGET_END

#endif
