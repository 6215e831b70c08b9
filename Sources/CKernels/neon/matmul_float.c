#include "matmul.h"
#if defined(CK_ARM)
#include <arm_neon.h>
#include <math.h>
#include <string.h>
#include "../half.h"
#include "../inline.h"

#pragma STDC FP_CONTRACT OFF

// Sixteen partial sums in four registers: scalar/matmul_float.c is the specification, bit for bit.

CK_INLINE float32x4_t load_four(const uint8_t *row, size_t column) {
    return vreinterpretq_f32_u8(vld1q_u8(row + 4 * column));
}

CK_INLINE float total(const float32x4_t sums[4]) {
    float32x4_t four = vaddq_f32(vaddq_f32(sums[0], sums[2]), vaddq_f32(sums[1], sums[3]));
    float32x2_t two = vadd_f32(vget_low_f32(four), vget_high_f32(four));
    return vget_lane_f32(two, 0) + vget_lane_f32(two, 1);
}

// `rows` weight rows from `row` on times `together` activation rows from `a` on.
CK_INLINE void multiply_tile(const ck_product *p, size_t row, size_t a, const int rows, const int together) {
    const uint8_t *weights = p->weights + row * p->row_bytes;
    const uint8_t *activations = p->activations + a * p->activation_bytes;
    float32x4_t sums[4][2][4];
    CK_UNROLL
    for (int r = 0; r < rows; r++) {
        CK_UNROLL
        for (int k = 0; k < together; k++) {
            CK_UNROLL
            for (int q = 0; q < 4; q++) sums[r][k][q] = vdupq_n_f32(0);
        }
    }
    size_t c = 0;
    for (; c + 16 <= p->columns; c += 16) {
        CK_UNROLL
        for (int q = 0; q < 4; q++) {
            float32x4_t values[2];
            CK_UNROLL
            for (int k = 0; k < together; k++)
                values[k] = load_four(activations + (size_t)k * p->activation_bytes, c + 4 * (size_t)q);
            CK_UNROLL
            for (int r = 0; r < rows; r++) {
                float32x4_t weight = load_four(weights + (size_t)r * p->row_bytes, c + 4 * (size_t)q);
                CK_UNROLL
                for (int k = 0; k < together; k++) sums[r][k][q] = vfmaq_f32(sums[r][k][q], weight, values[k]);
            }
        }
    }
    for (int r = 0; r < rows; r++) {
        for (int k = 0; k < together; k++) {
            float lanes[16];
            memcpy(lanes, sums[r][k], sizeof lanes);
            const uint8_t *weight = weights + (size_t)r * p->row_bytes;
            const uint8_t *activation = activations + (size_t)k * p->activation_bytes;
            for (size_t i = c; i < p->columns; i++)
                lanes[i - c] = fmaf(ck_load_f32(weight + 4 * i), ck_load_f32(activation + 4 * i), lanes[i - c]);
            float32x4_t last[4];
            memcpy(last, lanes, sizeof lanes);
            p->output[(a + (size_t)k) * p->output_stride + row + (size_t)r] = total(last);
        }
    }
}

CK_INLINE void multiply(const ck_product *p, size_t first, size_t end) {
    size_t a = 0;
    for (; a + 2 <= p->count; a += 2) {
        size_t row = first;
        for (; row + 2 <= end; row += 2) multiply_tile(p, row, a, 2, 2);
        if (row < end) multiply_tile(p, row, a, 1, 2);
    }
    if (a == p->count) return;
    size_t row = first;
    for (; row + 4 <= end; row += 4) multiply_tile(p, row, a, 4, 1);
    for (; row < end; row++) multiply_tile(p, row, a, 1, 1);
}

void ck_neon_multiply_f32(const ck_product *product, size_t first, size_t end, void *scratch) {
    (void)scratch;
    multiply(product, first, end);
}

#endif
