// One activation row: how a single turn decodes, at the speed of memory.
//
// Weights are read strictly in the order of the file: several rows side by side, even neighbouring ones, cost a third
// of the bandwidth. So a row's blocks are summed one after the other, exactly, and what they give is kept; after four
// rows running results follow, as vectors of the four.
#ifndef CK_AVX512_ROWS_H
#define CK_AVX512_ROWS_H
#include <immintrin.h>
#include <string.h>
#include "../inline.h"
#include "../prefetch.h"
#include "CKernels/matmul.h"

enum {
    CK_ROWS = 4,
    CK_PREFETCH_ROW_BYTES = 8 * 1024,  // how far ahead of a row; 4 and 16 KiB cost a tenth
    CK_ROWS_COLUMNS = 16 * 1024,  // columns whose sums are kept, 8 KiB for blocks of 32
    CK_ROWS_BLOCKS = CK_ROWS_COLUMNS / CK_BLOCK,
    CK_ROWS_SUPER_BLOCKS = CK_ROWS_COLUMNS / CK_SUPER_BLOCK,
};

// What is kept of four rows: of a block of 32 its exact sum times its scale; of a block of 256 its exact sum, and
// Σ minimum · activation sum for types that have minima.
typedef union {
    float terms[CK_ROWS][CK_ROWS_BLOCKS];
    struct {
        int32_t sums[CK_ROWS][CK_ROWS_SUPER_BLOCKS], minima[CK_ROWS][CK_ROWS_SUPER_BLOCKS];
    };
} ck_row_sums;

CK_TARGET_AVX512_BEGIN

// The half precision numbers at `offset` of four rows. Put together in general registers: small stores with a wide load
// behind them would stall, and the vector units have enough to do.
CK_INLINE __m128 ck_halves_of(const uint8_t *const rows[CK_ROWS], size_t offset) {
    uint64_t bits = 0;
    CK_UNROLL for (int r = 0; r < CK_ROWS; r++) {
        uint16_t half;
        memcpy(&half, rows[r] + offset, sizeof half);
        bits |= (uint64_t)half << 16 * r;
    }
    return _mm_cvtph_ps(_mm_cvtsi64_si128((int64_t)bits));
}

// In each 128-bit lane: element i is the sum of the four elements of parts[i].
CK_INLINE __m512i ck_sums_of_lanes(const __m512i parts[4]) {
    __m512i a = _mm512_add_epi32(_mm512_unpacklo_epi32(parts[0], parts[1]), _mm512_unpackhi_epi32(parts[0], parts[1]));
    __m512i b = _mm512_add_epi32(_mm512_unpacklo_epi32(parts[2], parts[3]), _mm512_unpackhi_epi32(parts[2], parts[3]));
    return _mm512_add_epi32(_mm512_unpacklo_epi64(a, b), _mm512_unpackhi_epi64(a, b));
}

// Four blocks' integers of four rows, turned around: out[b] holds block b of the rows.
CK_INLINE void ck_turn(const int32_t *kept, size_t stride, __m128i out[4]) {
    __m128i row[CK_ROWS];
    CK_UNROLL for (size_t r = 0; r < CK_ROWS; r++) row[r] = _mm_loadu_si128((const __m128i *)(kept + r * stride));
    __m128i a = _mm_unpacklo_epi32(row[0], row[1]), b = _mm_unpackhi_epi32(row[0], row[1]);
    __m128i c = _mm_unpacklo_epi32(row[2], row[3]), d = _mm_unpackhi_epi32(row[2], row[3]);
    out[0] = _mm_unpacklo_epi64(a, c);
    out[1] = _mm_unpackhi_epi64(a, c);
    out[2] = _mm_unpacklo_epi64(b, d);
    out[3] = _mm_unpackhi_epi64(b, d);
}

// Asks for the `bytes` that follow CK_PREFETCH_ROW_BYTES behind `at`, but for nothing past `end`: that is another
// thread's.
CK_INLINE void ck_prefetch_row(const uint8_t *at, int bytes, const uint8_t *end) {
    if (at + CK_PREFETCH_ROW_BYTES < end) ck_prefetch((uintptr_t)at + CK_PREFETCH_ROW_BYTES, bytes, 0, 1);
}

// Activations in the order that the weights of `blocks` blocks want, a byte for each column.
typedef void ck_row_order(const uint8_t *activations, size_t blocks, uint8_t *ordered);

// Keeps the sums of `blocks` blocks of row number `r` of the four.
typedef void ck_row_keep(ck_row_sums *kept, size_t r, const uint8_t *row, const uint8_t *activations,
                         const uint8_t *ordered, size_t blocks, const uint8_t *end);

// Adds `blocks` blocks to the results of four rows.
typedef __m128 ck_row_add(const ck_row_sums *kept, const uint8_t *const rows[CK_ROWS], const uint8_t *activations,
                          const uint8_t *ordered, size_t blocks, __m128 results);

// The rows `first ..< end`. Rows past the end repeat the last one, and their results are not stored. `order`: NULL
// where the activations' own order will do; else the ordered ones lie in the scratch memory `ordered`.
CK_INLINE void ck_each_row(const ck_product *p, size_t first, size_t end, uint8_t *ordered, size_t block_elements,
                           size_t block_bytes, size_t activation_bytes, ck_row_order *order, ck_row_keep *keep,
                           ck_row_add *add) {
    const uint8_t *range = p->weights + first * p->row_bytes, *range_end = p->weights + end * p->row_bytes;
    for (const uint8_t *at = range; at < range + CK_PREFETCH_ROW_BYTES && at < range_end; at += 64)
        ck_prefetch_line((uintptr_t)at);
    ck_row_sums kept;
    const size_t all = p->columns / block_elements, slice = CK_ROWS_COLUMNS / block_elements;
    for (size_t row = first; row < end; row += CK_ROWS) {
        size_t count = end - row < CK_ROWS ? end - row : CK_ROWS;
        __m128 results = _mm_setzero_ps();
        for (size_t block = 0; block < all; block += slice) {
            size_t blocks = all - block < slice ? all - block : slice;
            const uint8_t *rows[CK_ROWS], *activations = p->activations + block * activation_bytes;
            if (order && (row == first || all > slice)) order(activations, blocks, ordered);
            for (size_t r = 0; r < CK_ROWS; r++) {
                rows[r] = p->weights + (row + (r < count ? r : count - 1)) * p->row_bytes + block * block_bytes;
                keep(&kept, r, rows[r], activations, ordered, blocks, range_end);
            }
            results = add(&kept, rows, activations, ordered, blocks, results);
        }
        _mm_mask_storeu_ps(p->output + row, (__mmask8)((1 << count) - 1), results);
    }
}

CK_TARGET_END

#endif
