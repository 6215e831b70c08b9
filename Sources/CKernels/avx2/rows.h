// One or two activation rows: weight rows as they lie in the file, eight at a time, whose sums end up in the eight
// lanes of one register.
#ifndef CK_AVX2_ROWS_H
#define CK_AVX2_ROWS_H
#include "panel.h"

enum {
    CK_AHEAD = 12 * 1024,  // bytes at least; further ahead more is asked for in vain, past the end of a range
};

CK_TARGET_AVX2_BEGIN

// The sum of each register's eight lanes.
CK_INLINE __m256i ck_sums_of_8(const __m256i x[8]) {
    __m256i four[2];
    CK_UNROLL for (int i = 0; i < 2; i++) {
        const __m256i *y = x + 4 * i;
        __m256i ab = _mm256_add_epi32(_mm256_unpacklo_epi32(y[0], y[1]), _mm256_unpackhi_epi32(y[0], y[1]));
        __m256i cd = _mm256_add_epi32(_mm256_unpacklo_epi32(y[2], y[3]), _mm256_unpackhi_epi32(y[2], y[3]));
        four[i] = _mm256_add_epi32(_mm256_unpacklo_epi64(ab, cd), _mm256_unpackhi_epi64(ab, cd));
    }
    return _mm256_add_epi32(_mm256_permute2x128_si256(four[0], four[1], 0x20),
                            _mm256_permute2x128_si256(four[0], four[1], 0x31));
}

// Asks for the first bytes of a range of rows, which are read `group` at a time, side by side: all of a group's rows
// are asked for before it begins. Returns where the rest begins.
CK_INLINE uintptr_t ck_rows_prefetch_start(const ck_product *p, size_t first, size_t end, size_t group) {
    uintptr_t start = (uintptr_t)p->weights + first * p->row_bytes;
    size_t bytes = (end - first) * p->row_bytes, ahead = group * p->row_bytes + CK_AHEAD / 4;
    if (ahead < CK_AHEAD) ahead = CK_AHEAD;
    for (size_t at = 0; at < ahead && at < bytes; at += 64) ck_prefetch_line(start + at);
    return start + ahead;
}

// Asks for the bytes that follow at that distance, as many as are worked on meanwhile.
CK_INLINE void ck_rows_prefetch(uintptr_t *next, int bytes) {
    CK_UNROLL for (int at = 0; at < bytes; at += 64) ck_prefetch_line(*next + (uintptr_t)at);
    *next += (uintptr_t)bytes;
}

// Adds a block of eight weight rows × `count` activation rows to the results and asks for as many bytes at `next`.
typedef void ck_rows_block_function(const uint8_t *const rows[8], size_t offset, const uint8_t *activations,
                                    size_t stride, uintptr_t *next, __m256 *results, int count);

CK_INLINE void ck_rows_of(const ck_product *p, size_t first, size_t end, size_t bytes, size_t activation_bytes,
                          ck_rows_block_function *block, int count) {
    uintptr_t next = ck_rows_prefetch_start(p, first, end, 8);
    for (size_t row = first; row < end; row += 8) {
        const uint8_t *rows[8], *activations = p->activations;
        ck_panel_rows(p, row, end, rows);
        __m256 results[CK_ROWS];
        CK_UNROLL for (int c = 0; c < count; c++) results[c] = _mm256_setzero_ps();
        CK_ROLLED for (size_t offset = 0; offset < p->row_bytes; offset += bytes, activations += activation_bytes)
            block(rows, offset, activations, p->activation_bytes, &next, results, count);
        CK_UNROLL for (int c = 0; c < count; c++)
            ck_store_rows(p->output + (size_t)c * p->output_stride + row, end - row, results[c]);
    }
}

// One or two activation rows × weight rows `first ..< end`; `bytes`: of a block in the file, `activation_bytes`: of a
// block of activations.
CK_INLINE void ck_rows(const ck_product *p, size_t first, size_t end, size_t bytes, size_t activation_bytes,
                       ck_rows_block_function *block) {
    if (p->count == 1)
        ck_rows_of(p, first, end, bytes, activation_bytes, block, 1);
    else
        ck_rows_of(p, first, end, bytes, activation_bytes, block, 2);
}

CK_TARGET_END

#endif
