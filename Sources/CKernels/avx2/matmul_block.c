// Q8_0 and Q4_0.
#include "CKernels/level.h"
#if defined(CK_X86)
#include "panel.h"

#pragma STDC FP_CONTRACT OFF

CK_TARGET_AVX2_BEGIN

// One block of 32 columns and eight rows.
typedef struct {
    __m256i quants[8];  // [group of four columns][row][4]: Q8_0 signed, Q4_0 0…15
    __m256 scale;
} panel_block;

_Static_assert(CK_PANEL_COLUMNS / CK_BLOCK * sizeof(panel_block) <= CK_SCRATCH_BYTES, "scratch");

CK_INLINE void unpack_q8_0(const uint8_t *const rows[8], size_t offset, panel_block *out) {
    out->scale = ck_gather_halves(rows, offset);
    ck_transpose_32_bytes(rows, offset + offsetof(ck_q8_0, quants), out->quants);
}

CK_INLINE void unpack_q4_0(const uint8_t *const rows[8], size_t offset, panel_block *out) {
    const __m256i four = _mm256_set1_epi8(15);
    __m256i x[4];
    out->scale = ck_gather_halves(rows, offset);
    ck_transpose_16_bytes(rows, offset + offsetof(ck_q4_0, quants), x);
    CK_UNROLL for (int k = 0; k < 4; k++) {
        out->quants[k] = _mm256_and_si256(x[k], four);
        out->quants[4 + k] = _mm256_and_si256(_mm256_srli_epi32(x[k], 4), four);
    }
}

// Signs move from the weights to the activations: |weight| ≤ 128 unsigned, 2 · 128 · 127 < 2^15.
CK_INLINE void dots_q8_0(const panel_block *panel, const uint8_t *a, size_t stride, __m256i *sums, int count) {
    const __m256i ones = _mm256_set1_epi16(1);
    CK_UNROLL for (int c = 0; c < count; c++) sums[c] = _mm256_setzero_si256();
    CK_UNROLL for (int k = 0; k < 8; k++) {
        __m256i w = panel->quants[k], magnitude = _mm256_abs_epi8(w);
        CK_UNROLL for (int c = 0; c < count; c++) {
            __m256i x = _mm256_sign_epi8(ck_broadcast(a + (size_t)c * stride + 4 * k), w);
            sums[c] = _mm256_add_epi32(sums[c], _mm256_madd_epi16(_mm256_maddubs_epi16(magnitude, x), ones));
        }
    }
}

// All eight groups fit 16-bit sums: 8 · 2 · 15 · 127 < 2^15.
CK_INLINE void dots_q4_0(const panel_block *panel, const uint8_t *a, size_t stride, __m256i *sums, int count) {
    const __m256i ones = _mm256_set1_epi16(1);
    CK_UNROLL for (int k = 0; k < 8; k++)
        CK_UNROLL for (int c = 0; c < count; c++) {
            __m256i x = _mm256_maddubs_epi16(panel->quants[k], ck_broadcast(a + (size_t)c * stride + 4 * k));
            sums[c] = k == 0 ? x : _mm256_add_epi16(sums[c], x);
        }
    CK_UNROLL for (int c = 0; c < count; c++) {
        const ck_activation_block *block = (const ck_activation_block *)(a + (size_t)c * stride);
        sums[c] = _mm256_add_epi32(_mm256_madd_epi16(sums[c], ones), _mm256_set1_epi32(block->minus_8_sum));
    }
}

#define MULTIPLY(name, block)                                                                                     \
    CK_INLINE void add_##name(const panel_block *panel, const uint8_t *a, size_t stride, __m256 *results,         \
                              int count) {                                                                        \
        __m256i sums[CK_TILE_COUNT];                                                                              \
        dots_##name(panel, a, stride, sums, count);                                                               \
        CK_UNROLL for (int c = 0; c < count; c++) {                                                               \
            __m256 t = _mm256_mul_ps(panel->scale, _mm256_cvtepi32_ps(sums[c]));                                  \
            __m256 scale = _mm256_set1_ps(((const ck_activation_block *)(a + (size_t)c * stride))->scale);        \
            results[c] = _mm256_fmadd_ps(t, scale, results[c]);                                                   \
        }                                                                                                         \
    }                                                                                                             \
    CK_INLINE void few_##name(const ck_product *p, size_t first, size_t end, int count) {                         \
        for (size_t row = first; row < end; row += CK_PANEL_ROWS) {                                               \
            const uint8_t *rows[8];                                                                               \
            ck_panel_rows(p, row, end, rows);                                                                     \
            __m256 results[CK_FEW];                                                                               \
            CK_UNROLL for (int c = 0; c < count; c++) results[c] = _mm256_setzero_ps();                           \
            const uint8_t *a = p->activations;                                                                    \
            uintptr_t next = ck_prefetch_next(p, row, CK_PANEL_ROWS);                                             \
            size_t blocks = p->columns / CK_BLOCK;                                                                \
            CK_ROLLED for (size_t b = 0; b < blocks; b++, a += sizeof(ck_activation_block)) {                     \
                panel_block panel;                                                                                \
                ck_prefetch(next + b * 8 * sizeof(block), 8 * sizeof(block), 0, 1);                               \
                unpack_##name(rows, b * sizeof(block), &panel);                                                   \
                add_##name(&panel, a, p->activation_bytes, results, count);                                       \
            }                                                                                                     \
            CK_UNROLL for (int c = 0; c < count; c++)                                                             \
                _mm256_maskstore_ps(p->output + (size_t)c * p->output_stride + row, ck_panel_mask(row, end),      \
                                    results[c]);                                                                  \
        }                                                                                                         \
    }                                                                                                             \
    CK_INLINE void tile_##name(const panel_block *panel, size_t blocks, const uint8_t *a, size_t stride,          \
                               float *out, size_t output_stride, __m256i mask, bool start, int count) {           \
        __m256 results[CK_TILE_COUNT];                                                                            \
        CK_UNROLL for (int c = 0; c < count; c++)                                                                 \
            results[c] = start ? _mm256_setzero_ps() : _mm256_maskload_ps(out + (size_t)c * output_stride, mask); \
        CK_ROLLED for (size_t b = 0; b < blocks; b++, a += sizeof(ck_activation_block))                           \
            add_##name(panel + b, a, stride, results, count);                                                     \
        CK_UNROLL for (int c = 0; c < count; c++)                                                                 \
            _mm256_maskstore_ps(out + (size_t)c * output_stride, mask, results[c]);                               \
    }                                                                                                             \
    void ck_avx2_multiply_##name(const ck_product *p, size_t first, size_t end, void *scratch) {                  \
        ck_prefetch_start(p, first, end, CK_PANEL_ROWS);                                                          \
        if (p->count == 1) return few_##name(p, first, end, 1);                                                   \
        if (p->count == 2) return few_##name(p, first, end, 2);                                                   \
        panel_block *panel = scratch;                                                                             \
        size_t tiles = (p->count + CK_TILE_COUNT - 1) / CK_TILE_COUNT;                                            \
        for (size_t row = first; row < end; row += CK_PANEL_ROWS) {                                               \
            const uint8_t *rows[8];                                                                               \
            ck_panel_rows(p, row, end, rows);                                                                     \
            __m256i mask = ck_panel_mask(row, end);                                                               \
            uintptr_t next = ck_prefetch_next(p, row, CK_PANEL_ROWS);                                             \
            for (size_t column = 0; column < p->columns; column += CK_PANEL_COLUMNS) {                            \
                size_t left = p->columns - column;                                                                \
                size_t blocks = (left < CK_PANEL_COLUMNS ? left : CK_PANEL_COLUMNS) / CK_BLOCK;                   \
                CK_ROLLED for (size_t b = 0; b < blocks; b++, next += 8 * sizeof(block)) {                        \
                    ck_prefetch(next, 8 * sizeof(block), 0, 1);                                                   \
                    unpack_##name(rows, (column / CK_BLOCK + b) * sizeof(block), panel + b);                      \
                }                                                                                                 \
                for (size_t t = 0; t < tiles; t++) {                                                              \
                    size_t at = p->count * t / tiles, count = p->count * (t + 1) / tiles - at;                    \
                    const uint8_t *a = p->activations + at * p->activation_bytes +                                \
                                       column / CK_BLOCK * sizeof(ck_activation_block);                           \
                    float *out = p->output + at * p->output_stride + row;                                         \
                    bool start = column == 0;                                                                     \
                    if (count == 4)                                                                               \
                        tile_##name(panel, blocks, a, p->activation_bytes, out, p->output_stride, mask, start, 4); \
                    else if (count == 3)                                                                          \
                        tile_##name(panel, blocks, a, p->activation_bytes, out, p->output_stride, mask, start, 3); \
                    else                                                                                          \
                        tile_##name(panel, blocks, a, p->activation_bytes, out, p->output_stride, mask, start, 2); \
                }                                                                                                 \
            }                                                                                                     \
        }                                                                                                         \
    }

MULTIPLY(q8_0, ck_q8_0)
MULTIPLY(q4_0, ck_q4_0)

CK_TARGET_END
#endif
