// Q8_0 and Q4_0.
#include "CKernels/level.h"
#if defined(CK_X86)
#include "matmul.h"
#include "panel.h"

#pragma STDC FP_CONTRACT OFF

CK_TARGET_AVX512_BEGIN

CK_INLINE void unpack_q8_0(const uint8_t *const rows[16], size_t offset, ck_panel_block *panel) {
    __m512i quants[8];
    panel->scale = ck_gather_halves(rows, offset);
    ck_transpose_32_bytes(rows, offset + offsetof(ck_q8_0, quants), quants);
    CK_UNROLL for (int k = 0; k < 8; k++) panel->quants[k] = _mm512_xor_si512(quants[k], _mm512_set1_epi8(-128));
}

CK_INLINE void unpack_q4_0(const uint8_t *const rows[16], size_t offset, ck_panel_block *panel) {
    const __m512i four = _mm512_set1_epi8(15);
    __m512i packed[4];
    panel->scale = ck_gather_halves(rows, offset);
    ck_transpose_16_bytes(rows, offset + offsetof(ck_q4_0, quants), packed);
    CK_UNROLL for (int k = 0; k < 4; k++) {
        panel->quants[k] = _mm512_and_si512(packed[k], four);
        panel->quants[4 + k] = _mm512_and_si512(_mm512_srli_epi32(packed[k], 4), four);
    }
}

// Sixteen rows × COUNT activation rows × `blocks` blocks, added to the output. `offset`: where an activation block
// keeps the sum that takes the weights' offset away.
CK_INLINE void tile(const ck_panel_block *panel, size_t blocks, const uint8_t *activations, size_t stride, size_t offset,
                    float *output, size_t output_stride, __mmask16 mask, bool start, int count) {
    __m512 results[12];
    CK_UNROLL for (int c = 0; c < count; c++)
        results[c] = start ? _mm512_setzero_ps() : _mm512_maskz_loadu_ps(mask, output + (size_t)c * output_stride);
    for (size_t b = 0; b < blocks; b++, panel++, activations += sizeof(ck_activation_block)) {
        __m512i sums[12];
        CK_UNROLL for (int c = 0; c < count; c++) sums[c] = ck_broadcast(activations + (size_t)c * stride + offset);
        CK_UNROLL for (int k = 0; k < 8; k++) {
            __m512i w = panel->quants[k];
            CK_UNROLL for (int c = 0; c < count; c++)
                sums[c] = _mm512_dpbusd_epi32(sums[c], w, ck_broadcast(activations + (size_t)c * stride + 4 * k));
        }
        CK_UNROLL for (int c = 0; c < count; c++) {
            const ck_activation_block *a = (const ck_activation_block *)(activations + (size_t)c * stride);
            __m512 t = _mm512_mul_ps(panel->scale, _mm512_cvtepi32_ps(sums[c]));
            results[c] = _mm512_fmadd_ps(t, _mm512_set1_ps(a->scale), results[c]);
        }
    }
    CK_UNROLL for (int c = 0; c < count; c++) _mm512_mask_storeu_ps(output + (size_t)c * output_stride, mask, results[c]);
}

#define MULTIPLY(name, block, unpack, sum)                                                                        \
    void ck_avx512_multiply_##name(const ck_product *p, size_t first, size_t end, void *scratch) {                \
        ck_panel_block *panel = scratch;                                                                          \
        if (p->count <= CK_FEW) {                                                                                 \
            ck_avx512_few_##name(p, first, end, scratch);                                                         \
            return;                                                                                               \
        }                                                                                                         \
        const size_t offset = offsetof(ck_activation_block, sum);                                                 \
        ck_prefetch_start(p, first, end, CK_PANEL_ROWS);                                                          \
        size_t tiles = (p->count + CK_TILE_COUNT - 1) / CK_TILE_COUNT;                                            \
        for (size_t row = first; row < end; row += CK_PANEL_ROWS) {                                               \
            const uint8_t *rows[16];                                                                              \
            ck_panel_rows(p, row, end, rows);                                                                     \
            __mmask16 mask = ck_panel_mask(row, end);                                                             \
            for (size_t column = 0; column < p->columns; column += CK_PANEL_COLUMNS) {                            \
                size_t left = p->columns - column;                                                                \
                size_t blocks = (left < CK_PANEL_COLUMNS ? left : CK_PANEL_COLUMNS) / CK_BLOCK;                   \
                for (size_t b = 0; b < blocks; b++) {                                                             \
                    ck_prefetch(ck_prefetch_next(p, row, CK_PANEL_ROWS) + (column / CK_BLOCK + b) * 16 * sizeof(block),\
                                16 * sizeof(block), 0, 1);                                                        \
                    unpack(rows, (column / CK_BLOCK + b) * sizeof(block), panel + b);                             \
                }                                                                                                 \
                for (size_t t = 0; t < tiles; t++) {                                                              \
                    size_t at = p->count * t / tiles, count = p->count * (t + 1) / tiles - at;                    \
                    const uint8_t *a = p->activations + at * p->activation_bytes +                                \
                                       column / CK_BLOCK * sizeof(ck_activation_block);                           \
                    float *out = p->output + at * p->output_stride + row;                                         \
                    CK_TILES(count, CALL)                                                                         \
                }                                                                                                 \
            }                                                                                                     \
        }                                                                                                         \
    }

#define CALL(n) tile(panel, blocks, a, p->activation_bytes, offset, out, p->output_stride, mask, column == 0, n)

MULTIPLY(q8_0, ck_q8_0, unpack_q8_0, minus_128_sum)
MULTIPLY(q4_0, ck_q4_0, unpack_q4_0, minus_8_sum)

CK_TARGET_END
#endif
