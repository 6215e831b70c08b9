// One or two activation rows: generic/rows.h.
#ifndef CK_AVX512_ROWS_H
#define CK_AVX512_ROWS_H
#include <immintrin.h>
#include <string.h>
#include "../inline.h"
#include "../prefetch.h"
#include "CKernels/matmul.h"

CK_TARGET_AVX512_BEGIN

enum { ADDS_BESIDE = true };  // the row kernels leave the processor time for it
#include "../generic/rows.h"

// In each 128-bit lane: element i is the sum of the four elements of parts[i].
CK_INLINE __m512i ck_sums_of_lanes(const __m512i parts[4]) {
    __m512i a = _mm512_add_epi32(_mm512_unpacklo_epi32(parts[0], parts[1]), _mm512_unpackhi_epi32(parts[0], parts[1]));
    __m512i b = _mm512_add_epi32(_mm512_unpacklo_epi32(parts[2], parts[3]), _mm512_unpackhi_epi32(parts[2], parts[3]));
    return _mm512_add_epi32(_mm512_unpacklo_epi64(a, b), _mm512_unpackhi_epi64(a, b));
}

CK_TARGET_END

#endif
