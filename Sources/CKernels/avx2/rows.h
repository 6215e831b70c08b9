// One or two activation rows: generic/rows.h.
#ifndef CK_AVX2_ROWS_H
#define CK_AVX2_ROWS_H
#include <immintrin.h>
#include <string.h>
#include "../inline.h"
#include "../prefetch.h"
#include "CKernels/matmul.h"

CK_TARGET_AVX2_BEGIN

enum { ADDS_BESIDE = false };  // sums of blocks take all the time there is: 2 to 10 % slower
#include "../generic/rows.h"

// In each 128-bit lane: element i is the sum of the four elements of parts[i].
CK_INLINE __m256i ck_sums_of_lanes(const __m256i parts[4]) {
    __m256i a = _mm256_add_epi32(_mm256_unpacklo_epi32(parts[0], parts[1]), _mm256_unpackhi_epi32(parts[0], parts[1]));
    __m256i b = _mm256_add_epi32(_mm256_unpacklo_epi32(parts[2], parts[3]), _mm256_unpackhi_epi32(parts[2], parts[3]));
    return _mm256_add_epi32(_mm256_unpacklo_epi64(a, b), _mm256_unpackhi_epi64(a, b));
}

CK_TARGET_END

#endif
