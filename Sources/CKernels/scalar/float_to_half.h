// Rounds floats to IEEE 754 binary16, for the portable code.
#ifndef CK_SCALAR_FLOAT_TO_HALF_H
#define CK_SCALAR_FLOAT_TO_HALF_H
#include "../half.h"

// To nearest, ties to even. Above 65519: infinity. NaN stays NaN.
static inline uint16_t ck_float_to_half(float value) {
    uint32_t bits = ck_to_bits(value);
    uint16_t sign = (uint16_t)(bits >> 16 & 0x8000);
    uint32_t magnitude = bits & 0x7fffffff;
    if (magnitude > 0x7f800000) return sign | 0x7e00;
    if (magnitude >= 0x477ff000) return sign | 0x7c00;
    if (magnitude < 0x38800000) {
        // Subnormal results: adding 0.5 leaves the value in units of 2^-24 in the low bits, rounded to even.
        return sign | (uint16_t)(ck_to_bits(ck_from_bits(magnitude) + 0.5f) - 0x3f000000);
    }
    uint32_t odd = magnitude >> 13 & 1;
    return sign | (uint16_t)((magnitude - 0x38000000 + 0xfff + odd) >> 13);
}

#endif
