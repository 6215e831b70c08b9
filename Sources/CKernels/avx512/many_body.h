// How panels are driven over many activation rows, in one place for all integer types. The including file has defined
//   unpack(type, rows, blocks, panel): writes a panel, sixteen rows of a slice;
//   tile(type, panel, blocks, activations, stride, results, count): multiplies it with `count` activation rows.

// The sizes of a weight block, of the activation block that belongs to it, of a panel; blocks of a slice, activation
// rows of a tile.
typedef struct {
    size_t elements, bytes, activation_bytes, panel_bytes, slice_blocks, tile;
} ck_sizes;

// Asks for a part of a slice of the 32 rows from `row` on, which are wanted microseconds from now. The slice before it
// has asked for lines that the two share.
CK_INLINE void prefetch_slice(const ck_product *p, size_t row, size_t offset, size_t bytes, size_t part, size_t parts) {
    const uintptr_t base = (uintptr_t)p->weights + offset;
    for (size_t i = row + CK_MANY_ROWS * part / parts; i < row + CK_MANY_ROWS * (part + 1) / parts; i++) {
        const uintptr_t at = base + i * p->row_bytes;
        for (uintptr_t line = (at + 63) & ~(uintptr_t)63; line < at + bytes; line += 64) ck_prefetch_line(line);
    }
}

// Asks for the lines that a tile's results go to: each lies in a page of its own.
CK_INLINE void prefetch_output(float *output, size_t stride, size_t count) {
    for (size_t c = 0; c < count; c++) {
        __builtin_prefetch(output + c * stride, 1, 3);
        __builtin_prefetch(output + c * stride + CK_PANEL_ROWS, 1, 3);
    }
}

CK_INLINE void many(const ck_product *p, size_t first, size_t end, void *scratch, ck_weight_type type,
                    const ck_sizes sizes) {
    uint8_t *const panels = scratch;
    float *const waiting = (float *)((uint8_t *)scratch + CK_PANEL_BYTES);
    const size_t slice_blocks = sizes.slice_blocks, all_blocks = p->columns / sizes.elements;
    const size_t passes = (p->count + CK_PASS_COUNT - 1) / CK_PASS_COUNT;
    for (size_t pass = 0; pass < passes; pass++) {
        // Alike, so that none is too small for a tile.
        const size_t at = p->count * pass / passes, count = p->count * (pass + 1) / passes - at;
        const size_t tiles = (count + sizes.tile - 1) / sizes.tile;
        for (size_t row = first; row < end; row += CK_MANY_ROWS) {
            const size_t left = (end - row + CK_PANEL_ROWS - 1) / CK_PANEL_ROWS;
            const size_t used = left < CK_MANY_PANELS ? left : CK_MANY_PANELS;
            for (size_t b = 0; b < all_blocks; b += slice_blocks) {
                const size_t blocks = all_blocks - b < slice_blocks ? all_blocks - b : slice_blocks;
                for (size_t i = 0; i < used; i++) {
                    ck_panel_rows rows = ck_panel_at(p, ck_panel_first(row + CK_PANEL_ROWS * i, end));
                    ck_panel_advance(&rows, b * sizes.bytes);
                    unpack(type, rows, blocks, panels + sizes.panel_bytes * i);
                }
                const bool last = b + blocks == all_blocks;
                for (size_t t = 0; t < tiles; t++) {
                    const size_t from = count * t / tiles;
                    const uint8_t *a = p->activations + (at + from) * p->activation_bytes + b * sizes.activation_bytes;
                    if (last && t + 1 < tiles)
                        prefetch_output(p->output + (at + count * (t + 1) / tiles) * p->output_stride + row,
                                        p->output_stride, count * (t + 2) / tiles - count * (t + 1) / tiles);
                    for (size_t i = 0; i < used; i++) {
                        prefetch_slice(p, last ? row + CK_MANY_ROWS : row, last ? 0 : (b + blocks) * sizes.bytes,
                                       slice_blocks * sizes.bytes, used * t + i, used * tiles);
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
            // A panel that began earlier has its results still here.
            if ((end - row) % CK_PANEL_ROWS != 0 && end - row < CK_MANY_ROWS) {
                const size_t r = row + CK_PANEL_ROWS * (used - 1), here = CK_PANEL_ROWS * used - (end - r);
                for (size_t c = 0; c < count; c++)
                    memcpy(p->output + (at + c) * p->output_stride + r, waiting + CK_MANY_ROWS * c + here,
                           (end - r) * sizeof(float));
            }
        }
    }
}

// Up to `few` activation rows are faster without panels; fewer weight rows than a panel has are no work for either.
#define CK_MULTIPLY(name, type, elements, activation, panel_bytes, slice_blocks, tile_count, few)                    \
    void ck_avx512_multiply_##name(const ck_product *p, size_t first, size_t end, void *scratch) {                   \
        const ck_sizes sizes = {elements,    sizeof(ck_##name), sizeof(activation),                                  \
                                panel_bytes, slice_blocks,      tile_count};                                         \
        if (p->count > 2 && end < CK_PANEL_ROWS)                                                                     \
            ck_scalar_multiply_##name(p, first, end, scratch);                                                       \
        else if (p->count <= few)                                                                                    \
            ck_avx512_few_##name(p, first, end, scratch);                                                            \
        else                                                                                                         \
            many(p, first, end, scratch, type, sizes);                                                               \
    }
