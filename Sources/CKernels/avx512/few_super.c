// Q4_K, Q5_K and Q6_K with few activation rows: weights go from the file's order straight into the dot products.
#include "CKernels/level.h"
#if defined(CK_X86)
#include "few_super.h"

#pragma STDC FP_CONTRACT OFF

CK_TARGET_AVX512_BEGIN

// Other totals for the activation rows that have sums that may not fit 16 bits.
static __attribute__((noinline, cold)) void wide_totals(ck_weight_type type, const ck_panel_rows *rows,
                                                        const uint8_t *activations, size_t stride, __m512i *totals,
                                                        int count) {
    ck_panel_super panel;
    const ck_few_activations x = ck_few_rows(activations, stride, 1);
    const uintptr_t here = (uintptr_t)rows->of[0];
    __m512i narrow[1];
    if (type == CK_Q4_K) ck_few_totals(CK_Q4_K, rows, &x, here, &panel.head, narrow, 1, &panel);
    if (type == CK_Q5_K) ck_few_totals(CK_Q5_K, rows, &x, here, &panel.head, narrow, 1, &panel);
    if (type == CK_Q6_K) ck_few_totals(CK_Q6_K, rows, &x, here, &panel.head, narrow, 1, &panel);
    for (int c = 0; c < count; c++) {
        const ck_activation_super *a = (const ck_activation_super *)(activations + (size_t)c * stride);
        if (ck_sums_room(type, a) < 0) totals[c] = ck_wide_total(&panel, a, type == CK_Q6_K ? 8 : 4, type == CK_Q6_K);
    }
}

// Adds a super-block of sixteen rows to the results.
CK_INLINE void block(ck_weight_type type, const ck_panel_rows *rows, const ck_few_activations *x, uintptr_t next,
                     __m512 *results, int count) {
    ck_head head;
    __m512i totals[CK_FEW];
    ck_few_totals(type, rows, x, next, &head, totals, count, NULL);
    int32_t room = 0;
    CK_UNROLL for (int c = 0; c < count; c++)
        room |= ck_sums_room(type, (const ck_activation_super *)ck_few_activation(x, c));
    if (__builtin_expect(room < 0, false)) {
        __m512i again[CK_FEW];
        CK_UNROLL for (int c = 0; c < count; c++) again[c] = totals[c];
        const ck_panel_rows same = *rows;
        wide_totals(type, &same, x->of[0], x->stride, again, count);
        CK_UNROLL for (int c = 0; c < count; c++) totals[c] = again[c];
    }
    CK_UNROLL for (int c = 0; c < count; c++) {
        const ck_activation_super *a = (const ck_activation_super *)ck_few_activation(x, c);
        __m512 t = ck_super_product(type, &head, totals[c], ck_minima_sum(type, &head, a));
        results[c] = _mm512_fmadd_ps(t, _mm512_set1_ps(a->scale), results[c]);
    }
}

#define FEW(name, type) CK_FEW_COUNTS(name, type, CK_SUPER_BLOCK, ck_activation_super)

FEW(q4_k, CK_Q4_K)
FEW(q5_k, CK_Q5_K)
FEW(q6_k, CK_Q6_K)

CK_TARGET_END
#endif
