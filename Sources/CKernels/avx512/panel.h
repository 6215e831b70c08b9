// Panels of sixteen weight rows.
#ifndef CK_AVX512_PANEL_H
#define CK_AVX512_PANEL_H
#include "../prefetch.h"
#include "CKernels/matmul.h"
#include "transpose.h"

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

#endif
