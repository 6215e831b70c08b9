#include <string.h>
#include "../half.h"
#include "../scales.h"
#include "CKernels/matmul.h"

#pragma STDC FP_CONTRACT OFF

static void q8_0(const ck_q8_0 *w, size_t blocks, float *out) {
    for (size_t b = 0; b < blocks; b++) {
        float scale = ck_half_to_float(w[b].scale);
        for (int i = 0; i < 32; i++) *out++ = (float)w[b].quants[i] * scale;
    }
}

static void q4_0(const ck_q4_0 *w, size_t blocks, float *out) {
    for (size_t b = 0; b < blocks; b++, out += 32) {
        float scale = ck_half_to_float(w[b].scale);
        for (int i = 0; i < 16; i++) {
            out[i] = (float)((w[b].quants[i] & 15) - 8) * scale;
            out[i + 16] = (float)((w[b].quants[i] >> 4) - 8) * scale;
        }
    }
}

// Q4_K (`high` NULL) and Q5_K.
static void minima_block(uint16_t scale, uint16_t minimum_scale, const uint8_t *packed, const uint8_t *quants,
                         const uint8_t *high, float *out) {
    uint8_t scales[8], minima[8];
    ck_unpack_scales(packed, scales, minima);
    for (int j = 0; j < 8; j++) {
        float d = ck_half_to_float(scale) * (float)scales[j];
        float m = ck_half_to_float(minimum_scale) * (float)minima[j];
        for (int i = 0; i < 32; i++) {
            int quant = quants[32 * (j / 2) + i] >> 4 * (j % 2) & 15;
            if (high) quant |= (high[i] >> j & 1) << 4;
            *out++ = d * (float)quant - m;
        }
    }
}

static void q6_k(const ck_q6_k *w, size_t blocks, float *out) {
    for (size_t b = 0; b < blocks; b++)
        for (int e = 0; e < 256; e++) {
            int half = e / 128, quarter = e % 128 / 32, l = e % 32;
            int low = w[b].low[64 * half + 32 * (quarter % 2) + l] >> 4 * (quarter / 2) & 15;
            int high = w[b].high[32 * half + l] >> 2 * quarter & 3;
            float scale = ck_half_to_float(w[b].scale) * (float)w[b].scales[e / 16];
            *out++ = scale * (float)((low | high << 4) - 32);
        }
}

void ck_dequantize_row(ck_weight_type type, const void *row, size_t columns, float *out) {
    switch (type) {
    case CK_F32: memcpy(out, row, columns * sizeof(float)); break;
    case CK_F16:
        for (size_t c = 0; c < columns; c++) out[c] = ck_half_to_float(ck_load_u16((const uint8_t *)row + 2 * c));
        break;
    case CK_BF16:
        for (size_t c = 0; c < columns; c++) out[c] = ck_bfloat_to_float(ck_load_u16((const uint8_t *)row + 2 * c));
        break;
    case CK_Q8_0: q8_0(row, columns / CK_BLOCK, out); break;
    case CK_Q4_0: q4_0(row, columns / CK_BLOCK, out); break;
    case CK_Q4_K:
        for (const ck_q4_k *w = row; columns > 0; w++, columns -= CK_SUPER_BLOCK, out += CK_SUPER_BLOCK)
            minima_block(w->scale, w->minimum_scale, w->scales, w->quants, NULL, out);
        break;
    case CK_Q5_K:
        for (const ck_q5_k *w = row; columns > 0; w++, columns -= CK_SUPER_BLOCK, out += CK_SUPER_BLOCK)
            minima_block(w->scale, w->minimum_scale, w->scales, w->quants, w->high, out);
        break;
    case CK_Q6_K: q6_k(row, columns / CK_SUPER_BLOCK, out); break;
    default: break;
    }
}
