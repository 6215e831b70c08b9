// A super-block of sixteen rows from the file's order straight into the dot products.
#ifndef CK_AVX512_FEW_SUPER_H
#define CK_AVX512_FEW_SUPER_H
#include "few.h"
#include "super.h"

CK_TARGET_AVX512_BEGIN

CK_INLINE int ck_super_bytes(ck_weight_type type) {
    return type == CK_Q4_K ? sizeof(ck_q4_k) : type == CK_Q5_K ? sizeof(ck_q5_k) : sizeof(ck_q6_k);
}

// A pair of sub-blocks. `nibbles`: of 32 bytes of each row, which hold for Q6_K two pairs (the low nibbles, `half` 0,
// and the high ones), for the others one; `high`: what goes above. What is wanted next is asked for line by line: many
// at once would keep the loads behind them waiting.
CK_INLINE void ck_add_pair(ck_weight_type type, const __m512i nibbles[8], int half, const __m512i high[8], int bit,
                        __m512i scales, const ck_few_activations *x, int pair, uintptr_t next, __m512i *totals,
                        int count, ck_panel_super *kept) {
    const bool offset = type == CK_Q6_K;
    const int steps = offset ? 4 : 8;  // of four columns in a sub-block
    const __mmask32 low = ck_low_halves();
    __m512i sums[2][CK_FEW];
    CK_UNROLL for (int s = 0; s < 2; s++) {
        CK_UNROLL for (int c = 0; c < count; c++) {
            const ck_activation_super *a = (const ck_activation_super *)ck_few_activation(x, c);
            sums[s][c] = offset ? ck_broadcast(&a->minus_32_sums[2 * pair + s]) : _mm512_setzero_si512();
        }
        CK_UNROLL for (int k = 0; k < steps; k++) {
            const int i = offset ? 4 * s + k : k;
            ck_prefetch(next, 16 * ck_super_bytes(type), steps * (2 * pair + s) + k, 64);
            __m512i w = ck_quants(type, nibbles[i], offset ? half : s, &high[i], offset ? bit : bit + s);
            if (kept) kept->quants[steps * (2 * pair + s) + k] = w;
            CK_UNROLL for (int c = 0; c < count; c++) {
                const uint8_t *a = ck_few_activation(x, c) + 4 * (steps * (2 * pair + s) + k);
                sums[s][c] = _mm512_dpbusd_epi32(sums[s][c], w, ck_broadcast(a));
            }
        }
    }
    CK_UNROLL for (int c = 0; c < count; c++)
        totals[c] = ck_add_pairs(totals[c], ck_side_by_side(sums[0][c], sums[1][c], low), scales);
}

// The sums over the sub-blocks of up to CK_FEW activation rows, of those whose sums fit 16 bits. `next`: what to ask
// for meanwhile; `kept`: NULL, or where the quants go, unpacked.
CK_INLINE void ck_few_totals(ck_weight_type type, const ck_panel_rows *rows, const ck_few_activations *x,
                             uintptr_t next, ck_head *head, __m512i *totals, int count, ck_panel_super *kept) {
    __m512i high[8], nibbles[8];
    CK_UNROLL for (int c = 0; c < count; c++) totals[c] = _mm512_setzero_si512();
    ck_unpack_head(type, rows, head);
    if (type == CK_Q5_K) ck_transpose_32_bytes(rows, offsetof(ck_q5_k, high), high);
    CK_UNROLL for (int g = 0; g < 4; g++) {
        if (type == CK_Q6_K && g % 2 == 0) ck_transpose_32_bytes(rows, offsetof(ck_q6_k, high) + 16 * (size_t)g, high);
        ck_transpose_32_bytes(rows, ck_nibbles_offset(type) + 32 * (size_t)g, nibbles);
        if (type == CK_Q6_K) {
            CK_UNROLL for (int half = 0; half < 2; half++) {
                const int quarter = 2 * half + g % 2, pair = 4 * (g / 2) + quarter;
                ck_add_pair(type, nibbles, half, high, 2 * quarter, head->factors[pair], x, pair, next, totals, count,
                            kept);
            }
        } else {
            ck_add_pair(type, nibbles, 0, high, 2 * g, head->factors[g], x, g, next, totals, count, kept);
        }
    }
}

CK_TARGET_END

#endif
