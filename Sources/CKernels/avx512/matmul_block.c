// Q8_0 and Q4_0.
#include "CKernels/level.h"
#if defined(CK_X86)
#include "few_block.h"
#include "many.h"

#pragma STDC FP_CONTRACT OFF

CK_TARGET_AVX512_BEGIN

enum { SLICE_BLOCKS = 16 };
_Static_assert(CK_MANY_PANELS * SLICE_BLOCKS * sizeof(ck_panel_block) <= CK_PANEL_BYTES, "room");

// Sixteen weight rows × COUNT activation rows × a slice.
CK_INLINE void tile(ck_weight_type type, const void *panel, size_t blocks, const uint8_t *activations, size_t stride,
                    const ck_results *results, int count) {
    const ck_panel_block *w = panel;
    // Where an activation block keeps the sum that takes the weights' offset away.
    const size_t offset = type == CK_Q8_0 ? offsetof(ck_activation_block, minus_128_sum)
                                          : offsetof(ck_activation_block, minus_8_sum);
    __m512 r[CK_BLOCK_TILE];
    CK_UNROLL for (int c = 0; c < count; c++) r[c] = ck_results_load(results, c);
    CK_ROLLED for (size_t b = 0; b < blocks; b++, w++, activations += sizeof(ck_activation_block)) {
        __m512i sums[CK_BLOCK_TILE];
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

// The same with the first activation rows, while the panel is unpacked.
CK_INLINE void unpack_tile(ck_weight_type type, ck_panel_rows rows, size_t blocks, void *panel, uintptr_t next,
                           const uint8_t *activations, size_t stride, const ck_results *results, int count) {
    const size_t bytes = type == CK_Q8_0 ? sizeof(ck_q8_0) : sizeof(ck_q4_0);
    ck_panel_block *w = panel;
    ck_few_activations x = ck_few_rows(activations, stride, count);
    __m512 r[CK_BLOCK_TILE];
    CK_UNROLL for (int c = 0; c < count; c++) r[c] = ck_results_load(results, c);
    CK_ROLLED for (size_t b = 0; b < blocks; b++, w++) {
        ck_few_add_block(type, &rows, &x, next, r, count, w);
        ck_panel_advance(&rows, bytes);
        ck_few_advance(&x, sizeof(ck_activation_block), count);
        next += CK_PANEL_ROWS * bytes;
    }
    CK_UNROLL for (int c = 0; c < count; c++) ck_results_store(results, c, r[c]);
}

#include "many_body.h"

#define MULTIPLY(name, type)                                                                                       \
    CK_MULTIPLY(name, type, CK_BLOCK, ck_activation_block, SLICE_BLOCKS * sizeof(ck_panel_block), SLICE_BLOCKS,    \
                CK_BLOCK_TILE, 32)

MULTIPLY(q8_0, CK_Q8_0)
MULTIPLY(q4_0, CK_Q4_0)

CK_TARGET_END
#endif
