// Integer weight types: scalar/matmul_integer.c is the specification, bit for bit. Included twice: with the dot product
// instructions (CK_DOT_PRODUCTS) and without; CK_NAME names the functions.
#include "dot_products.h"
#include "panel.h"

// results[k] += one block of 32 of four weight rows times activation row k's; lanes are weight rows.
CK_INLINE void multiply_block_32(const panel *p, const ck_activation_block *const a[], float32x4_t results[],
                                 const int together) {
    for (int k = 0; k < together; k++) {
        int8x16_t low = vld1q_s8(a[k]->quants), high = vld1q_s8(a[k]->quants + 16);
        int32x4_t sums[PANEL_ROWS];
        CK_UNROLL
        for (int r = 0; r < PANEL_ROWS; r++) {
            sums[r] = add_products(vdupq_n_s32(0), low, vld1q_s8(p->quants[r]));
            sums[r] = add_products(sums[r], high, vld1q_s8(p->quants[r] + 16));
        }
        float32x4_t t = vmulq_f32(vld1q_f32(p->scale), vcvtq_f32_s32(totals(sums)));
        results[k] = vfmaq_n_f32(results[k], t, a[k]->scale);
    }
}

// Σ over the 8 or 16 groups of a super-block of scale · products, for each weight row and activation row.
CK_INLINE void multiply_groups(const panel *p, const ck_activation_super *const a[],
                               int32x4_t sums[MOST_TOGETHER][PANEL_ROWS], const int groups, const int together) {
    const int vectors = 16 / groups;
    for (int k = 0; k < together; k++) {
        for (int r = 0; r < PANEL_ROWS; r++) sums[k][r] = vdupq_n_s32(0);
    }
    CK_ROLLED
    for (int g = 0; g < groups; g++) {
        CK_UNROLL
        for (int r = 0; r < PANEL_ROWS; r++) {
            int32x4_t products[MOST_TOGETHER];
            CK_UNROLL
            for (int k = 0; k < together; k++) products[k] = vdupq_n_s32(0);
            CK_UNROLL
            for (int v = 0; v < vectors; v++) {
                int8x16_t weights = vld1q_s8(p->quants[r] + 16 * (g * vectors + v));
                CK_UNROLL
                for (int k = 0; k < together; k++)
                    products[k] = add_products(products[k], vld1q_s8(a[k]->quants + 16 * (g * vectors + v)), weights);
            }
            CK_UNROLL
            for (int k = 0; k < together; k++)
                sums[k][r] = vmlaq_n_s32(sums[k][r], products[k], p->scales[r][g]);
        }
    }
}

CK_INLINE void multiply_with_minima(const panel *p, const ck_activation_super *const a[], float32x4_t results[],
                                    const int together) {
    int32x4_t sums[MOST_TOGETHER][PANEL_ROWS];
    multiply_groups(p, a, sums, 8, together);
    CK_UNROLL
    for (int k = 0; k < together; k++) {
        int16x8_t activation_sums = vld1q_s16(a[k]->sums);
        int32x4_t minima[PANEL_ROWS];
        CK_UNROLL
        for (int r = 0; r < PANEL_ROWS; r++) {
            int16x8_t minimum = vld1q_s16(p->minima[r]);
            minima[r] = vmull_s16(vget_low_s16(minimum), vget_low_s16(activation_sums));
            minima[r] = vmlal_high_s16(minima[r], minimum, activation_sums);
        }
        float32x4_t t = vmulq_f32(vld1q_f32(p->minimum_scale), vcvtq_f32_s32(totals(minima)));
        t = vfmaq_f32(vnegq_f32(t), vld1q_f32(p->scale), vcvtq_f32_s32(totals(sums[k])));
        results[k] = vfmaq_n_f32(results[k], t, a[k]->scale);
    }
}

CK_INLINE void multiply_without_minima(const panel *p, const ck_activation_super *const a[], float32x4_t results[],
                                       const int together) {
    int32x4_t sums[MOST_TOGETHER][PANEL_ROWS];
    multiply_groups(p, a, sums, 16, together);
    CK_UNROLL
    for (int k = 0; k < together; k++) {
        float32x4_t t = vmulq_f32(vld1q_f32(p->scale), vcvtq_f32_s32(totals(sums[k])));
        results[k] = vfmaq_n_f32(results[k], t, a[k]->scale);
    }
}

// Activation rows whose results are kept in the scratch memory at once.
enum { MOST_ACTIVATIONS = CK_SCRATCH_BYTES / sizeof(float32x4_t) };

// Writes four weight rows' results (or fewer, at the end of the rows) of activation row `a`.
CK_INLINE void write_results(const ck_product *p, size_t a, size_t row, size_t end, float32x4_t results) {
    float *out = p->output + a * p->output_stride + row;
    if (row + PANEL_ROWS <= end) {
        vst1q_f32(out, results);
        return;
    }
    float lanes[PANEL_ROWS];
    vst1q_f32(lanes, results);
    for (size_t r = 0; row + r < end; r++) out[r] = lanes[r];
}

#define MULTIPLY(name, weight, activation, elements, unpack, multiply)                                               \
    static void name##_rows(const ck_product *p, size_t row, size_t end, size_t first, size_t count,                 \
                            float32x4_t *results) {                                                                  \
        const weight *rows[PANEL_ROWS];                                                                              \
        for (size_t r = 0; r < PANEL_ROWS; r++)                                                                      \
            rows[r] = (const weight *)(p->weights + (row + r < end ? row + r : end - 1) * p->row_bytes);             \
        for (size_t a = 0; a < count; a++) results[a] = vdupq_n_f32(0);                                              \
        for (size_t b = 0; b < p->columns / elements; b++) {                                                         \
            panel unpacked;                                                                                          \
            for (int r = 0; r < PANEL_ROWS; r++) unpack(&unpacked, r, rows[r] + b);                                  \
            const uint8_t *at = p->activations + first * p->activation_bytes + b * sizeof(activation);               \
            size_t a = 0;                                                                                            \
            for (; a + MOST_TOGETHER <= count; a += MOST_TOGETHER) {                                                 \
                const activation *const both[] = {(const activation *)(at + a * p->activation_bytes),                \
                                                  (const activation *)(at + (a + 1) * p->activation_bytes)};         \
                multiply(&unpacked, both, results + a, MOST_TOGETHER);                                               \
            }                                                                                                        \
            if (a < count) {                                                                                         \
                const activation *const one[] = {(const activation *)(at + a * p->activation_bytes)};                \
                multiply(&unpacked, one, results + a, 1);                                                            \
            }                                                                                                        \
        }                                                                                                            \
        for (size_t a = 0; a < count; a++) write_results(p, first + a, row, end, results[a]);                        \
    }                                                                                                                \
    void CK_NAME(name)(const ck_product *p, size_t first, size_t end, void *scratch) {                               \
        for (size_t a = 0; a < p->count; a += MOST_ACTIVATIONS) {                                                    \
            size_t count = p->count - a < MOST_ACTIVATIONS ? p->count - a : MOST_ACTIVATIONS;                        \
            for (size_t row = first; row < end; row += PANEL_ROWS) name##_rows(p, row, end, a, count, scratch);      \
        }                                                                                                            \
    }

MULTIPLY(q8_0, ck_q8_0, ck_activation_block, CK_BLOCK, unpack_q8_0, multiply_block_32)
MULTIPLY(q4_0, ck_q4_0, ck_activation_block, CK_BLOCK, unpack_q4_0, multiply_block_32)
MULTIPLY(q4_k, ck_q4_k, ck_activation_super, CK_SUPER_BLOCK, unpack_q4_k, multiply_with_minima)
MULTIPLY(q5_k, ck_q5_k, ck_activation_super, CK_SUPER_BLOCK, unpack_q5_k, multiply_with_minima)
MULTIPLY(q6_k, ck_q6_k, ck_activation_super, CK_SUPER_BLOCK, unpack_q6_k, multiply_without_minima)
