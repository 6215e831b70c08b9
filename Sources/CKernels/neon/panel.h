// Four weight rows' blocks unpacked to signed bytes: once for all activation rows.
#include "../half.h"
#include "../scales.h"
#include "CKernels/quants.h"

enum { PANEL_ROWS = 4, MOST_TOGETHER = 2 };  // MOST_TOGETHER: activation rows that share a load of the panel

typedef struct {
    int8_t quants[PANEL_ROWS][CK_SUPER_BLOCK];
    int16_t minima[PANEL_ROWS][8];
    int8_t scales[PANEL_ROWS][16];
    float scale[PANEL_ROWS], minimum_scale[PANEL_ROWS];
} panel;

CK_INLINE int8x16_t signed_bytes(uint8x16_t bytes) {
    return vreinterpretq_s8_u8(bytes);
}

CK_INLINE void unpack_q8_0(panel *p, int row, const ck_q8_0 *w) {
    p->scale[row] = ck_half_to_float(w->scale);
    vst1q_s8(p->quants[row], vld1q_s8(w->quants));
    vst1q_s8(p->quants[row] + 16, vld1q_s8(w->quants + 16));
}

CK_INLINE void unpack_q4_0(panel *p, int row, const ck_q4_0 *w) {
    uint8x16_t both = vld1q_u8(w->quants);
    int8x16_t eight = vdupq_n_s8(8);
    p->scale[row] = ck_half_to_float(w->scale);
    vst1q_s8(p->quants[row], vsubq_s8(signed_bytes(vandq_u8(both, vdupq_n_u8(15))), eight));
    vst1q_s8(p->quants[row] + 16, vsubq_s8(signed_bytes(vshrq_n_u8(both, 4)), eight));
}

CK_INLINE void unpack_minima(panel *p, int row, uint16_t scale, uint16_t minimum_scale, const uint8_t packed[12]) {
    uint8_t scales[8], minima[8];
    ck_unpack_scales(packed, scales, minima);
    p->scale[row] = ck_half_to_float(scale);
    p->minimum_scale[row] = ck_half_to_float(minimum_scale);
    vst1_s8(p->scales[row], vreinterpret_s8_u8(vld1_u8(scales)));
    vst1q_s16(p->minima[row], vreinterpretq_s16_u16(vmovl_u8(vld1_u8(minima))));
}

CK_INLINE void unpack_q4_k(panel *p, int row, const ck_q4_k *w) {
    unpack_minima(p, row, w->scale, w->minimum_scale, w->scales);
    for (int pair = 0; pair < 4; pair++) {
        for (int half = 0; half < 2; half++) {
            uint8x16_t both = vld1q_u8(w->quants + 32 * pair + 16 * half);
            int8_t *to = p->quants[row] + 64 * pair + 16 * half;
            vst1q_s8(to, signed_bytes(vandq_u8(both, vdupq_n_u8(15))));
            vst1q_s8(to + 32, signed_bytes(vshrq_n_u8(both, 4)));
        }
    }
}

CK_INLINE void unpack_q5_k(panel *p, int row, const ck_q5_k *w) {
    unpack_minima(p, row, w->scale, w->minimum_scale, w->scales);
    for (int half = 0; half < 2; half++) {
        uint8x16_t high = vld1q_u8(w->high + 16 * half);
        for (int pair = 0; pair < 4; pair++) {
            uint8x16_t both = vld1q_u8(w->quants + 32 * pair + 16 * half);
            uint8x16_t first = vandq_u8(vshlq_u8(high, vdupq_n_s8((int8_t)(4 - 2 * pair))), vdupq_n_u8(16));
            uint8x16_t second = vandq_u8(vshlq_u8(high, vdupq_n_s8((int8_t)(3 - 2 * pair))), vdupq_n_u8(16));
            int8_t *to = p->quants[row] + 64 * pair + 16 * half;
            vst1q_s8(to, signed_bytes(vorrq_u8(vandq_u8(both, vdupq_n_u8(15)), first)));
            vst1q_s8(to + 32, signed_bytes(vorrq_u8(vshrq_n_u8(both, 4), second)));
        }
    }
}

CK_INLINE void unpack_q6_k(panel *p, int row, const ck_q6_k *w) {
    p->scale[row] = ck_half_to_float(w->scale);
    vst1q_s8(p->scales[row], vld1q_s8(w->scales));
    for (int half = 0; half < 2; half++) {
        for (int part = 0; part < 2; part++) {
            uint8x16_t high = vld1q_u8(w->high + 32 * half + 16 * part);
            for (int quarter = 0; quarter < 4; quarter++) {
                uint8x16_t low = vld1q_u8(w->low + 64 * half + 32 * (quarter % 2) + 16 * part);
                low = quarter < 2 ? vandq_u8(low, vdupq_n_u8(15)) : vshrq_n_u8(low, 4);
                uint8x16_t top = vandq_u8(vshlq_u8(high, vdupq_n_s8((int8_t)(4 - 2 * quarter))), vdupq_n_u8(48));
                vst1q_s8(p->quants[row] + 128 * half + 32 * quarter + 16 * part,
                         vsubq_s8(signed_bytes(vorrq_u8(low, top)), vdupq_n_s8(32)));
            }
        }
    }
}
