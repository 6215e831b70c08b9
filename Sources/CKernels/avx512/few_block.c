// Q8_0 and Q4_0 with few activation rows.
#include "CKernels/level.h"
#if defined(CK_X86)
#include "few.h"
#include "panel.h"

#pragma STDC FP_CONTRACT OFF

CK_TARGET_AVX512_BEGIN

// Adds a block's exact sums, scaled, to the results.
CK_INLINE void finish(__m512 scale, const __m512i *sums, const uint8_t *activations, size_t stride, __m512 *results,
                      int count) {
    CK_UNROLL for (int c = 0; c < count; c++) {
        const ck_activation_block *a = (const ck_activation_block *)(activations + (size_t)c * stride);
        __m512 t = _mm512_mul_ps(scale, _mm512_cvtepi32_ps(sums[c]));
        results[c] = _mm512_fmadd_ps(t, _mm512_set1_ps(a->scale), results[c]);
    }
}

CK_INLINE void block_q8_0(const uint8_t *const rows[16], size_t offset, const uint8_t *activations, size_t stride,
                          __m512 *results, int count) {
    __m512i w[8], sums[CK_FEW];
    ck_transpose_32_bytes(rows, offset + offsetof(ck_q8_0, quants), w);
    CK_UNROLL for (int c = 0; c < count; c++)
        sums[c] = ck_broadcast(activations + (size_t)c * stride + offsetof(ck_activation_block, minus_128_sum));
    CK_UNROLL for (int k = 0; k < 8; k++) {
        __m512i quants = _mm512_xor_si512(w[k], _mm512_set1_epi8(-128));
        CK_UNROLL for (int c = 0; c < count; c++)
            sums[c] = _mm512_dpbusd_epi32(sums[c], quants, ck_broadcast(activations + (size_t)c * stride + 4 * k));
    }
    finish(ck_gather_halves(rows, offset), sums, activations, stride, results, count);
}

CK_INLINE void block_q4_0(const uint8_t *const rows[16], size_t offset, const uint8_t *activations, size_t stride,
                          __m512 *results, int count) {
    const __m512i four = _mm512_set1_epi8(15);
    __m512i w[4], sums[CK_FEW];
    ck_transpose_16_bytes(rows, offset + offsetof(ck_q4_0, quants), w);
    CK_UNROLL for (int c = 0; c < count; c++)
        sums[c] = ck_broadcast(activations + (size_t)c * stride + offsetof(ck_activation_block, minus_8_sum));
    CK_UNROLL for (int k = 0; k < 4; k++) {
        __m512i low = _mm512_and_si512(w[k], four), high = _mm512_and_si512(_mm512_srli_epi32(w[k], 4), four);
        CK_UNROLL for (int c = 0; c < count; c++) {
            const uint8_t *a = activations + (size_t)c * stride + 4 * k;
            sums[c] = _mm512_dpbusd_epi32(sums[c], low, ck_broadcast(a));
            sums[c] = _mm512_dpbusd_epi32(sums[c], high, ck_broadcast(a + 16));
        }
    }
    finish(ck_gather_halves(rows, offset), sums, activations, stride, results, count);
}

#define FEW(name, block)                                                                                          \
    CK_INLINE void few_##name(const ck_product *p, size_t first, size_t end, int count) {                         \
        ck_prefetch_start(p, first, end, CK_PANEL_ROWS);                                                          \
        for (size_t row = first; row < end; row += CK_PANEL_ROWS) {                                               \
            const uint8_t *rows[16];                                                                              \
            ck_panel_rows(p, row, end, rows);                                                                     \
            __mmask16 mask = ck_panel_mask(row, end);                                                             \
            __m512 results[CK_FEW];                                                                               \
            CK_UNROLL for (int c = 0; c < count; c++) results[c] = _mm512_setzero_ps();                           \
            const uint8_t *a = p->activations;                                                                    \
            uintptr_t next = ck_prefetch_next(p, row, CK_PANEL_ROWS);                                             \
            size_t blocks = p->columns / CK_BLOCK;                                                                \
            CK_ROLLED for (size_t b = 0; b < blocks; b++, a += sizeof(ck_activation_block)) {                     \
                ck_prefetch(next + b * 16 * sizeof(block), 16 * sizeof(block), 0, 1);                             \
                block_##name(rows, b * sizeof(block), a, p->activation_bytes, results, count);                    \
            }                                                                                                     \
            CK_UNROLL for (int c = 0; c < count; c++)                                                             \
                _mm512_mask_storeu_ps(p->output + (size_t)c * p->output_stride + row, mask, results[c]);          \
        }                                                                                                         \
    }                                                                                                             \
    CK_FEW_COUNTS(name)

FEW(q8_0, ck_q8_0)
FEW(q4_0, ck_q4_0)

CK_TARGET_END
#endif
