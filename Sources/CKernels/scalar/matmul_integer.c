#include <math.h>
#include "../half.h"
#include "../scales.h"
#include "matmul.h"

#pragma STDC FP_CONTRACT OFF

// Per block: t = weight scale · exact integer sum; result = fma(t, activation scale, result), blocks in order.

static float row_q8_0(const ck_q8_0 *w, const ck_activation_block *a, size_t blocks) {
    float result = 0;
    for (size_t b = 0; b < blocks; b++) {
        int32_t sum = 0;
        for (int i = 0; i < 32; i++) sum += w[b].quants[i] * a[b].quants[i];
        result = fmaf(ck_half_to_float(w[b].scale) * (float)sum, a[b].scale, result);
    }
    return result;
}

static float row_q4_0(const ck_q4_0 *w, const ck_activation_block *a, size_t blocks) {
    float result = 0;
    for (size_t b = 0; b < blocks; b++) {
        int32_t sum = 0;
        for (int i = 0; i < 16; i++) {
            sum += ((w[b].quants[i] & 15) - 8) * a[b].quants[i];
            sum += ((w[b].quants[i] >> 4) - 8) * a[b].quants[i + 16];
        }
        result = fmaf(ck_half_to_float(w[b].scale) * (float)sum, a[b].scale, result);
    }
    return result;
}

// One super-block of a K type with minima: `sum` = Σ scale · dot, `minima` = Σ minimum · activation sum;
// t = fma(scale, sum, -(minimum scale · minima)).
static float with_minima(float result, uint16_t scale, uint16_t minimum_scale, int32_t sum, int32_t minima,
                         float activation_scale) {
    float t = ck_half_to_float(minimum_scale) * (float)minima;
    t = fmaf(ck_half_to_float(scale), (float)sum, -t);
    return fmaf(t, activation_scale, result);
}

static float row_q4_k(const ck_q4_k *w, const ck_activation_super *a, size_t blocks) {
    float result = 0;
    for (size_t b = 0; b < blocks; b++) {
        uint8_t scales[8], minima[8];
        ck_unpack_scales(w[b].scales, scales, minima);
        int32_t sum = 0, minimum = 0;
        for (int j = 0; j < 8; j++) {
            int32_t dot = 0;
            for (int i = 0; i < 32; i++) {
                int quant = w[b].quants[32 * (j / 2) + i] >> 4 * (j % 2) & 15;
                dot += quant * a[b].quants[32 * j + i];
            }
            sum += scales[j] * dot;
            minimum += minima[j] * a[b].sums[j];
        }
        result = with_minima(result, w[b].scale, w[b].minimum_scale, sum, minimum, a[b].scale);
    }
    return result;
}

static float row_q5_k(const ck_q5_k *w, const ck_activation_super *a, size_t blocks) {
    float result = 0;
    for (size_t b = 0; b < blocks; b++) {
        uint8_t scales[8], minima[8];
        ck_unpack_scales(w[b].scales, scales, minima);
        int32_t sum = 0, minimum = 0;
        for (int j = 0; j < 8; j++) {
            int32_t dot = 0;
            for (int i = 0; i < 32; i++) {
                int quant = (w[b].quants[32 * (j / 2) + i] >> 4 * (j % 2) & 15) | (w[b].high[i] >> j & 1) << 4;
                dot += quant * a[b].quants[32 * j + i];
            }
            sum += scales[j] * dot;
            minimum += minima[j] * a[b].sums[j];
        }
        result = with_minima(result, w[b].scale, w[b].minimum_scale, sum, minimum, a[b].scale);
    }
    return result;
}

static float row_q6_k(const ck_q6_k *w, const ck_activation_super *a, size_t blocks) {
    float result = 0;
    for (size_t b = 0; b < blocks; b++) {
        int32_t sum = 0;
        for (int j = 0; j < 16; j++) {
            int32_t dot = 0;
            for (int i = 0; i < 16; i++) {
                int e = 16 * j + i, half = e / 128, quarter = e % 128 / 32, l = e % 32;
                int low = w[b].low[64 * half + 32 * (quarter % 2) + l] >> 4 * (quarter / 2) & 15;
                int high = w[b].high[32 * half + l] >> 2 * quarter & 3;
                dot += ((low | high << 4) - 32) * a[b].quants[e];
            }
            sum += w[b].scales[j] * dot;
        }
        result = fmaf(ck_half_to_float(w[b].scale) * (float)sum, a[b].scale, result);
    }
    return result;
}

#define MULTIPLY(name, row, weight, activation, elements)                                                   \
    void ck_scalar_multiply_##name(const ck_product *p, size_t first, size_t end, void *scratch) {          \
        (void)scratch;                                                                                      \
        for (size_t a = 0; a < p->count; a++)                                                               \
            for (size_t r = first; r < end; r++)                                                            \
                p->output[a * p->output_stride + r] =                                                       \
                    row((const weight *)(p->weights + r * p->row_bytes),                                    \
                        (const activation *)(p->activations + a * p->activation_bytes), p->columns / elements); \
    }

MULTIPLY(q8_0, row_q8_0, ck_q8_0, ck_activation_block, CK_BLOCK)
MULTIPLY(q4_0, row_q4_0, ck_q4_0, ck_activation_block, CK_BLOCK)
MULTIPLY(q4_k, row_q4_k, ck_q4_k, ck_activation_super, CK_SUPER_BLOCK)
MULTIPLY(q5_k, row_q5_k, ck_q5_k, ck_activation_super, CK_SUPER_BLOCK)
MULTIPLY(q6_k, row_q6_k, ck_q6_k, ck_activation_super, CK_SUPER_BLOCK)
