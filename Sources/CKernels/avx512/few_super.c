// Q4_K, Q5_K and Q6_K with few activation rows.
#include "CKernels/level.h"
#if defined(CK_X86)
#include "few.h"
#include "super.h"

#pragma STDC FP_CONTRACT OFF

CK_TARGET_AVX512_BEGIN

// total += scale · sum, in integers.
CK_INLINE __m512i scaled(__m512i total, __m512i sum, __m512i scale) {
    return _mm512_add_epi32(total, _mm512_mullo_epi32(sum, scale));
}

// One group of 32 bytes: two sub-blocks of 32 columns, in the low and in the high halves of the bytes. `fifth`: NULL,
// or the bytes whose bits `bit` and `bit` + 1 are the fifth ones of the two.
CK_INLINE void group(const __m512i w[8], const __m512i *fifth, int bit, __m512i low_scale, __m512i high_scale,
                     const uint8_t *activations, size_t stride, __m512i *totals, int count) {
    const __m512i four = _mm512_set1_epi8(15), sixteen = _mm512_set1_epi8(16);
    __m512i low[CK_FEW], high[CK_FEW];
    CK_UNROLL for (int c = 0; c < count; c++) low[c] = high[c] = _mm512_setzero_si512();
    CK_UNROLL for (int k = 0; k < 8; k++) {
        __m512i l = _mm512_and_si512(w[k], four), h = _mm512_and_si512(_mm512_srli_epi32(w[k], 4), four);
        if (fifth) {
            __m512i f = fifth[k];
            __m512i a = bit < 4 ? _mm512_slli_epi32(f, (unsigned)(4 - bit)) : _mm512_srli_epi32(f, (unsigned)(bit - 4));
            __m512i b = bit < 3 ? _mm512_slli_epi32(f, (unsigned)(3 - bit)) : _mm512_srli_epi32(f, (unsigned)(bit - 3));
            l = _mm512_or_si512(l, _mm512_and_si512(a, sixteen));
            h = _mm512_or_si512(h, _mm512_and_si512(b, sixteen));
        }
        CK_UNROLL for (int c = 0; c < count; c++) {
            const uint8_t *a = activations + (size_t)c * stride + 4 * k;
            low[c] = _mm512_dpbusd_epi32(low[c], l, ck_broadcast(a));
            high[c] = _mm512_dpbusd_epi32(high[c], h, ck_broadcast(a + 32));
        }
    }
    CK_UNROLL for (int c = 0; c < count; c++) {
        totals[c] = scaled(totals[c], low[c], low_scale);
        totals[c] = scaled(totals[c], high[c], high_scale);
    }
}

// Adds a super-block with minima to the results.
CK_INLINE void finish(const ck_head *head, const __m512i *totals, const uint8_t *activations, size_t stride,
                      __m512 *results, int count) {
    CK_UNROLL for (int c = 0; c < count; c++) {
        const ck_activation_super *a = (const ck_activation_super *)(activations + (size_t)c * stride);
        __m512i minima = _mm512_setzero_si512();
        CK_UNROLL for (int j = 0; j < 4; j++)
            minima = _mm512_dpwssd_epi32(minima, head->minima[j], ck_broadcast(a->sums + 2 * j));
        __m512 t = _mm512_mul_ps(head->minimum_scale, _mm512_cvtepi32_ps(minima));
        t = _mm512_fmsub_ps(head->scale, _mm512_cvtepi32_ps(totals[c]), t);
        results[c] = _mm512_fmadd_ps(t, _mm512_set1_ps(a->scale), results[c]);
    }
}

CK_INLINE void block_q4_k(const uint8_t *const rows[16], size_t offset, const uint8_t *activations, size_t stride,
                          uintptr_t next, __m512 *results, int count) {
    ck_head head;
    ck_unpack_head(rows, offset, &head);
    __m512i totals[CK_FEW];
    CK_UNROLL for (int c = 0; c < count; c++) totals[c] = _mm512_setzero_si512();
    CK_UNROLL for (int g = 0; g < 4; g++) {
        ck_prefetch(next, 16 * sizeof(ck_q4_k), g, 4);
        __m512i w[8];
        ck_transpose_32_bytes(rows, offset + offsetof(ck_q4_k, quants) + 32 * (size_t)g, w);
        group(w, NULL, 0, head.scales[2 * g], head.scales[2 * g + 1], activations + 64 * g, stride, totals, count);
    }
    finish(&head, totals, activations, stride, results, count);
}

CK_INLINE void block_q5_k(const uint8_t *const rows[16], size_t offset, const uint8_t *activations, size_t stride,
                          uintptr_t next, __m512 *results, int count) {
    ck_head head;
    ck_unpack_head(rows, offset, &head);
    __m512i totals[CK_FEW], fifth[8];
    CK_UNROLL for (int c = 0; c < count; c++) totals[c] = _mm512_setzero_si512();
    ck_transpose_32_bytes(rows, offset + offsetof(ck_q5_k, high), fifth);
    CK_UNROLL for (int g = 0; g < 4; g++) {
        ck_prefetch(next, 16 * sizeof(ck_q5_k), g, 4);
        __m512i w[8];
        ck_transpose_32_bytes(rows, offset + offsetof(ck_q5_k, quants) + 32 * (size_t)g, w);
        group(w, fifth, 2 * g, head.scales[2 * g], head.scales[2 * g + 1], activations + 64 * g, stride, totals, count);
    }
    finish(&head, totals, activations, stride, results, count);
}

CK_INLINE void block_q6_k(const uint8_t *const rows[16], size_t offset, const uint8_t *activations, size_t stride,
                          uintptr_t next, __m512 *results, int count) {
    const __m512i four = _mm512_set1_epi8(15), top = _mm512_set1_epi8(48);
    __m512i totals[CK_FEW], scales[4];
    CK_UNROLL for (int c = 0; c < count; c++) totals[c] = _mm512_setzero_si512();
    ck_transpose_16_bytes(rows, offset + offsetof(ck_q6_k, scales), scales);
    CK_UNROLL for (int part = 0; part < 4; part++) {
        // A quarter of the bytes: sub-blocks `first`, + 2, + 4, + 6.
        ck_prefetch(next, 16 * sizeof(ck_q6_k), part, 4);
        int half = part / 2, sixteen = part % 2, first = 8 * half + sixteen;
        __m512i a[4], b[4], h[4], sums[4][CK_FEW];
        size_t low = offset + offsetof(ck_q6_k, low) + (size_t)(64 * half + 16 * sixteen);
        ck_transpose_16_bytes(rows, low, a);
        ck_transpose_16_bytes(rows, low + 32, b);
        ck_transpose_16_bytes(rows, offset + offsetof(ck_q6_k, high) + (size_t)(32 * half + 16 * sixteen), h);
        const uint8_t *x = activations + 16 * first;
        CK_UNROLL for (int q = 0; q < 4; q++)
            CK_UNROLL for (int c = 0; c < count; c++)
                sums[q][c] = ck_broadcast(activations + (size_t)c * stride +
                                          offsetof(ck_activation_super, minus_32_sums) + 4 * (first + 2 * q));
        CK_UNROLL for (int k = 0; k < 4; k++) {
            __m512i w[4];
            w[0] = _mm512_or_si512(_mm512_and_si512(a[k], four), _mm512_and_si512(_mm512_slli_epi32(h[k], 4), top));
            w[1] = _mm512_or_si512(_mm512_and_si512(b[k], four), _mm512_and_si512(_mm512_slli_epi32(h[k], 2), top));
            w[2] = _mm512_or_si512(_mm512_and_si512(_mm512_srli_epi32(a[k], 4), four), _mm512_and_si512(h[k], top));
            w[3] = _mm512_or_si512(_mm512_and_si512(_mm512_srli_epi32(b[k], 4), four),
                                   _mm512_and_si512(_mm512_srli_epi32(h[k], 2), top));
            CK_UNROLL for (int q = 0; q < 4; q++)
                CK_UNROLL for (int c = 0; c < count; c++)
                    sums[q][c] = _mm512_dpbusd_epi32(sums[q][c], w[q],
                                                     ck_broadcast(x + (size_t)c * stride + 32 * q + 4 * k));
        }
        CK_UNROLL for (int q = 0; q < 4; q++) {
            int j = first + 2 * q;
            __m512i scale = _mm512_srai_epi32(_mm512_slli_epi32(scales[j / 4], (unsigned)(24 - 8 * (j % 4))), 24);
            CK_UNROLL for (int c = 0; c < count; c++) totals[c] = scaled(totals[c], sums[q][c], scale);
        }
    }
    __m512 scale = ck_gather_halves(rows, offset + offsetof(ck_q6_k, scale));
    CK_UNROLL for (int c = 0; c < count; c++) {
        const ck_activation_super *a = (const ck_activation_super *)(activations + (size_t)c * stride);
        __m512 t = _mm512_mul_ps(scale, _mm512_cvtepi32_ps(totals[c]));
        results[c] = _mm512_fmadd_ps(t, _mm512_set1_ps(a->scale), results[c]);
    }
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
            size_t blocks = p->columns / CK_SUPER_BLOCK;                                                          \
            CK_ROLLED for (size_t b = 0; b < blocks; b++, a += sizeof(ck_activation_super)) {                     \
                block_##name(rows, b * sizeof(block), a, p->activation_bytes, next, results, count);              \
                next += 16 * sizeof(block);                                                                       \
            }                                                                                                     \
            CK_UNROLL for (int c = 0; c < count; c++)                                                             \
                _mm512_mask_storeu_ps(p->output + (size_t)c * p->output_stride + row, mask, results[c]);          \
        }                                                                                                         \
    }                                                                                                             \
    CK_FEW_COUNTS(name)

FEW(q4_k, ck_q4_k)
FEW(q5_k, ck_q5_k)
FEW(q6_k, ck_q6_k)

CK_TARGET_END
#endif
