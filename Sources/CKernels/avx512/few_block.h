// A block of sixteen rows from the file's order straight into the dot products.
#ifndef CK_AVX512_FEW_BLOCK_H
#define CK_AVX512_FEW_BLOCK_H
#include "few.h"

CK_TARGET_AVX512_BEGIN

// One block of sixteen rows.
typedef struct {
    __m512i quants[8];
    __m512 scale;
} ck_panel_block;

enum { CK_BLOCK_TILE = 12 };  // activation rows whose results and sums fit the registers

// Adds a block of sixteen rows to the results of up to CK_BLOCK_TILE activation rows. `next`: what to ask for
// meanwhile; `kept`: NULL, or where the block goes, unpacked.
CK_INLINE void ck_few_add_block(ck_weight_type type, const ck_panel_rows *rows, const ck_few_activations *x,
                                uintptr_t next, __m512 *results, int count, ck_panel_block *kept) {
    const bool bytes = type == CK_Q8_0;
    __m512i w[8], sums[CK_BLOCK_TILE];
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
        if (kept) kept->quants[k] = quants;
        CK_UNROLL for (int c = 0; c < count; c++)
            sums[c] = _mm512_dpbusd_epi32(sums[c], quants, ck_broadcast(ck_few_activation(x, c) + 4 * k));
    }
    __m512 scale = ck_gather_halves(rows, bytes ? offsetof(ck_q8_0, scale) : offsetof(ck_q4_0, scale));
    if (kept) kept->scale = scale;
    CK_UNROLL for (int c = 0; c < count; c++) {
        const ck_activation_block *a = (const ck_activation_block *)ck_few_activation(x, c);
        __m512 t = _mm512_mul_ps(scale, _mm512_cvtepi32_ps(sums[c]));
        results[c] = _mm512_fmadd_ps(t, _mm512_set1_ps(a->scale), results[c]);
    }
}

CK_TARGET_END

#endif
