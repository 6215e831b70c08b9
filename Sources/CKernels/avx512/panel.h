// Panels of sixteen weight rows.
#ifndef CK_AVX512_PANEL_H
#define CK_AVX512_PANEL_H
#include "../prefetch.h"
#include "CKernels/matmul.h"
#include "transpose.h"

// The panel of the rows `first ..< end`, or of the first sixteen of them. Where they are fewer, it begins earlier, at
// row `end` - 16: so all rows are equally far apart, and nothing past the end is read.
CK_INLINE size_t ck_panel_first(size_t first, size_t end) {
    return end - first < CK_PANEL_ROWS ? end - CK_PANEL_ROWS : first;
}

CK_INLINE ck_panel_rows ck_panel_at(const ck_product *p, size_t first) {
    ck_panel_rows rows = {.stride = p->row_bytes, .three = 3 * p->row_bytes};
    __asm__("" : "+r"(rows.three));  // else clang keeps an address of each row, in memory
    CK_UNROLL for (size_t i = 0; i < 4; i++) {
        rows.of[i] = p->weights + (first + 4 * i) * p->row_bytes;
        __asm__("" : "+r"(rows.of[i]));
    }
    return rows;
}

#endif
