// Sixteen weight rows unpacked to bytes, and how panels are driven over all activation rows.
#ifndef CK_AVX512_PANEL_H
#define CK_AVX512_PANEL_H
#include "../prefetch.h"
#include "CKernels/matmul.h"
#include "transpose.h"

enum {
    // Columns of a panel: 16 KiB of bytes, so that panel and activations share the first-level cache.
    CK_PANEL_COLUMNS = 1024,
    CK_TILE_COUNT = 12,  // activation rows per register tile: 12 sums, 12 totals, one weight, scales
};

// One super-block of a K type. Q6_K has 16 scales per row and no minima.
typedef struct {
    __m512i quants[64];   // [group of four columns][row][4], unsigned
    __m512i scales[16];   // [sub-block][row]
    __m512i minima[4];    // [pair of sub-blocks][row][2] as 16-bit
    __m512 scale, minimum_scale;
} ck_panel_super;

// One block of 32.
typedef struct {
    __m512i quants[8];
    __m512 scale;
} ck_panel_block;

_Static_assert(CK_PANEL_COLUMNS / CK_SUPER_BLOCK * sizeof(ck_panel_super) <= CK_SCRATCH_BYTES, "scratch");
_Static_assert(CK_PANEL_COLUMNS / CK_BLOCK * sizeof(ck_panel_block) <= CK_SCRATCH_BYTES, "scratch");

// Where a panel's rows begin. Rows past the end repeat the last one; their results are not stored.
CK_INLINE void ck_panel_rows(const ck_product *p, size_t first, size_t end, const uint8_t *rows[16]) {
    for (size_t i = 0; i < 16; i++) {
        size_t row = first + i < end ? first + i : end - 1;
        rows[i] = p->weights + row * p->row_bytes;
    }
}

CK_INLINE uint16_t ck_panel_mask(size_t first, size_t end) {
    return end - first >= 16 ? 0xffff : (uint16_t)((1u << (end - first)) - 1);
}

// `tile(count, …)` for a constant count: the compiler keeps the tile in registers. Counts are 6 to 12: more than CK_FEW
// rows, shared out evenly.
#define CK_TILES(count, call)              \
    switch (count) {                       \
    case 6: call(6); break;                \
    case 7: call(7); break;                \
    case 8: call(8); break;                \
    case 9: call(9); break;                \
    case 10: call(10); break;              \
    case 11: call(11); break;              \
    default: call(12); break;              \
    }

#endif
