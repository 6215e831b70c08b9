// Q4_K, Q5_K and Q6_K with few activation rows: weights go from the file's order straight into the dot products.
#include "CKernels/level.h"
#if defined(CK_X86)
#include "few.h"
#include "super.h"

#pragma STDC FP_CONTRACT OFF

CK_TARGET_AVX512_BEGIN

CK_INLINE int block_bytes(ck_weight_type type) {
    return type == CK_Q4_K ? sizeof(ck_q4_k) : type == CK_Q5_K ? sizeof(ck_q5_k) : sizeof(ck_q6_k);
}

// A pair of sub-blocks. `nibbles`: of 32 bytes of each row, which hold for Q6_K two pairs (the low nibbles, `half` 0,
// and the high ones), for the others one; `high`: what goes above. What is wanted next is asked for line by line: many
// at once would keep the loads behind them waiting.
CK_INLINE void add_pair(ck_weight_type type, const __m512i nibbles[8], int half, const __m512i high[8], int bit,
                        __m512i scales, const ck_few_activations *x, int pair, uintptr_t next, __m512i *totals,
                        int count) {
    const bool offset = type == CK_Q6_K;
    const int steps = offset ? 4 : 8;  // of four columns in a sub-block
    __m512i sums[2][CK_FEW];
    CK_UNROLL for (int s = 0; s < 2; s++) {
        CK_UNROLL for (int c = 0; c < count; c++) {
            const ck_activation_super *a = (const ck_activation_super *)ck_few_activation(x, c);
            sums[s][c] = offset ? ck_broadcast(&a->minus_32_sums[2 * pair + s]) : _mm512_setzero_si512();
        }
        CK_UNROLL for (int k = 0; k < steps; k++) {
            const int i = offset ? 4 * s + k : k;
            ck_prefetch(next, 16 * block_bytes(type), steps * (2 * pair + s) + k, 64);
            __m512i w = ck_quants(type, nibbles[i], offset ? half : s, &high[i], offset ? bit : bit + s);
            CK_UNROLL for (int c = 0; c < count; c++) {
                const uint8_t *a = ck_few_activation(x, c) + 4 * (steps * (2 * pair + s) + k);
                sums[s][c] = _mm512_dpbusd_epi32(sums[s][c], w, ck_broadcast(a));
            }
        }
    }
    CK_UNROLL for (int c = 0; c < count; c++)
        totals[c] = ck_add_pairs(totals[c], ck_side_by_side(sums[0][c], sums[1][c]), scales);
}

// Other totals for the activation rows that have sums that may not fit 16 bits.
static __attribute__((noinline, cold)) void wide_totals(ck_weight_type type, const ck_panel_rows *rows,
                                                        const uint8_t *activations, size_t stride, __m512i *totals,
                                                        int count) {
    ck_panel_super panel;
    if (type == CK_Q4_K) ck_unpack_super(CK_Q4_K, rows, &panel);
    if (type == CK_Q5_K) ck_unpack_super(CK_Q5_K, rows, &panel);
    if (type == CK_Q6_K) ck_unpack_super(CK_Q6_K, rows, &panel);
    for (int c = 0; c < count; c++) {
        const ck_activation_super *a = (const ck_activation_super *)(activations + (size_t)c * stride);
        if (!ck_sums_fit(type, a)) totals[c] = ck_wide_total(&panel, a, type == CK_Q6_K ? 8 : 4, type == CK_Q6_K);
    }
}

// Adds a super-block of sixteen rows to the results.
CK_INLINE void block(ck_weight_type type, const ck_panel_rows *rows, const ck_few_activations *x, uintptr_t next,
                     __m512 *results, int count) {
    ck_head head;
    __m512i high[8], nibbles[8], totals[CK_FEW];
    CK_UNROLL for (int c = 0; c < count; c++) totals[c] = _mm512_setzero_si512();
    ck_unpack_head(type, rows, &head);
    if (type == CK_Q5_K) ck_transpose_32_bytes(rows, offsetof(ck_q5_k, high), high);
    CK_UNROLL for (int g = 0; g < 4; g++) {
        if (type == CK_Q6_K && g % 2 == 0) ck_transpose_32_bytes(rows, offsetof(ck_q6_k, high) + 16 * (size_t)g, high);
        ck_transpose_32_bytes(rows, ck_nibbles_offset(type) + 32 * (size_t)g, nibbles);
        if (type == CK_Q6_K) {
            CK_UNROLL for (int half = 0; half < 2; half++) {
                const int quarter = 2 * half + g % 2, pair = 4 * (g / 2) + quarter;
                add_pair(type, nibbles, half, high, 2 * quarter, head.scales[pair], x, pair, next, totals, count);
            }
        } else {
            add_pair(type, nibbles, 0, high, 2 * g, head.scales[g], x, g, next, totals, count);
        }
    }
    bool fit = true;
    CK_UNROLL for (int c = 0; c < count; c++)
        fit &= ck_sums_fit(type, (const ck_activation_super *)ck_few_activation(x, c));
    if (__builtin_expect(!fit, false)) {
        __m512i again[CK_FEW];
        CK_UNROLL for (int c = 0; c < count; c++) again[c] = totals[c];
        const ck_panel_rows same = *rows;
        wide_totals(type, &same, x->of[0], x->stride, again, count);
        CK_UNROLL for (int c = 0; c < count; c++) totals[c] = again[c];
    }
    CK_UNROLL for (int c = 0; c < count; c++) {
        const ck_activation_super *a = (const ck_activation_super *)ck_few_activation(x, c);
        __m512 t = ck_super_product(&head, totals[c], a, type != CK_Q6_K);
        results[c] = _mm512_fmadd_ps(t, _mm512_set1_ps(a->scale), results[c]);
    }
}

#define FEW(name, type) CK_FEW_COUNTS(name, type, CK_SUPER_BLOCK, ck_activation_super)

FEW(q4_k, CK_Q4_K)
FEW(q5_k, CK_Q5_K)
FEW(q6_k, CK_Q6_K)

CK_TARGET_END
#endif
