// How panels are driven over many activation rows, in one place for all integer types. The including file has defined
//   unpack(type, rows, offset, blocks, panel): writes a panel, sixteen rows of a slice;
//   tile(type, panel, blocks, activations, stride, results, count): multiplies it with `count` activation rows.

// The sizes of a weight block, of the activation block that belongs to it, of a panel; blocks of a slice, activation
// rows of a tile.
typedef struct {
    size_t elements, bytes, activation_bytes, panel_bytes, slice_blocks, tile;
} ck_sizes;

// Asks for 32 rows' bytes of a slice. They are wanted tens of microseconds from now.
CK_INLINE void prefetch_slice(const uint8_t *const rows[CK_MANY_ROWS], size_t offset, size_t bytes) {
    for (size_t i = 0; i < CK_MANY_ROWS; i++)
        for (size_t line = 0; line < bytes + 63; line += 64) ck_prefetch_line((uintptr_t)rows[i] + offset + line);
}

CK_INLINE void many(const ck_product *p, size_t first, size_t end, void *scratch, ck_weight_type type,
                    const ck_sizes sizes) {
    uint8_t *const panels = scratch;
    float *const waiting = (float *)((uint8_t *)scratch + CK_PANEL_BYTES);
    const size_t slice_blocks = sizes.slice_blocks, all_blocks = p->columns / sizes.elements;
    for (size_t at = 0; at < p->count; at += CK_PASS_COUNT) {
        const size_t count = p->count - at < CK_PASS_COUNT ? p->count - at : CK_PASS_COUNT;
        const size_t tiles = (count + sizes.tile - 1) / sizes.tile;
        for (size_t row = first; row < end; row += CK_MANY_ROWS) {
            const uint8_t *rows[CK_MANY_ROWS];
            const size_t left = (end - row + CK_PANEL_ROWS - 1) / CK_PANEL_ROWS;
            const size_t used = left < CK_MANY_PANELS ? left : CK_MANY_PANELS;
            for (size_t i = 0; i < CK_MANY_PANELS; i++)
                ck_panel_rows(p, i < used ? row + CK_PANEL_ROWS * i : row, end, rows + CK_PANEL_ROWS * i);
            for (size_t b = 0; b < all_blocks; b += slice_blocks) {
                const size_t blocks = all_blocks - b < slice_blocks ? all_blocks - b : slice_blocks;
                for (size_t i = 0; i < used; i++)
                    unpack(type, rows + CK_PANEL_ROWS * i, b * sizes.bytes, blocks, panels + sizes.panel_bytes * i);
                const bool last = b + blocks == all_blocks;
                prefetch_slice(rows, last ? CK_MANY_ROWS * p->row_bytes : (b + blocks) * sizes.bytes,
                               slice_blocks * sizes.bytes);
                for (size_t t = 0; t < tiles; t++) {
                    const size_t from = count * t / tiles;
                    const uint8_t *a = p->activations + (at + from) * p->activation_bytes + b * sizes.activation_bytes;
                    for (size_t i = 0; i < used; i++) {
                        const size_t r = row + CK_PANEL_ROWS * i;
                        const bool done = last && end - r >= CK_PANEL_ROWS;
                        float *const here = waiting + CK_MANY_ROWS * from + CK_PANEL_ROWS * i;
                        const ck_results results = {
                            .from = here,
                            .to = done ? p->output + (at + from) * p->output_stride + r : here,
                            .stride = done ? p->output_stride : CK_MANY_ROWS,
                            .load = b == 0 ? 0 : 0xffff,
                        };
                        const uint8_t *panel = panels + sizes.panel_bytes * i;
#define CK_CASE(n)                                                                                            \
    case n:                                                                                                   \
        if (n <= sizes.tile) tile(type, panel, blocks, a, p->activation_bytes, &results, n);                  \
        break
                        switch (count * (t + 1) / tiles - from) {
                            CK_CASE(4);
                            CK_CASE(5);
                            CK_CASE(6);
                            CK_CASE(7);
                            CK_CASE(8);
                            CK_CASE(9);
                            CK_CASE(10);
                            CK_CASE(11);
                            CK_CASE(12);
                        }
#undef CK_CASE
                    }
                }
            }
            // A panel that is not full has its results still here.
            if ((end - row) % CK_PANEL_ROWS != 0 && end - row < CK_MANY_ROWS) {
                const size_t r = row + CK_PANEL_ROWS * (used - 1);
                for (size_t c = 0; c < count; c++)
                    memcpy(p->output + (at + c) * p->output_stride + r, waiting + CK_MANY_ROWS * c + r - row,
                           (end - r) * sizeof(float));
            }
        }
    }
}
