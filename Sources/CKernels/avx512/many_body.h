// How panels are driven over many activation rows, in one place for all integer types. The including file has defined
//   tile(type, panel, blocks, activations, stride, results, count): multiplies a panel, sixteen rows of a slice, with
//     `count` activation rows;
//   unpack_tile(type, rows, blocks, panel, next, activations, stride, results, count): the same, and writes the panel
//     meanwhile: shuffles run beside dot products. Asks for as many bytes from `next` on.

// The sizes of a weight block, of the activation block that belongs to it, of a panel; blocks of a slice, activation
// rows of a tile.
typedef struct {
    size_t elements, bytes, activation_bytes, panel_bytes, slice_blocks, tile;
} ck_sizes;

// Asks for the lines that a tile's results go to: each lies in a page of its own.
CK_INLINE void prefetch_output(float *output, size_t stride, size_t count) {
    for (size_t c = 0; c < count; c++) {
        __builtin_prefetch(output + c * stride, 1, 3);
        __builtin_prefetch(output + c * stride + CK_PANEL_ROWS, 1, 3);
    }
}

// A tile for each count of activation rows, so that sums stay in registers.
#define CK_COUNTS CK_CASE(4) CK_CASE(5) CK_CASE(6) CK_CASE(7) CK_CASE(8) CK_CASE(9) CK_CASE(10) CK_CASE(11) CK_CASE(12)

// Unpacks the panel of the rows from `row` on, blocks `b` and up, and multiplies it with the first `n` activation rows.
// What lies CK_MANY_ROWS further on is asked for meanwhile, in the order of memory.
CK_INLINE void first_tile(const ck_product *p, const ck_stream *stream, size_t row, size_t end, size_t b, size_t blocks,
                          void *panel, const uint8_t *activations, const ck_results *results, int n,
                          ck_weight_type type, const ck_sizes sizes) {
    ck_panel_rows rows = ck_panel_at(p, ck_panel_first(row, end));
    ck_panel_advance(&rows, b * sizes.bytes);
    const uintptr_t own = (uintptr_t)p->weights + row * p->row_bytes + CK_PANEL_ROWS * b * sizes.bytes;
    uintptr_t next = ck_stream_at(stream, own + CK_MANY_ROWS * p->row_bytes);
    if (next == 0) next = own;
    switch (n) {
#define CK_CASE(n)                                                                                                   \
    case n:                                                                                                          \
        if (n <= sizes.tile)                                                                                         \
            unpack_tile(type, rows, blocks, panel, next, activations, p->activation_bytes, results, n);              \
        break;
        CK_COUNTS
#undef CK_CASE
    }
}

// Multiplies a panel with `n` activation rows.
CK_INLINE void other_tile(const void *panel, size_t blocks, const uint8_t *activations, size_t stride,
                          const ck_results *results, int n, ck_weight_type type, const ck_sizes sizes) {
    switch (n) {
#define CK_CASE(n)                                                                                                   \
    case n:                                                                                                          \
        if (n <= sizes.tile) tile(type, panel, blocks, activations, stride, results, n);                             \
        break;
        CK_COUNTS
#undef CK_CASE
    }
}

CK_INLINE void many(const ck_product *p, size_t first, size_t end, void *scratch, ck_weight_type type,
                    const ck_sizes sizes) {
    const ck_stream stream = ck_stream_to(p, end);
    uint8_t *const panels = scratch;
    float *const waiting = (float *)((uint8_t *)scratch + CK_PANEL_BYTES);
    const size_t slice_blocks = sizes.slice_blocks, all_blocks = p->columns / sizes.elements;
    const size_t passes = (p->count + CK_PASS_COUNT - 1) / CK_PASS_COUNT;
    for (size_t pass = 0; pass < passes; pass++) {
        // Alike, so that none is too small for a tile.
        const size_t at = p->count * pass / passes, count = p->count * (pass + 1) / passes - at;
        const size_t tiles = (count + sizes.tile - 1) / sizes.tile;
        const size_t least = count / tiles, longer = count % tiles;  // rows of a tile; how many have one more
        for (size_t row = first; row < end; row += CK_MANY_ROWS) {
            const size_t left = (end - row + CK_PANEL_ROWS - 1) / CK_PANEL_ROWS;
            const size_t used = left < CK_MANY_PANELS ? left : CK_MANY_PANELS;
            for (size_t b = 0; b < all_blocks; b += slice_blocks) {
                const size_t blocks = all_blocks - b < slice_blocks ? all_blocks - b : slice_blocks;
                const bool last = b + blocks == all_blocks;
                for (size_t t = 0; t < tiles; t++) {
                    const size_t from = t * least + (t < longer ? t : longer);
                    const int n = (int)least + (t < longer);
                    const uint8_t *a = p->activations + (at + from) * p->activation_bytes + b * sizes.activation_bytes;
                    if (last && t + 1 < tiles)
                        prefetch_output(p->output + (at + from + (size_t)n) * p->output_stride + row, p->output_stride,
                                        least + (t + 1 < longer));
                    for (size_t i = 0; i < used; i++) {
                        const size_t r = row + CK_PANEL_ROWS * i;
                        const bool done = last && end - r >= CK_PANEL_ROWS;
                        float *const here = waiting + CK_MANY_ROWS * from + CK_PANEL_ROWS * i;
                        const ck_results results = {
                            // Nothing is read before the first slice; but where a page is missing even that takes long.
                            .from = b == 0 ? (const float *)panels : here,
                            .to = done ? p->output + (at + from) * p->output_stride + r : here,
                            .stride = done ? p->output_stride : CK_MANY_ROWS,
                            .load = b == 0 ? 0 : 0xffff,
                        };
                        uint8_t *panel = panels + sizes.panel_bytes * i;
                        if (t == 0)
                            first_tile(p, &stream, r, end, b, blocks, panel, a, &results, n, type, sizes);
                        else
                            other_tile(panel, blocks, a, p->activation_bytes, &results, n, type, sizes);
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
