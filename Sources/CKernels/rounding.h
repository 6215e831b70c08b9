// Rounding to 16-bit integers: the same bits at every level.
#ifndef CK_ROUNDING_H
#define CK_ROUNDING_H
#include <math.h>
#include "half.h"

// The nearest integer, ties to even, to x · factor within ±32767: what is left in the low bits of 1.5·2^23 + it. NaNs
// give anything.
static inline int16_t ck_rounded(float x, float factor) {
    return (int16_t)ck_to_bits(fmaf(x, factor, 0x1.8p23f));
}

#endif
