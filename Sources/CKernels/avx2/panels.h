// Three and more activation rows: panels of eight weight rows are unpacked once, then meet all activation rows, a tile
// of them at a time.
#ifndef CK_AVX2_PANELS_H
#define CK_AVX2_PANELS_H
#include "panel.h"

enum {
    CK_TILE_COUNT = 6,  // activation rows of a tile at most
};

CK_TARGET_AVX2_BEGIN

// Lets no arithmetic on the sums cross this line. Without it the compiler goes through one activation row after the
// other, with all weights of a block in registers that it does not have.
CK_INLINE void ck_in_order(__m256i *sums, int count) {
    CK_UNROLL for (int c = 0; c < count; c++) __asm__ volatile("" : "+x"(sums[c]));
}

typedef struct {
    size_t bytes;             // of a block in the file
    size_t columns;           // of a block
    size_t activation_bytes;  // of a block of activations
    size_t unpacked_bytes;    // of eight rows' block in a panel
    size_t blocks;            // of a panel: it and a tile's activations stay in the first-level cache
    size_t tile;              // activation rows of a tile, at most CK_TILE_COUNT
} ck_panel_shape;

// Unpacks a block of eight rows.
typedef void ck_unpack_function(const uint8_t *const rows[8], size_t offset, void *panel);

// Adds `blocks` blocks of eight rows × `count` activation rows to the results.
typedef void ck_tile_function(const void *panel, size_t blocks, const uint8_t *activations, size_t stride,
                              __m256 *results, int count);

CK_INLINE void ck_tile(ck_tile_function *tile, const void *panel, size_t blocks, const uint8_t *activations,
                       size_t stride, float *out, size_t output_stride, size_t rows, bool start, int count) {
    __m256 results[CK_TILE_COUNT];
    __m256i mask = ck_panel_mask(0, rows);
    CK_UNROLL for (int c = 0; c < count; c++)
        results[c] = start ? _mm256_setzero_ps() : _mm256_maskload_ps(out + (size_t)c * output_stride, mask);
    tile(panel, blocks, activations, stride, results, count);
    CK_UNROLL for (int c = 0; c < count; c++) ck_store_rows(out + (size_t)c * output_stride, rows, results[c]);
}

CK_INLINE void ck_panels(const ck_product *p, size_t first, size_t end, void *scratch, ck_panel_shape shape,
                         ck_unpack_function *unpack, ck_tile_function *tile) {
    const ck_stream stream = ck_stream_to(p, end);
    ck_prefetch_start(p, first, end, 8);
    const size_t panel_columns = shape.blocks * shape.columns;
    size_t tiles = (p->count + shape.tile - 1) / shape.tile;
    for (size_t row = first; row < end; row += 8) {
        const uint8_t *rows[8];
        ck_panel_rows(p, row, end, rows);
        uintptr_t next = ck_prefetch_next(p, row, 8, &stream);
        for (size_t column = 0; column < p->columns; column += panel_columns) {
            size_t left = p->columns - column, at_block = column / shape.columns;
            size_t blocks = (left < panel_columns ? left : panel_columns) / shape.columns;
            CK_ROLLED for (size_t b = 0; b < blocks; b++, next += 8 * shape.bytes) {
                ck_prefetch(next, (int)(8 * shape.bytes), 0, 1);
                unpack(rows, (at_block + b) * shape.bytes, (uint8_t *)scratch + b * shape.unpacked_bytes);
            }
            for (size_t t = 0; t < tiles; t++) {
                size_t at = p->count * t / tiles;
                const uint8_t *a = p->activations + at * p->activation_bytes + at_block * shape.activation_bytes;
                float *out = p->output + at * p->output_stride + row;
#define CK_CASE(n) \
    case n: \
        if (n <= shape.tile) \
            ck_tile(tile, scratch, blocks, a, p->activation_bytes, out, p->output_stride, end - row, column == 0, n); \
        break;
                switch (p->count * (t + 1) / tiles - at) {
                    CK_CASE(2) CK_CASE(3) CK_CASE(4) CK_CASE(5) CK_CASE(6)
                }
#undef CK_CASE
            }
        }
    }
}

CK_TARGET_END

#endif
