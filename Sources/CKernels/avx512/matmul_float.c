// F32: sixteen columns of a weight row in a register against sixteen columns of an activation row.
#include "CKernels/level.h"
#if defined(CK_X86)
#include <immintrin.h>
#include "../prefetch.h"
#include "matmul.h"

#pragma STDC FP_CONTRACT OFF

CK_TARGET_AVX512_BEGIN

enum {
    SLICE_COLUMNS = 1024,  // columns of activations that stay in the first-level cache: 6 rows · 4 KiB
    TILE_COUNT = 6,
    TILE_ROWS = 4,
    BAND_ROWS = 32,  // weight rows that meet a slice before the next one
};

CK_INLINE float total(__m512 sums) {
    __m256 eight = _mm256_add_ps(_mm512_castps512_ps256(sums), _mm512_extractf32x8_ps(sums, 1));
    __m128 four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
    __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
}

// ROWS weight rows × COUNT activation rows over columns `from ..< to`. The sums come from and go to `sums`
// ([row][activation]), or are finished into `output` after the last column. `ahead`: NULL, or bytes to ask for meanwhile.
CK_INLINE void tile(const uint8_t *weights, size_t row_bytes, const uint8_t *activations, size_t stride, size_t from,
                    size_t to, size_t columns, __m512 *sums, float *output, size_t output_stride, int rows,
                    int count, const uint8_t *ahead) {
    __m512 s[TILE_ROWS][TILE_COUNT];
    CK_UNROLL for (int r = 0; r < rows; r++)
        CK_UNROLL for (int c = 0; c < count; c++) s[r][c] = from == 0 ? _mm512_setzero_ps() : sums[r * count + c];
    size_t column = from;
    for (; column + 16 <= to; column += 16) {
        const int step = 64 * rows;  // bytes of weights in these sixteen columns
        if (ahead)
            CK_UNROLL for (int at = 0; at < step; at += 64)
                _mm_prefetch((const char *)ahead + column / 16 * (size_t)step + at, _MM_HINT_T1);
        __m512 a[TILE_COUNT];
        CK_UNROLL for (int c = 0; c < count; c++) a[c] = _mm512_loadu_ps(activations + (size_t)c * stride + 4 * column);
        CK_UNROLL for (int r = 0; r < rows; r++) {
            const uint8_t *row = weights + (size_t)r * row_bytes;
            __m512 w = _mm512_loadu_ps(row + 4 * column);
            CK_UNROLL for (int c = 0; c < count; c++) s[r][c] = _mm512_fmadd_ps(w, a[c], s[r][c]);
        }
    }
    if (column < to) {
        __mmask16 mask = (__mmask16)((1u << (to - column)) - 1);
        CK_UNROLL for (int r = 0; r < rows; r++) {
            __m512 w = _mm512_maskz_loadu_ps(mask, weights + (size_t)r * row_bytes + 4 * column);
            CK_UNROLL for (int c = 0; c < count; c++) {
                __m512 a = _mm512_maskz_loadu_ps(mask, activations + (size_t)c * stride + 4 * column);
                s[r][c] = _mm512_mask3_fmadd_ps(w, a, s[r][c], mask);
            }
        }
    }
    CK_UNROLL for (int r = 0; r < rows; r++)
        CK_UNROLL for (int c = 0; c < count; c++) {
            if (to < columns)
                sums[r * count + c] = s[r][c];
            else
                output[(size_t)c * output_stride + (size_t)r] = total(s[r][c]);
        }
}

// Few activation rows: one weight row after the other, so that weights stream in the order of the file.
CK_INLINE void few(const ck_product *p, size_t first, size_t end, int count) {
    for (size_t row = first; row < end; row++) {
        const uint8_t *weights = p->weights + row * p->row_bytes;
        tile(weights, p->row_bytes, p->activations, p->activation_bytes, 0, p->columns, p->columns, NULL,
             p->output + row, p->output_stride, 1, count, weights + CK_PREFETCH_ROW_BYTES);
    }
}

// COUNT activation rows from `at` on against a band of weight rows, slice by slice.
CK_INLINE void band(const ck_product *p, size_t first, size_t end, size_t at, __m512 *sums, int count) {
    const uint8_t *activations = p->activations + at * p->activation_bytes;
    float *out = p->output + at * p->output_stride;
    for (size_t from = 0; from < p->columns; from += SLICE_COLUMNS) {
        size_t to = from + SLICE_COLUMNS < p->columns ? from + SLICE_COLUMNS : p->columns;
        __m512 *s = sums;
        size_t row = first;
        for (; row + TILE_ROWS <= end; row += TILE_ROWS, s += TILE_ROWS * count)
            tile(p->weights + row * p->row_bytes, p->row_bytes, activations, p->activation_bytes, from, to, p->columns, s,
                 out + row, p->output_stride, TILE_ROWS, count, NULL);
        for (; row < end; row++, s += count)
            tile(p->weights + row * p->row_bytes, p->row_bytes, activations, p->activation_bytes, from, to, p->columns, s,
                 out + row, p->output_stride, 1, count, NULL);
    }
}

_Static_assert(BAND_ROWS * TILE_COUNT * sizeof(__m512) <= CK_SCRATCH_BYTES, "scratch");

CK_INLINE void multiply(const ck_product *p, size_t first, size_t end, void *scratch) {
    switch (p->count) {
    case 1: few(p, first, end, 1); return;
    case 2: few(p, first, end, 2); return;
    case 3: few(p, first, end, 3); return;
    case 4: few(p, first, end, 4); return;
    }
    size_t tiles = (p->count + TILE_COUNT - 1) / TILE_COUNT;
    for (size_t row = first; row < end; row += BAND_ROWS) {
        size_t last = row + BAND_ROWS < end ? row + BAND_ROWS : end;
        for (size_t t = 0; t < tiles; t++) {
            size_t at = p->count * t / tiles;
            switch (p->count * (t + 1) / tiles - at) {
            case 3: band(p, row, last, at, scratch, 3); break;
            case 4: band(p, row, last, at, scratch, 4); break;
            case 5: band(p, row, last, at, scratch, 5); break;
            default: band(p, row, last, at, scratch, 6); break;
            }
        }
    }
}

void ck_avx512_multiply_f32(const ck_product *p, size_t first, size_t end, void *scratch) {
    multiply(p, first, end, scratch);
}

CK_TARGET_END
#endif
