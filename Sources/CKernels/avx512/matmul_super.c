// Q4_K, Q5_K, Q6_K.
#include "CKernels/level.h"
#if defined(CK_X86)
#include "super.h"

#pragma STDC FP_CONTRACT OFF

CK_TARGET_AVX512_BEGIN

CK_INLINE void unpack_q4_k(const uint8_t *const rows[16], size_t offset, ck_panel_super *panel) {
    const __m512i four = _mm512_set1_epi8(15);
    ck_unpack_head(rows, offset, panel);
    CK_UNROLL for (int half = 0; half < 2; half++) {
        __m512i packed[16];
        ck_transpose_64_bytes(rows, offset + offsetof(ck_q4_k, quants) + 64 * (size_t)half, packed);
        __m512i *quants = panel->quants + 32 * half;
        CK_UNROLL for (int g = 0; g < 2; g++)
            CK_UNROLL for (int k = 0; k < 8; k++) {
                quants[16 * g + k] = _mm512_and_si512(packed[8 * g + k], four);
                quants[16 * g + 8 + k] = _mm512_and_si512(_mm512_srli_epi32(packed[8 * g + k], 4), four);
            }
    }
}

CK_INLINE void unpack_q5_k(const uint8_t *const rows[16], size_t offset, ck_panel_super *panel) {
    const __m512i four = _mm512_set1_epi8(15), fifth = _mm512_set1_epi8(16);
    ck_unpack_head(rows, offset, panel);
    __m512i high[8];
    ck_transpose_32_bytes(rows, offset + offsetof(ck_q5_k, high), high);
    CK_UNROLL for (int half = 0; half < 2; half++) {
        __m512i packed[16];
        ck_transpose_64_bytes(rows, offset + offsetof(ck_q5_k, quants) + 64 * (size_t)half, packed);
        CK_UNROLL for (int g = 0; g < 2; g++)
            CK_UNROLL for (int k = 0; k < 8; k++) {
                int j = 4 * half + 2 * g;  // the sub-block of the low halves, and the bit of `high` that is its fifth
                __m512i even = j < 4 ? _mm512_slli_epi32(high[k], (unsigned)(4 - j)) : _mm512_srli_epi32(high[k], (unsigned)(j - 4));
                __m512i odd = j < 3 ? _mm512_slli_epi32(high[k], (unsigned)(3 - j)) : _mm512_srli_epi32(high[k], (unsigned)(j - 3));
                __m512i low = packed[8 * g + k];
                panel->quants[8 * j + k] =
                    _mm512_or_si512(_mm512_and_si512(low, four), _mm512_and_si512(even, fifth));
                panel->quants[8 * j + 8 + k] = _mm512_or_si512(_mm512_and_si512(_mm512_srli_epi32(low, 4), four),
                                                               _mm512_and_si512(odd, fifth));
            }
    }
}

CK_INLINE void unpack_q6_k(const uint8_t *const rows[16], size_t offset, ck_panel_super *panel) {
    const __m512i four = _mm512_set1_epi8(15), top = _mm512_set1_epi8(48);
    panel->scale = ck_gather_halves(rows, offset + offsetof(ck_q6_k, scale));
    __m512i packed_scales[4];
    ck_transpose_16_bytes(rows, offset + offsetof(ck_q6_k, scales), packed_scales);
    CK_UNROLL for (int j = 0; j < 16; j++)
        panel->scales[j] = _mm512_srai_epi32(_mm512_slli_epi32(packed_scales[j / 4], (unsigned)(24 - 8 * (j % 4))), 24);
    CK_UNROLL for (int half = 0; half < 2; half++) {
        __m512i low[16], high[8];
        ck_transpose_64_bytes(rows, offset + offsetof(ck_q6_k, low) + 64 * (size_t)half, low);
        ck_transpose_32_bytes(rows, offset + offsetof(ck_q6_k, high) + 32 * (size_t)half, high);
        __m512i *quants = panel->quants + 32 * half;
        CK_UNROLL for (int k = 0; k < 8; k++) {
            __m512i h = high[k], a = low[k], b = low[8 + k];
            quants[k] = _mm512_or_si512(_mm512_and_si512(a, four), _mm512_and_si512(_mm512_slli_epi32(h, 4), top));
            quants[8 + k] = _mm512_or_si512(_mm512_and_si512(b, four), _mm512_and_si512(_mm512_slli_epi32(h, 2), top));
            quants[16 + k] = _mm512_or_si512(_mm512_and_si512(_mm512_srli_epi32(a, 4), four), _mm512_and_si512(h, top));
            quants[24 + k] = _mm512_or_si512(_mm512_and_si512(_mm512_srli_epi32(b, 4), four),
                                             _mm512_and_si512(_mm512_srli_epi32(h, 2), top));
        }
    }
}

// Sixteen rows × COUNT activation rows × one super-block, added to the output.
CK_INLINE void tile_minima(const ck_panel_super *panel, const uint8_t *activations, size_t stride, float *output,
                           size_t output_stride, __mmask16 mask, bool start, int count) {
    __m512i totals[12];
    CK_UNROLL for (int c = 0; c < count; c++) totals[c] = _mm512_setzero_si512();
    CK_ROLLED for (int j = 0; j < 8; j++) {
        __m512i sums[12];
        CK_UNROLL for (int c = 0; c < count; c++) sums[c] = _mm512_setzero_si512();
        const uint8_t *a = activations + 32 * j;
        CK_UNROLL for (int k = 0; k < 8; k++) {
            __m512i w = panel->quants[8 * j + k];
            CK_UNROLL for (int c = 0; c < count; c++)
                sums[c] = _mm512_dpbusd_epi32(sums[c], w, ck_broadcast(a + (size_t)c * stride + 4 * k));
        }
        CK_UNROLL for (int c = 0; c < count; c++)
            totals[c] = _mm512_add_epi32(totals[c], _mm512_mullo_epi32(sums[c], panel->scales[j]));
    }
    CK_UNROLL for (int c = 0; c < count; c++) {
        const ck_activation_super *a = (const ck_activation_super *)(activations + (size_t)c * stride);
        __m512i minima = _mm512_setzero_si512();
        CK_UNROLL for (int j = 0; j < 4; j++) minima = _mm512_dpwssd_epi32(minima, panel->minima[j], ck_broadcast(a->sums + 2 * j));
        float *out = output + (size_t)c * output_stride;
        __m512 result = start ? _mm512_setzero_ps() : _mm512_maskz_loadu_ps(mask, out);
        __m512 t = _mm512_mul_ps(panel->minimum_scale, _mm512_cvtepi32_ps(minima));
        t = _mm512_fmsub_ps(panel->scale, _mm512_cvtepi32_ps(totals[c]), t);
        _mm512_mask_storeu_ps(out, mask, _mm512_fmadd_ps(t, _mm512_set1_ps(a->scale), result));
    }
}

CK_INLINE void tile_q6(const ck_panel_super *panel, const uint8_t *activations, size_t stride, float *output,
                       size_t output_stride, __mmask16 mask, bool start, int count) {
    __m512i totals[12];
    CK_UNROLL for (int c = 0; c < count; c++) totals[c] = _mm512_setzero_si512();
    CK_ROLLED for (int j = 0; j < 16; j++) {
        __m512i sums[12];
        const uint8_t *a = activations + 16 * j;
        const uint8_t *offsets = activations + offsetof(ck_activation_super, minus_32_sums) + 4 * j;
        CK_UNROLL for (int c = 0; c < count; c++) sums[c] = ck_broadcast(offsets + (size_t)c * stride);
        CK_UNROLL for (int k = 0; k < 4; k++) {
            __m512i w = panel->quants[4 * j + k];
            CK_UNROLL for (int c = 0; c < count; c++)
                sums[c] = _mm512_dpbusd_epi32(sums[c], w, ck_broadcast(a + (size_t)c * stride + 4 * k));
        }
        CK_UNROLL for (int c = 0; c < count; c++)
            totals[c] = _mm512_add_epi32(totals[c], _mm512_mullo_epi32(sums[c], panel->scales[j]));
    }
    CK_UNROLL for (int c = 0; c < count; c++) {
        const ck_activation_super *a = (const ck_activation_super *)(activations + (size_t)c * stride);
        float *out = output + (size_t)c * output_stride;
        __m512 result = start ? _mm512_setzero_ps() : _mm512_maskz_loadu_ps(mask, out);
        __m512 t = _mm512_mul_ps(panel->scale, _mm512_cvtepi32_ps(totals[c]));
        _mm512_mask_storeu_ps(out, mask, _mm512_fmadd_ps(t, _mm512_set1_ps(a->scale), result));
    }
}

// All activation rows against panels of sixteen weight rows, a kilocolumn at a time.
#define MULTIPLY(name, block, unpack, tile)                                                                       \
    void ck_avx512_multiply_##name(const ck_product *p, size_t first, size_t end, void *scratch) {                \
        ck_panel_super *panel = scratch;                                                                          \
        if (p->count <= CK_FEW) {                                                                                 \
            ck_avx512_few_##name(p, first, end, scratch);                                                         \
            return;                                                                                               \
        }                                                                                                         \
        ck_prefetch_start(p, first, end, CK_PANEL_ROWS);                                                          \
        size_t tiles = (p->count + CK_TILE_COUNT - 1) / CK_TILE_COUNT;                                            \
        for (size_t row = first; row < end; row += CK_PANEL_ROWS) {                                               \
            const uint8_t *rows[16];                                                                              \
            ck_panel_rows(p, row, end, rows);                                                                     \
            __mmask16 mask = ck_panel_mask(row, end);                                                             \
            for (size_t column = 0; column < p->columns; column += CK_PANEL_COLUMNS) {                            \
                size_t left = p->columns - column;                                                                \
                size_t blocks = (left < CK_PANEL_COLUMNS ? left : CK_PANEL_COLUMNS) / CK_SUPER_BLOCK;             \
                for (size_t b = 0; b < blocks; b++) {                                                             \
                    ck_prefetch(ck_prefetch_next(p, row, CK_PANEL_ROWS) + (column / CK_SUPER_BLOCK + b) * 16 * sizeof(block),\
                                16 * sizeof(block), 0, 1);                                                        \
                    unpack(rows, (column / CK_SUPER_BLOCK + b) * sizeof(block), panel + b);                       \
                }                                                                                                 \
                for (size_t t = 0; t < tiles; t++) {                                                              \
                    size_t at = p->count * t / tiles, count = p->count * (t + 1) / tiles - at;                    \
                    const uint8_t *a = p->activations + at * p->activation_bytes +                                \
                                       column / CK_SUPER_BLOCK * sizeof(ck_activation_super);                     \
                    float *out = p->output + at * p->output_stride + row;                                         \
                    for (size_t b = 0; b < blocks; b++) {                                                         \
                        const uint8_t *ab = a + b * sizeof(ck_activation_super);                                  \
                        bool start = column == 0 && b == 0;                                                       \
                        CK_TILES(count, CALL_##tile)                                                              \
                    }                                                                                             \
                }                                                                                                 \
            }                                                                                                     \
        }                                                                                                         \
    }

#define CALL_tile_minima(n) tile_minima(panel + b, ab, p->activation_bytes, out, p->output_stride, mask, start, n)
#define CALL_tile_q6(n) tile_q6(panel + b, ab, p->activation_bytes, out, p->output_stride, mask, start, n)

MULTIPLY(q4_k, ck_q4_k, unpack_q4_k, tile_minima)
MULTIPLY(q5_k, ck_q5_k, unpack_q5_k, tile_minima)
MULTIPLY(q6_k, ck_q6_k, unpack_q6_k, tile_q6)

CK_TARGET_END
#endif
