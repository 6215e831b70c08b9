// F32: sixteen columns of a weight row in two registers against sixteen columns of an activation row.
#include "CKernels/level.h"
#if defined(CK_X86)
#include <immintrin.h>
#include <string.h>
#include "../prefetch.h"
#include "matmul.h"

#pragma STDC FP_CONTRACT OFF

CK_TARGET_AVX2_BEGIN

enum {
    SLICE_COLUMNS = 1024,  // columns of activations that stay in the first-level cache
    TILE_COUNT = 3,
    TILE_ROWS = 2,  // 12 sums
    BAND_ROWS = 32,  // weight rows that meet a slice before the next one
};

CK_INLINE float total(__m256 low, __m256 high) {
    __m256 eight = _mm256_add_ps(low, high);
    __m128 four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
    __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
}

// Sixteen columns of ROWS × COUNT.
CK_INLINE void step(const uint8_t *weights, size_t row_bytes, const float *const *activations, size_t column, __m256 *s,
                    int rows, int count) {
    __m256 w[TILE_ROWS][2];
    CK_UNROLL for (int r = 0; r < rows; r++) {
        w[r][0] = _mm256_loadu_ps((const float *)(weights + (size_t)r * row_bytes));
        w[r][1] = _mm256_loadu_ps((const float *)(weights + (size_t)r * row_bytes + 32));
    }
    CK_UNROLL for (int c = 0; c < count; c++) {
        __m256 a0 = _mm256_loadu_ps(activations[c] + column), a1 = _mm256_loadu_ps(activations[c] + column + 8);
        CK_UNROLL for (int r = 0; r < rows; r++) {
            int at = 2 * (r * count + c);
            s[at] = _mm256_fmadd_ps(w[r][0], a0, s[at]);
            s[at + 1] = _mm256_fmadd_ps(w[r][1], a1, s[at + 1]);
        }
    }
}

// ROWS weight rows × COUNT activation rows over columns `from ..< to`. The sums come from and go to `sums`, or are
// finished into `output` after the last column. `ahead`: NULL, or bytes to ask for while a row alone is multiplied.
CK_INLINE void tile(const ck_product *p, size_t row, size_t at, size_t from, size_t to, __m256 *sums,
                    const uint8_t *ahead, int rows, int count) {
    const uint8_t *weights = p->weights + row * p->row_bytes;
    const float *activations[TILE_COUNT];
    CK_UNROLL for (int c = 0; c < count; c++)
        activations[c] = (const float *)(p->activations + (at + (size_t)c) * p->activation_bytes);
    const int sum_count = 2 * rows * count;
    __m256 s[12];
    CK_UNROLL for (int i = 0; i < sum_count; i++) s[i] = from == 0 ? _mm256_setzero_ps() : sums[i];
    size_t column = from;
    CK_ROLLED for (; column + 16 <= to; column += 16) {
        if (ahead) ck_prefetch_line((uintptr_t)ahead + column * sizeof(float));
        step(weights + column * sizeof(float), p->row_bytes, activations, column, s, rows, count);
    }
    if (column < to) {
        // The last columns, with zeros after them.
        uint8_t w[TILE_ROWS * 64] = {0};
        float a[TILE_COUNT][16] = {0};
        const float *padded[TILE_COUNT];
        size_t left = to - column;
        CK_UNROLL for (int r = 0; r < rows; r++)
            memcpy(w + 64 * r, weights + (size_t)r * p->row_bytes + column * sizeof(float),
                   left * sizeof(float));
        CK_UNROLL for (int c = 0; c < count; c++) {
            memcpy(a[c], activations[c] + column, left * sizeof(float));
            padded[c] = a[c];
        }
        step(w, 64, padded, 0, s, rows, count);
    }
    if (to < p->columns) {
        CK_UNROLL for (int i = 0; i < sum_count; i++) sums[i] = s[i];
        return;
    }
    CK_UNROLL for (int r = 0; r < rows; r++)
        CK_UNROLL for (int c = 0; c < count; c++)
            p->output[(at + (size_t)c) * p->output_stride + row + (size_t)r] =
                total(s[2 * (r * count + c)], s[2 * (r * count + c) + 1]);
}

// COUNT ≤ 3 activation rows: one weight row after the other, so that weights stream in the order of the file.
CK_INLINE void few(const ck_product *p, size_t first, size_t end, int count) {
    ck_prefetch_rows_start(p, first, end, CK_PREFETCH_ROW_BYTES);
    for (size_t row = first; row < end; row++)
        tile(p, row, 0, 0, p->columns, NULL, p->weights + row * p->row_bytes + CK_PREFETCH_ROW_BYTES, 1, count);
}

CK_INLINE void band(const ck_product *p, size_t first, size_t end, size_t at, __m256 *sums, int count) {
    for (size_t from = 0; from < p->columns; from += SLICE_COLUMNS) {
        size_t to = from + SLICE_COLUMNS < p->columns ? from + SLICE_COLUMNS : p->columns;
        __m256 *s = sums;
        size_t row = first;
        for (; row + TILE_ROWS <= end; row += TILE_ROWS, s += 2 * TILE_ROWS * count)
            tile(p, row, at, from, to, s, NULL, TILE_ROWS, count);
        for (; row < end; row++, s += 2 * count) tile(p, row, at, from, to, s, NULL, 1, count);
    }
}

_Static_assert(2 * BAND_ROWS * TILE_COUNT * sizeof(__m256) <= CK_SCRATCH_BYTES, "scratch");

CK_INLINE void multiply(const ck_product *p, size_t first, size_t end, void *scratch) {
    if (p->count == 1) return few(p, first, end, 1);
    if (p->count == 2) return few(p, first, end, 2);
    if (p->count == 3) return few(p, first, end, 3);
    size_t tiles = (p->count + TILE_COUNT - 1) / TILE_COUNT;
    for (size_t row = first; row < end; row += BAND_ROWS) {
        size_t last = row + BAND_ROWS < end ? row + BAND_ROWS : end;
        for (size_t t = 0; t < tiles; t++) {
            size_t at = p->count * t / tiles;
            if (p->count * (t + 1) / tiles - at == 3)
                band(p, row, last, at, scratch, 3);
            else
                band(p, row, last, at, scratch, 2);
        }
    }
}

void ck_avx2_multiply_f32(const ck_product *p, size_t first, size_t end, void *scratch) {
    multiply(p, first, end, scratch);
}

CK_TARGET_END
#endif
