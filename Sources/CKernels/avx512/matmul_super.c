// Q4_K, Q5_K, Q6_K.
#include "CKernels/level.h"
#if defined(CK_X86)
#include "few_super.h"
#include "many.h"

#pragma STDC FP_CONTRACT OFF

CK_TARGET_AVX512_BEGIN

_Static_assert(CK_MANY_PANELS * sizeof(ck_panel_super) <= CK_PANEL_BYTES, "room");

enum { TILE_COUNT = CK_FEW };  // activation rows of a tile: totals, sums of two sub-blocks

// Adds a super-block of sixteen weight rows to the results.
CK_INLINE void finish(const ck_panel_super *w, __m512i total, const ck_activation_super *a, const ck_results *results,
                      int c, bool minima) {
    __m512 t = ck_super_product(&w->head, total, a, minima), result = ck_results_load(results, c);
    ck_results_store(results, c, _mm512_fmadd_ps(t, _mm512_set1_ps(a->scale), result));
}

// A tile of activation rows of which some have sums that may not fit 16 bits: other totals for those.
static __attribute__((noinline, cold)) void wide_tile(ck_weight_type type, const ck_panel_super *w,
                                                      const __m512i *totals, const uint8_t *activations,
                                                      size_t stride, const ck_results *results, int count) {
    const bool offset = type == CK_Q6_K;
    CK_ROLLED for (int c = 0; c < count; c++) {
        const ck_activation_super *a = (const ck_activation_super *)(activations + (size_t)c * stride);
        const __m512i total = ck_sums_room(type, a) >= 0 ? totals[c] : ck_wide_total(w, a, offset ? 8 : 4, offset);
        finish(w, total, a, results, c, !offset);
    }
}

// Adds a super-block of a tile's totals to the results.
CK_INLINE void finish_tile(ck_weight_type type, const ck_panel_super *w, const __m512i *totals,
                           const uint8_t *activations, size_t stride, const ck_results *results, int count) {
    // Last, as it lies: a block is read faster from its first line to its last.
    int32_t room = 0;
    CK_UNROLL for (int c = 0; c < count; c++)
        room |= ck_sums_room(type, (const ck_activation_super *)(activations + (size_t)c * stride));
    if (__builtin_expect(room < 0, false)) {
        __m512i kept[TILE_COUNT];
        CK_UNROLL for (int c = 0; c < count; c++) kept[c] = totals[c];
        wide_tile(type, w, kept, activations, stride, results, count);
        return;
    }
    CK_UNROLL for (int c = 0; c < count; c++)
        finish(w, totals[c], (const ck_activation_super *)(activations + (size_t)c * stride), results, c,
               type != CK_Q6_K);
}

// Sixteen weight rows × COUNT activation rows × one super-block.
CK_INLINE void tile(ck_weight_type type, const void *panel, size_t blocks, const uint8_t *activations, size_t stride,
                    const ck_results *results, int count) {
    (void)blocks;  // one
    const ck_panel_super *w = panel;
    const bool offset = type == CK_Q6_K;
    const int pairs = offset ? 8 : 4, steps = 32 / pairs;  // steps: of four columns in a sub-block
    const int group = 4;  // activation rows whose steps alternate, so that no sum waits for its last step
    const __mmask32 low = ck_low_halves();
    __m512i totals[TILE_COUNT];
    CK_UNROLL for (int c = 0; c < count; c++) totals[c] = _mm512_setzero_si512();
    CK_ROLLED for (int j = 0; j < pairs; j++) {
        CK_UNROLL for (int c = 0; c < count; c += group) {
            const int n = count - c < group ? count - c : group;
            __m512i sums[2][TILE_COUNT];
            CK_UNROLL for (int s = 0; s < 2; s++) {
                CK_UNROLL for (int i = 0; i < n; i++) {
                    const void *a = activations + (size_t)(c + i) * stride;
                    const int32_t *offsets = ((const ck_activation_super *)a)->minus_32_sums + 2 * j + s;
                    sums[s][i] = offset ? ck_broadcast(offsets) : _mm512_setzero_si512();
                }
                CK_UNROLL for (int k = 0; k < steps; k++) {
                    int step = steps * (2 * j + s) + k;
                    CK_UNROLL for (int i = 0; i < n; i++) {
                        const uint8_t *a = activations + (size_t)(c + i) * stride + 4 * step;
                        sums[s][i] = _mm512_dpbusd_epi32(sums[s][i], w->quants[step], ck_broadcast(a));
                    }
                }
            }
            CK_UNROLL for (int i = 0; i < n; i++) {
                const __m512i pair = ck_side_by_side(sums[0][i], sums[1][i], low);
                totals[c + i] = offset ? ck_add_pairs(totals[c + i], pair, w->head.scales[j])
                                       : _mm512_dpwssd_epi32(totals[c + i], pair, w->head.scales[j]);
            }
        }
    }
    finish_tile(type, w, totals, activations, stride, results, count);
}

// The same with the first activation rows, while the panel is unpacked.
CK_INLINE void unpack_tile(ck_weight_type type, ck_panel_rows rows, size_t blocks, void *panel, uintptr_t next,
                           const uint8_t *activations, size_t stride, const ck_results *results, int count) {
    (void)blocks;  // one
    ck_panel_super *w = panel;
    const ck_few_activations x = ck_few_rows(activations, stride, count);
    __m512i totals[CK_FEW];
    ck_few_totals(type, &rows, &x, next, &w->head, totals, count, w);
    finish_tile(type, w, totals, activations, stride, results, count);
}

#include "many_body.h"

#define MULTIPLY(name, type, few) \
    CK_MULTIPLY(name, type, CK_SUPER_BLOCK, ck_activation_super, sizeof(ck_panel_super), 1, TILE_COUNT, few)

MULTIPLY(q4_k, CK_Q4_K, 24)
MULTIPLY(q5_k, CK_Q5_K, 8)
MULTIPLY(q6_k, CK_Q6_K, 8)

CK_TARGET_END
#endif
