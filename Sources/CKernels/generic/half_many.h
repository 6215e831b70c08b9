// Many activation rows: a section of a band of weight rows becomes integers, four rows side by side, and meets the
// activation rows tile by tile.

enum {
    PANEL_ROWS = 4,
    TILE_COUNT = CK_LANES == 16 ? 3 : 2,  // activation rows whose sums, of integers and of floats, fit the registers
    GROUP_COUNT = 6,  // activation rows whose section stays in the first-level cache while a band's panels pass
    BAND_ROWS = 64,   // weight rows whose integers stay in the second-level cache
    SLICE_STEPS = CK_SLICE / CK_STEP,
    SECTION_STEPS = CK_SECTION / CK_STEP,
};

// A section of four weight rows.
typedef struct {
    pairs integers[CK_PARTS][SECTION_STEPS][PANEL_ROWS];
    vf4 units;
} panel;

_Static_assert(BAND_ROWS / PANEL_ROWS * sizeof(panel) <= CK_SCRATCH_BYTES, "scratch");

CK_INLINE void fill_step(const uint8_t *at, vf factor, panel *out, size_t step, size_t row, const half_format format) {
    CK_UNROLL for (int i = 0; i < CK_PARTS; i++)
        out->integers[i][step][row] = integers_of(at + 4 * CK_LANES * i, factor, format);
}

// Rows past the end repeat the last one; their results are not stored.
CK_INLINE void fill_panel(const ck_product *p, size_t row, size_t end, size_t column, size_t columns, panel *out,
                          const half_format format) {
    for (size_t r = 0; r < PANEL_ROWS; r++) {
        const uint8_t *weights = p->weights + smaller(row + r, end - 1) * p->row_bytes + 2 * column;
        words largest[CK_PARTS] = {0};
        measure(weights, columns, largest);
        ck_section_scale scale = scale_of(largest, format);
        out->units[r] = scale.unit;
        size_t step = 0;
        for (; step < columns / CK_STEP; step++)
            fill_step(weights + 2 * CK_STEP * step, splat(scale.factor), out, step, r, format);
        uint8_t room[2 * CK_STEP];
        if (columns % CK_STEP)
            fill_step(padded(weights + 2 * CK_STEP * step, columns % CK_STEP, room), splat(scale.factor), out, step, r,
                      format);
    }
}

// A tile whose sums are there and whose lanes are not yet added up. That is done while the next tile is multiplied: it
// takes other units of the processor than products do.
typedef struct {
    vf sums[TILE_COUNT][PANEL_ROWS][CK_PARTS];
    vf4 units;
    float *out;
    size_t stride, rows;  // of `out`; weight rows that are there, almost always all
    int count;
    bool adds;  // to what earlier sections gave
} unfinished;

// Adds up the sums of one activation row.
CK_INLINE void finish(const unfinished *tile, int c) {
    if (c >= tile->count) return;
    vf4 sum = totals(tile->sums[c]), result = (vf4)0;
    float *out = tile->out + (size_t)c * tile->stride;
    if (tile->rows == PANEL_ROWS) {
        if (tile->adds) memcpy(&result, out, sizeof result);
        result = __builtin_elementwise_fma(sum, tile->units, result);
        memcpy(out, &result, sizeof result);
    } else {
        for (size_t r = 0; r < tile->rows; r++) out[r] = fmaf(sum[r], tile->units[r], tile->adds ? out[r] : 0);
    }
}

// Steps `from ..< to` of a part of a slice.
CK_INLINE void add_steps(const pairs (*weights)[PANEL_ROWS], const uint8_t *activations, size_t stride, size_t from,
                         size_t to, pair_sums lanes[PANEL_ROWS][TILE_COUNT], const int count) {
    CK_ROLLED for (size_t step = from; step < to; step++) {
        pairs a[TILE_COUNT];
        CK_UNROLL for (int c = 0; c < count; c++)
            a[c] = load_pairs((const int16_t *)(activations + 2 * CK_STEP * step + (size_t)c * stride));
        CK_UNROLL for (int r = 0; r < PANEL_ROWS; r++) {
            pairs w = weights[step][r];
            CK_UNROLL for (int c = 0; c < count; c++) lanes[r][c] = add_products(lanes[r][c], w, a[c]);
        }
    }
}

// A slice of the panel that begins at `begin` steps: added to the sums unless it is the first, during which an earlier
// tile is finished.
CK_INLINE void multiply_slice(const panel *w, const uint8_t *activations, size_t stride, size_t begin, size_t steps,
                              vf sums[TILE_COUNT][PANEL_ROWS][CK_PARTS], const unfinished *earlier, const int count) {
    CK_UNROLL for (int i = 0; i < CK_PARTS; i++) {
        const pairs (*weights)[PANEL_ROWS] = w->integers[i] + begin;
        const uint8_t *at = activations + offsetof(ck_activation_slice, integers) + 4 * CK_LANES * i;
        pair_sums lanes[PANEL_ROWS][TILE_COUNT];
        CK_UNROLL for (int r = 0; r < PANEL_ROWS; r++)
            CK_UNROLL for (int c = 0; c < count; c++) lanes[r][c] = no_pairs();
        if (earlier && i == 0)
            CK_UNROLL for (size_t c = 0; c < TILE_COUNT; c++) {
                add_steps(weights, at, stride, steps * c / TILE_COUNT, steps * (c + 1) / TILE_COUNT, lanes, count);
                finish(earlier, (int)c);
            }
        else
            add_steps(weights, at, stride, 0, steps, lanes, count);
        CK_UNROLL for (int c = 0; c < count; c++) {
            vf scales = load((const float *)(activations + (size_t)c * stride) + CK_LANES * i);
            CK_UNROLL for (int r = 0; r < PANEL_ROWS; r++) {
                vf sum = __builtin_convertvector(total_of(lanes[r][c]), vf);
                sums[c][r][i] = earlier ? sum * scales : fused(sum, scales, sums[c][r][i]);
            }
        }
    }
}

// Four weight rows × COUNT activation rows, a section of `steps` steps. Finishes the tile in `tile` and leaves this one
// there.
CK_INLINE void multiply_tile(const panel *w, const uint8_t *activations, size_t stride, size_t steps, unfinished *tile,
                             const int count) {
    vf sums[TILE_COUNT][PANEL_ROWS][CK_PARTS];
    multiply_slice(w, activations, stride, 0, smaller(steps, SLICE_STEPS), sums, tile, count);
    if (steps > SLICE_STEPS)
        multiply_slice(w, activations + sizeof(ck_activation_slice), stride, SLICE_STEPS, steps - SLICE_STEPS, sums,
                       NULL, count);
    CK_UNROLL for (int c = 0; c < count; c++)
        CK_UNROLL for (int r = 0; r < PANEL_ROWS; r++)
            CK_UNROLL for (int i = 0; i < CK_PARTS; i++) tile->sums[c][r][i] = sums[c][r][i];
    tile->units = w->units;
    tile->count = count;
}

// A section of some weight rows.
typedef struct {
    size_t first, end, column, columns;
} band;

// A group of `count` activation rows from `at` on. Asks for the next group's activations and results.
CK_INLINE void multiply_group(const ck_product *p, const band *b, const panel *panels, size_t at, size_t count,
                              unfinished *tile) {
    size_t stride = p->activation_bytes, tiles = (count + TILE_COUNT - 1) / TILE_COUNT;
    size_t steps = (b->columns + CK_STEP - 1) / CK_STEP;
    const uint8_t *activations = p->activations + b->column / CK_SLICE * sizeof(ck_activation_slice);
    const size_t share = 192;  // bytes of the next activations in the time of a panel: a section in that of a band
    for (size_t row = b->first, asked = 0; row < b->end; row += PANEL_ROWS, panels++, asked += share) {
        for (size_t next = at + count; next < smaller(at + count + GROUP_COUNT, p->count); next++) {
            ck_prefetch_bytes(activations + next * stride + asked, share);
            if (row % 16 == 0) ck_prefetch_bytes(p->output + next * p->output_stride + row, 64);
        }
        for (size_t t = 0; t < tiles; t++) {
            size_t from = at + count * t / tiles;
            const uint8_t *rows = activations + from * stride;
            switch (at + count * (t + 1) / tiles - from) {
            case 1: multiply_tile(panels, rows, stride, steps, tile, 1); break;
            case 2: multiply_tile(panels, rows, stride, steps, tile, 2); break;
            default: multiply_tile(panels, rows, stride, steps, tile, TILE_COUNT);
            }
            tile->out = p->output + from * p->output_stride + row;
            tile->rows = smaller(PANEL_ROWS, b->end - row);
        }
    }
}

// All activation rows against a band. Asks for the weights of the next one.
static void multiply_band(const ck_product *p, const band *b, const band *next, const panel *panels) {
    size_t groups = (p->count + GROUP_COUNT - 1) / GROUP_COUNT, rows = next->end - next->first;
    unfinished tile = {.stride = p->output_stride, .adds = b->column > 0};
    for (size_t g = 0; g < groups; g++) {
        size_t at = p->count * g / groups;
        for (size_t r = rows * g / groups; r < rows * (g + 1) / groups; r++)
            ck_prefetch_bytes(p->weights + (next->first + r) * p->row_bytes + 2 * next->column, 2 * next->columns);
        multiply_group(p, b, panels, at, p->count * (g + 1) / groups - at, &tile);
    }
    for (int c = 0; c < TILE_COUNT; c++) finish(&tile, c);
}

// Section after section of a band's columns; then the next band, which is empty after the last.
CK_INLINE band band_after(const ck_product *p, const band *b, size_t end) {
    size_t column = b->column + b->columns;
    if (column < p->columns) return (band){b->first, b->end, column, smaller(p->columns - column, CK_SECTION)};
    return (band){b->end, smaller(b->end + BAND_ROWS, end), 0, smaller(p->columns, CK_SECTION)};
}

CK_INLINE void many(const ck_product *p, size_t first, size_t end, panel *panels, const half_format format) {
    band b = {first, smaller(first + BAND_ROWS, end), 0, smaller(p->columns, CK_SECTION)};
    while (b.first < b.end) {
        for (size_t row = b.first; row < b.end; row += PANEL_ROWS)
            fill_panel(p, row, b.end, b.column, b.columns, panels + (row - b.first) / PANEL_ROWS, format);
        band next = band_after(p, &b, end);
        multiply_band(p, &b, &next, panels);
        b = next;
    }
}
