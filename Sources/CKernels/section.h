// The power of two by which a section of 16-bit floats becomes 16-bit integers: the same at every level.
#ifndef CK_SECTION_H
#define CK_SECTION_H
#include "half.h"

typedef struct {
    float factor;  // a weight's integer is weight · factor, rounded to even
    float unit;    // 1 / factor; NaN if a weight is not finite, 0 if all are zeros
} ck_section_scale;

// `largest`: the bits of the section's largest magnitude as a float. A NaN's or an infinity's are larger than any
// number's.
//
// The largest becomes an integer in 8,192 ..< 16,384. It has 11 bits of mantissa in F16 and 8 in BF16, so it stays
// exact, as do weights down to 2^-3 (F16) or 2^-6 (BF16) of it; those below are off by 2^-14 of the largest at most.
// Sections below 2^-100, which only BF16 has, are zeros: powers of two then lie within the floats.
static inline ck_section_scale ck_section_scale_of(uint32_t largest) {
    uint32_t exponent = largest >> 23;
    if (exponent == 255) return (ck_section_scale){0, ck_from_bits(0x7fc00000)};
    if (exponent < 127 - 100) return (ck_section_scale){0, 0};
    return (ck_section_scale){ck_from_bits((127 + 127 + 13 - exponent) << 23), ck_from_bits((exponent - 13) << 23)};
}

#endif
