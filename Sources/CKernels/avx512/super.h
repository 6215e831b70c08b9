// What the kernels of the K types share.
#ifndef CK_AVX512_SUPER_H
#define CK_AVX512_SUPER_H
#include "matmul.h"
#include "panel.h"

CK_TARGET_AVX512_BEGIN

// Byte `index` of every 32-bit lane, zero-extended.
CK_INLINE __m512i ck_byte_of(__m512i x, int index) {
    __m128i pattern = _mm_setr_epi8((char)index, -1, -1, -1, (char)(index + 4), -1, -1, -1, (char)(index + 8), -1, -1, -1,
                                    (char)(index + 12), -1, -1, -1);
    return _mm512_shuffle_epi8(x, _mm512_broadcast_i32x4(pattern));
}

// Bytes `index` and `index + 1` of every 32-bit lane as two 16-bit numbers.
CK_INLINE __m512i ck_pair_of(__m512i x, int index) {
    char a = (char)index, b = (char)(index + 1);
    __m128i pattern = _mm_setr_epi8(a, -1, b, -1, a + 4, -1, b + 4, -1, a + 8, -1, b + 8, -1, a + 12, -1, b + 12, -1);
    return _mm512_shuffle_epi8(x, _mm512_broadcast_i32x4(pattern));
}

// Scales and minima of a super-block of Q4_K or Q5_K, of sixteen rows.
typedef struct {
    __m512i scales[8];  // [sub-block][row]
    __m512i minima[4];  // [pair of sub-blocks][row][2] as 16-bit
    __m512 scale, minimum_scale;
} ck_head;

// The first 16 bytes of a Q4_K or Q5_K block: two halves, then twelve bytes of packed scales and minima (scales.h).
CK_INLINE void ck_unpack_head(const uint8_t *const rows[16], size_t offset, ck_head *out) {
    __m512i head[4];
    ck_transpose_16_bytes(rows, offset, head);
    out->scale = _mm512_cvtph_ps(_mm512_cvtepi32_epi16(head[0]));
    out->minimum_scale = _mm512_cvtph_ps(_mm512_cvtepi32_epi16(_mm512_srli_epi32(head[0], 16)));
    const __m512i six = _mm512_set1_epi8(63), four = _mm512_set1_epi8(15), top = _mm512_set1_epi8(48);
    __m512i scales[2], minima[2];
    scales[0] = _mm512_and_si512(head[1], six);
    minima[0] = _mm512_and_si512(head[2], six);
    scales[1] = _mm512_or_si512(_mm512_and_si512(head[3], four),
                                _mm512_and_si512(_mm512_srli_epi32(head[1], 2), top));
    minima[1] = _mm512_or_si512(_mm512_and_si512(_mm512_srli_epi32(head[3], 4), four),
                                _mm512_and_si512(_mm512_srli_epi32(head[2], 2), top));
    CK_UNROLL for (int j = 0; j < 8; j++) out->scales[j] = ck_byte_of(scales[j / 4], j % 4);
    CK_UNROLL for (int j = 0; j < 4; j++) out->minima[j] = ck_pair_of(minima[j / 2], j % 2 * 2);
}

CK_TARGET_END

#endif
