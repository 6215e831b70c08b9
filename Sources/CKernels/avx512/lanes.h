// 128-bit lanes of a register: their sums, and their turning.
#ifndef CK_AVX512_LANES_H
#define CK_AVX512_LANES_H
#include <immintrin.h>
#include "../inline.h"
#include "CKernels/level.h"

CK_TARGET_AVX512_BEGIN

// In each 128-bit lane: element i is the sum of the four elements of parts[i].
CK_INLINE __m512i ck_sums_of_lanes(const __m512i parts[4]) {
    __m512i a = _mm512_add_epi32(_mm512_unpacklo_epi32(parts[0], parts[1]), _mm512_unpackhi_epi32(parts[0], parts[1]));
    __m512i b = _mm512_add_epi32(_mm512_unpacklo_epi32(parts[2], parts[3]), _mm512_unpackhi_epi32(parts[2], parts[3]));
    return _mm512_add_epi32(_mm512_unpacklo_epi64(a, b), _mm512_unpackhi_epi64(a, b));
}

// Element i of lane j becomes element j of lane i.
CK_INLINE __m512i ck_turn_lanes(__m512i x) {
    return _mm512_permutexvar_epi32(_mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15), x);
}

CK_TARGET_END

#endif
