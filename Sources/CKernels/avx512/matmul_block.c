// Q8_0 and Q4_0.
#include "CKernels/level.h"
#if defined(CK_X86)
#include "matmul.h"
#include "many.h"

#pragma STDC FP_CONTRACT OFF

CK_TARGET_AVX512_BEGIN

// One block of sixteen rows.
typedef struct {
    __m512i quants[8];
    __m512 scale;
} panel_block;

enum {
    SLICE_BLOCKS = 16,
    TILE_COUNT = 12,  // activation rows of a tile: results and sums
};
_Static_assert(CK_MANY_PANELS * SLICE_BLOCKS * sizeof(panel_block) <= CK_PANEL_BYTES, "room");

CK_INLINE void unpack_q8_0(const ck_panel_rows *rows, panel_block *panel) {
    __m512i quants[8];
    panel->scale = ck_gather_halves(rows, offsetof(ck_q8_0, scale));
    ck_transpose_32_bytes(rows, offsetof(ck_q8_0, quants), quants);
    CK_UNROLL for (int k = 0; k < 8; k++) panel->quants[k] = _mm512_xor_si512(quants[k], _mm512_set1_epi8(-128));
}

CK_INLINE void unpack_q4_0(const ck_panel_rows *rows, panel_block *panel) {
    const __m512i four = _mm512_set1_epi8(15);
    __m512i packed[4];
    panel->scale = ck_gather_halves(rows, offsetof(ck_q4_0, scale));
    ck_transpose_16_bytes(rows, offsetof(ck_q4_0, quants), packed);
    CK_UNROLL for (int k = 0; k < 4; k++) {
        panel->quants[k] = _mm512_and_si512(packed[k], four);
        panel->quants[4 + k] = _mm512_and_si512(_mm512_srli_epi32(packed[k], 4), four);
    }
}

CK_INLINE void unpack(ck_weight_type type, ck_panel_rows rows, size_t blocks, void *panel) {
    panel_block *w = panel;
    CK_ROLLED for (size_t b = 0; b < blocks; b++, w++) {
        if (type == CK_Q8_0)
            unpack_q8_0(&rows, w);
        else
            unpack_q4_0(&rows, w);
        ck_panel_advance(&rows, type == CK_Q8_0 ? sizeof(ck_q8_0) : sizeof(ck_q4_0));
    }
}

// Sixteen weight rows × COUNT activation rows × a slice.
CK_INLINE void tile(ck_weight_type type, const void *panel, size_t blocks, const uint8_t *activations, size_t stride,
                    const ck_results *results, int count) {
    const panel_block *w = panel;
    // Where an activation block keeps the sum that takes the weights' offset away.
    const size_t offset = type == CK_Q8_0 ? offsetof(ck_activation_block, minus_128_sum)
                                          : offsetof(ck_activation_block, minus_8_sum);
    __m512 r[TILE_COUNT];
    CK_UNROLL for (int c = 0; c < count; c++) r[c] = ck_results_load(results, c);
    CK_ROLLED for (size_t b = 0; b < blocks; b++, w++, activations += sizeof(ck_activation_block)) {
        __m512i sums[TILE_COUNT];
        CK_UNROLL for (int c = 0; c < count; c++) sums[c] = ck_broadcast(activations + (size_t)c * stride + offset);
        CK_UNROLL for (int k = 0; k < 8; k++)
            CK_UNROLL for (int c = 0; c < count; c++)
                sums[c] = _mm512_dpbusd_epi32(sums[c], w->quants[k],
                                              ck_broadcast(activations + (size_t)c * stride + 4 * k));
        CK_UNROLL for (int c = 0; c < count; c++) {
            const ck_activation_block *a = (const ck_activation_block *)(activations + (size_t)c * stride);
            __m512 t = _mm512_mul_ps(w->scale, _mm512_cvtepi32_ps(sums[c]));
            r[c] = _mm512_fmadd_ps(t, _mm512_set1_ps(a->scale), r[c]);
        }
    }
    CK_UNROLL for (int c = 0; c < count; c++) ck_results_store(results, c, r[c]);
}

#include "many_body.h"

#define MULTIPLY(name, type)                                                                                       \
    CK_MULTIPLY(name, type, CK_BLOCK, ck_activation_block, SLICE_BLOCKS * sizeof(panel_block), SLICE_BLOCKS,       \
                TILE_COUNT, 48)

MULTIPLY(q8_0, CK_Q8_0)
MULTIPLY(q4_0, CK_Q4_0)

CK_TARGET_END
#endif
