// Q8_0 and Q4_0 with few activation rows.
#include "CKernels/level.h"
#if defined(CK_X86)
#include "few.h"

#pragma STDC FP_CONTRACT OFF

CK_TARGET_AVX512_BEGIN

// Adds a block of sixteen rows to the results.
CK_INLINE void block(ck_weight_type type, const ck_panel_rows *rows, const ck_few_activations *x, uintptr_t next,
                     __m512 *results, int count) {
    const bool bytes = type == CK_Q8_0;
    __m512i w[8], sums[CK_FEW];
    if (bytes)
        ck_transpose_32_bytes(rows, offsetof(ck_q8_0, quants), w);
    else
        ck_transpose_16_bytes(rows, offsetof(ck_q4_0, quants), w);
    CK_UNROLL for (int c = 0; c < count; c++) {
        const ck_activation_block *a = (const ck_activation_block *)ck_few_activation(x, c);
        sums[c] = ck_broadcast(bytes ? &a->minus_128_sum : &a->minus_8_sum);
    }
    CK_UNROLL for (int k = 0; k < 8; k++) {
        ck_prefetch(next, bytes ? 16 * sizeof(ck_q8_0) : 16 * sizeof(ck_q4_0), k, 8);
        __m512i quants = bytes ? _mm512_xor_si512(w[k], _mm512_set1_epi8(-128))
                               : _mm512_and_si512(k < 4 ? w[k] : _mm512_srli_epi32(w[k - 4], 4), _mm512_set1_epi8(15));
        CK_UNROLL for (int c = 0; c < count; c++)
            sums[c] = _mm512_dpbusd_epi32(sums[c], quants, ck_broadcast(ck_few_activation(x, c) + 4 * k));
    }
    __m512 scale = ck_gather_halves(rows, bytes ? offsetof(ck_q8_0, scale) : offsetof(ck_q4_0, scale));
    CK_UNROLL for (int c = 0; c < count; c++) {
        const ck_activation_block *a = (const ck_activation_block *)ck_few_activation(x, c);
        __m512 t = _mm512_mul_ps(scale, _mm512_cvtepi32_ps(sums[c]));
        results[c] = _mm512_fmadd_ps(t, _mm512_set1_ps(a->scale), results[c]);
    }
}

#define FEW(name, type) CK_FEW_COUNTS(name, type, CK_BLOCK, ck_activation_block)

FEW(q8_0, CK_Q8_0)
FEW(q4_0, CK_Q4_0)

CK_TARGET_END
#endif
