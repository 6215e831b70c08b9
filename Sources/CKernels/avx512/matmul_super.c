// Q4_K, Q5_K, Q6_K.
#include "CKernels/level.h"
#if defined(CK_X86)
#include "few_super.h"
#include "many.h"

#pragma STDC FP_CONTRACT OFF

CK_TARGET_AVX512_BEGIN

_Static_assert(CK_MANY_PANELS * sizeof(ck_panel_super) <= CK_PANEL_BYTES, "room");

enum { TILE_COUNT = CK_FEW };  // activation rows of a tile: totals, sums of minima, sums of two sub-blocks

// Adds a super-block of sixteen weight rows to the results.
CK_INLINE void finish(ck_weight_type type, const ck_panel_super *w, __m512i total, __m512i minima,
                      const ck_activation_super *a, const ck_results *results, int c) {
    const __m512 t = ck_super_product(type, &w->head, total, minima), result = ck_results_load(results, c);
    ck_results_store(results, c, _mm512_fmadd_ps(t, _mm512_set1_ps(a->scale), result));
}

// A tile of activation rows of which some have sums that may not fit 16 bits: other totals for those.
static __attribute__((noinline, cold)) void wide_tile(ck_weight_type type, const ck_panel_super *w,
                                                      const __m512i *totals, const ck_activation_super *const *rows,
                                                      const ck_results *results, int count) {
    const bool offset = type == CK_Q6_K;
    CK_ROLLED for (int c = 0; c < count; c++) {
        const ck_activation_super *a = rows[c];
        const __m512i total = ck_sums_room(type, a) >= 0 ? totals[c] : ck_wide_total(w, a, offset ? 8 : 4, offset);
        finish(type, w, total, ck_minima_sum(type, &w->head, a), a, results, c);
    }
}

// Adds a super-block of a tile's totals to the results.
CK_INLINE void finish_tile(ck_weight_type type, const ck_panel_super *w, const __m512i *totals, const __m512i *minima,
                           const ck_activation_super *const *rows, const ck_results *results, int count) {
    // Last, as it lies: a block is read faster from its first line to its last.
    int32_t room = 0;
    CK_UNROLL for (int c = 0; c < count; c++) room |= ck_sums_room(type, rows[c]);
    if (__builtin_expect(room < 0, false)) {
        // Copies, so that the originals need no place in memory.
        __m512i kept[TILE_COUNT];
        const ck_activation_super *same[TILE_COUNT];
        CK_UNROLL for (int c = 0; c < count; c++) {
            kept[c] = totals[c];
            same[c] = rows[c];
        }
        wide_tile(type, w, kept, same, results, count);
        return;
    }
    CK_UNROLL for (int c = 0; c < count; c++) finish(type, w, totals[c], minima[c], rows[c], results, c);
}

// Sixteen weight rows × COUNT activation rows × one super-block.
//
// What is left to do behind the products is short, since the next tile's begin only as soon as the processor looks that
// far ahead, which is less where another thread shares the core: minima are multiplied beside the products, and
// addresses of rows stay in registers. By itself the compiler keeps others there, and these in memory.
CK_INLINE void tile(ck_weight_type type, const void *panel, size_t blocks, const uint8_t *activations, size_t stride,
                    const ck_results *results, int count) {
    (void)blocks;  // one
    const ck_panel_super *w = panel;
    const bool offset = type == CK_Q6_K;
    const int pairs = offset ? 8 : 4, steps = 32 / pairs;  // steps: of four columns in a sub-block
    const int group = 4;  // activation rows whose steps alternate, so that no sum waits for its last step
    const __mmask32 low = ck_low_halves();
    const ck_activation_super *rows[TILE_COUNT];
    __m512i totals[TILE_COUNT], minima[TILE_COUNT];
    CK_UNROLL for (int c = 0; c < count; c++) {
        rows[c] = (const ck_activation_super *)(activations + (size_t)c * stride);
        __asm__("" : "+r"(rows[c]));
        totals[c] = minima[c] = _mm512_setzero_si512();
    }
    const __m512i *quants = w->quants, *factors = w->head.factors;
    size_t at = 0, part = 0;  // in a row's quants and in what it says about pairs of sub-blocks
    CK_ROLLED do {
        __asm__("" : "+r"(at), "+r"(part), "+r"(quants), "+r"(factors));
        CK_UNROLL for (int c = 0; c < count; c += group) {
            const int n = count - c < group ? count - c : group;
            __m512i sums[2][TILE_COUNT];
            CK_UNROLL for (int s = 0; s < 2; s++) {
                CK_UNROLL for (int i = 0; i < n; i++)
                    sums[s][i] = offset ? ck_broadcast((const uint8_t *)(rows[c + i]->minus_32_sums + s) + part)
                                        : _mm512_setzero_si512();
                CK_UNROLL for (int k = steps * s; k < steps * (s + 1); k++) {
                    CK_UNROLL for (int i = 0; i < n; i++)
                        sums[s][i] = _mm512_dpbusd_epi32(sums[s][i], quants[k],
                                                         ck_broadcast(rows[c + i]->quants + at + 4 * k));
                }
            }
            CK_UNROLL for (int i = 0; i < n; i++) {
                const __m512i both = ck_side_by_side(sums[0][i], sums[1][i], low);
                if (offset) {
                    totals[c + i] = ck_add_pairs(totals[c + i], both, *factors);
                    continue;
                }
                totals[c + i] = _mm512_dpwssd_epi32(totals[c + i], both, *factors);
                minima[c + i] = _mm512_dpwssd_epi32(minima[c + i], factors[CK_MINIMA],
                                                    ck_broadcast((const uint8_t *)rows[c + i]->sums + part));
            }
        }
        at += 8 * (size_t)steps;
        part += offset ? 2 * sizeof(int32_t) : 2 * sizeof(int16_t);
        quants += 2 * steps;
        factors++;
    } while (at < CK_SUPER_BLOCK);
    finish_tile(type, w, totals, minima, rows, results, count);
}

// The same with the first activation rows, while the panel is unpacked.
CK_INLINE void unpack_tile(ck_weight_type type, ck_panel_rows rows, size_t blocks, void *panel, uintptr_t next,
                           const uint8_t *activations, size_t stride, const ck_results *results, int count) {
    (void)blocks;  // one
    ck_panel_super *w = panel;
    const ck_few_activations x = ck_few_rows(activations, stride, count);
    const ck_activation_super *each[CK_FEW];
    __m512i totals[CK_FEW], minima[CK_FEW];
    ck_few_totals(type, &rows, &x, next, &w->head, totals, count, w);
    CK_UNROLL for (int c = 0; c < count; c++) {
        each[c] = (const ck_activation_super *)ck_few_activation(&x, c);
        minima[c] = ck_minima_sum(type, &w->head, each[c]);
    }
    finish_tile(type, w, totals, minima, each, results, count);
}

#include "many_body.h"

#define MULTIPLY(name, type, few) \
    CK_MULTIPLY(name, type, CK_SUPER_BLOCK, ck_activation_super, sizeof(ck_panel_super), 1, TILE_COUNT, few)

MULTIPLY(q4_k, CK_Q4_K, 24)
MULTIPLY(q5_k, CK_Q5_K, 8)
MULTIPLY(q6_k, CK_Q6_K, 8)

CK_TARGET_END
#endif
