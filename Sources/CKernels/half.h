// Exact conversions of 16-bit floats, for the portable code.
#ifndef CK_HALF_H
#define CK_HALF_H
#include <stdint.h>
#include <string.h>

static inline float ck_from_bits(uint32_t bits) {
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static inline uint32_t ck_to_bits(float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

// IEEE 754 binary16. Subnormals are scaled in float arithmetic: (1.m - 1) · 2^-14 without a loop.
static inline float ck_half_to_float(uint16_t half) {
    uint32_t sign = (uint32_t)(half & 0x8000) << 16;
    uint32_t exponent = (half >> 10) & 31, mantissa = half & 0x3ff;
    if (exponent == 31) return ck_from_bits(sign | 0x7f800000 | mantissa << 13);
    if (exponent == 0) return ck_from_bits(sign | ck_to_bits((float)mantissa * 0x1p-24f));
    return ck_from_bits(sign | (exponent + 112) << 23 | mantissa << 13);
}

static inline float ck_bfloat_to_float(uint16_t bits) {
    return ck_from_bits((uint32_t)bits << 16);
}

static inline uint16_t ck_load_u16(const void *address) {
    uint16_t value;
    memcpy(&value, address, sizeof value);
    return value;
}

static inline float ck_load_f32(const void *address) {
    float value;
    memcpy(&value, address, sizeof value);
    return value;
}

#endif
