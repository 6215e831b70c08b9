#include "matmul.h"
#if defined(CK_ARM)
#include <arm_neon.h>
#include <string.h>
#include "../half.h"
#include "../largest_sums.h"

#pragma STDC FP_CONTRACT OFF

// scalar/quantize.c is the specification, bit for bit.

static uint32_t largest(const float *values, size_t count) {
    uint32x4_t found = vdupq_n_u32(0);
    for (size_t i = 0; i < count; i += 4)
        found = vmaxq_u32(found, vandq_u32(vreinterpretq_u32_f32(vld1q_f32(values + i)), vdupq_n_u32(0x7fffffff)));
    return vmaxvq_u32(found);
}

static int16x4_t rounded(const float *values, float inverse) {
    return vmovn_s32(vcvtnq_s32_f32(vmulq_n_f32(vld1q_f32(values), inverse)));
}

// `count`: a multiple of 16.
static float quantize(const float *values, size_t count, int8_t *quants) {
    uint32_t bits = largest(values, count);
    if (bits >= 0x7f800000 || ck_from_bits(bits) < 0x1p-100f) {
        memset(quants, 0, count);
        return bits >= 0x7f800000 ? ck_from_bits(0x7fc00000) : 0.0f;
    }
    float inverse = 127.0f / ck_from_bits(bits);
    for (size_t i = 0; i < count; i += 16) {
        int16x8_t low = vcombine_s16(rounded(values + i, inverse), rounded(values + i + 4, inverse));
        int16x8_t high = vcombine_s16(rounded(values + i + 8, inverse), rounded(values + i + 12, inverse));
        vst1q_s8(quants + i, vcombine_s8(vmovn_s16(low), vmovn_s16(high)));
    }
    return ck_from_bits(bits) / 127.0f;
}

static int32_t sum16(const int8_t *quants) {
    return vaddlvq_s8(vld1q_s8(quants));
}

static int32_t magnitude16(const int8_t *quants) {
    return vaddlvq_s8(vabsq_s8(vld1q_s8(quants)));
}

void ck_neon_quantize_block(const float *values, size_t columns, void *out) {
    ck_activation_block *block = out;
    for (size_t c = 0; c < columns; c += CK_BLOCK, block++) {
        block->scale = quantize(values + c, CK_BLOCK, block->quants);
        int32_t total = sum16(block->quants) + sum16(block->quants + 16);
        block->minus_128_sum = -128 * total;
        block->minus_8_sum = -8 * total;
        block->padding = 0;
    }
}

void ck_neon_quantize_super(const float *values, size_t columns, void *out) {
    ck_activation_super *block = out;
    for (size_t c = 0; c < columns; c += CK_SUPER_BLOCK, block++) {
        block->scale = quantize(values + c, CK_SUPER_BLOCK, block->quants);
        int32_t sums[16];
        for (int j = 0; j < 16; j++) sums[j] = sum16(block->quants + 16 * j);
        for (int j = 0; j < 16; j++) block->minus_32_sums[j] = -32 * sums[j];
        for (int j = 0; j < 8; j++) block->sums[j] = (int16_t)(sums[2 * j] + sums[2 * j + 1]);
        block->largest_16 = block->largest_32 = block->padding = 0;
        for (int j = 0; j < 8; j++) {
            const int8_t *quants = block->quants + 32 * j;
            ck_note_sums(block, magnitude16(quants), magnitude16(quants + 16), block->sums[j]);
        }
    }
}
#endif
