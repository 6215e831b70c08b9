// Many activation rows: a section of a band of weight rows becomes integers, four rows side by side, and meets the
// activation rows tile by tile.

enum {
    PANEL_ROWS = 4,
    TILE_COUNT = CK_LANES == 16 ? 4 : 2,  // activation rows whose sums fit the registers
    GROUP_COUNT = 8,  // activation rows whose section stays in the first-level cache while a band's panels pass
    BAND_ROWS = 64,   // weight rows whose integers stay in the second-level cache
    FILL_WORK = 7,    // activation rows whose products with a panel take as long as filling it
    SECTION_STEPS = CK_SECTION / CK_STEP,
};

// A section of four weight rows.
typedef struct {
    pairs integers[CK_PARTS][SECTION_STEPS][PANEL_ROWS];
    vf4 units;
} panel;

_Static_assert(BAND_ROWS / PANEL_ROWS * sizeof(panel) <= CK_SCRATCH_BYTES, "scratch");

// A section of some weight rows.
typedef struct {
    size_t first, end, column, columns;
} band;

CK_INLINE band first_band(const ck_product *p, size_t first, size_t end) {
    return (band){first, smaller(first + BAND_ROWS, end), 0, smaller(p->columns, CK_SECTION)};
}

// Section after section of a band's columns; then the next rows, none after the last.
CK_INLINE band band_after(const ck_product *p, const band *b, size_t end) {
    size_t column = b->column + b->columns;
    if (column == p->columns) return first_band(p, b->end, end);
    return (band){b->first, b->end, column, smaller(p->columns - column, CK_SECTION)};
}

// The weights of the next band are asked for row by row, evenly over the time of a band: its filling and its products.
// All at once they come at half of the speed.
typedef struct {
    ck_stream stream;
    uintptr_t start;  // of the next band's first row
    size_t bytes;     // of its rows
    size_t from, to;  // which of these are being asked for
} asking;

// Goes on to the bytes that fall to the time until `done` activation rows have been multiplied.
CK_INLINE void ask_until(const ck_product *p, asking *a, size_t done) {
    a->from = a->to;
    a->to = a->bytes * (FILL_WORK + done) / (FILL_WORK + p->count) / 64 * 64;
}

CK_INLINE asking asking_for(const ck_product *p, const band *b, size_t end) {
    band next = band_after(p, b, end);
    asking a = {.stream = ck_stream_to(p, end), .bytes = 2 * next.columns};
    a.start = (uintptr_t)p->weights + next.first * p->row_bytes + 2 * next.column;
    ask_until(p, &a, 0);
    return a;
}

CK_INLINE void ask(const ck_product *p, const asking *a, size_t row) {
    uintptr_t at = ck_stream_at(&a->stream, a->start + row * p->row_bytes);
    if (at)
        for (size_t byte = a->from; byte < a->to; byte += 64) ck_prefetch_line(at + byte);
}

CK_INLINE void fill_step(const uint8_t *at, vf factor, panel *out, size_t step, size_t row, const half_format format) {
    CK_UNROLL for (int i = 0; i < CK_PARTS; i++)
        out->integers[i][step][row] = integers_of(at + 4 * CK_LANES * i, factor, format);
}

// Rows past the end repeat the last one; their results are not stored.
CK_INLINE void fill_panel(const ck_product *p, const band *b, size_t row, panel *out, const asking *asked,
                          const half_format format) {
    const uint8_t *weights[PANEL_ROWS];
    float factors[PANEL_ROWS];
    // All rows' sections are measured first: a scale is waited for while the next one's is found.
    CK_ROLLED for (size_t r = 0; r < PANEL_ROWS; r++) {
        weights[r] = p->weights + smaller(row + r, b->end - 1) * p->row_bytes + 2 * b->column;
        words largest[CK_PARTS] = {0};
        measure(weights[r], b->columns, largest);
        ck_section_scale scale = scale_of(largest, format);
        factors[r] = scale.factor;
        out->units[r] = scale.unit;
    }
    CK_ROLLED for (size_t r = 0; r < PANEL_ROWS; r++) {
        ask(p, asked, row - b->first + r);
        size_t c = 0;
        for (; c + CK_STEP <= b->columns; c += CK_STEP)
            fill_step(weights[r] + 2 * c, splat(factors[r]), out, c / CK_STEP, r, format);
        uint8_t room[2 * CK_STEP];
        if (c < b->columns)
            fill_step(padded(weights[r] + 2 * c, b->columns - c, room), splat(factors[r]), out, c / CK_STEP, r, format);
    }
}

// The sums of a part of a section of `steps` steps.
CK_INLINE void add_steps(const pairs (*weights)[PANEL_ROWS], const uint8_t *activations, size_t stride, size_t steps,
                         pair_sums lanes[PANEL_ROWS][TILE_COUNT], const int count) {
    CK_ROLLED for (size_t step = 0; step < steps; step++) {
        pairs a[TILE_COUNT];
        CK_UNROLL for (int c = 0; c < count; c++)
            a[c] = load_pairs((const int16_t *)(activations + 2 * CK_STEP * step + (size_t)c * stride));
        CK_UNROLL for (int r = 0; r < PANEL_ROWS; r++) {
            pairs w = weights[step][r];
            CK_UNROLL for (int c = 0; c < count; c++) lanes[r][c] = add_products(lanes[r][c], w, a[c]);
        }
    }
}

// Adds results of four weight rows, of which `rows` are there, to what earlier sections gave.
CK_INLINE void store_results(vf4 sum, vf4 units, float *out, size_t rows, bool adds) {
    if (rows >= PANEL_ROWS) {
        vf4 result = (vf4)0;
        if (adds) memcpy(&result, out, sizeof result);
        result = __builtin_elementwise_fma(sum, units, result);
        memcpy(out, &result, sizeof result);
    } else {
        for (size_t r = 0; r < rows; r++) out[r] = fmaf(sum[r], units[r], adds ? out[r] : 0);
    }
}

// Four weight rows × COUNT activation rows, a section.
CK_INLINE void multiply_tile(const panel *w, const band *b, const uint8_t *activations, size_t stride, float *out,
                             size_t output_stride, size_t rows, const int count) {
    vf sums[TILE_COUNT][PANEL_ROWS][CK_PARTS];
    CK_UNROLL for (int i = 0; i < CK_PARTS; i++) {
        const uint8_t *at = activations + offsetof(ck_activation_section, integers) + 4 * CK_LANES * i;
        pair_sums lanes[PANEL_ROWS][TILE_COUNT];
        CK_UNROLL for (int r = 0; r < PANEL_ROWS; r++)
            CK_UNROLL for (int c = 0; c < count; c++) lanes[r][c] = no_pairs();
        add_steps(w->integers[i], at, stride, (b->columns + CK_STEP - 1) / CK_STEP, lanes, count);
        CK_UNROLL for (int c = 0; c < count; c++) {
            vf scales = load((const float *)(activations + (size_t)c * stride) + CK_LANES * i);
            CK_UNROLL for (int r = 0; r < PANEL_ROWS; r++)
                sums[c][r][i] = __builtin_convertvector(total_of(lanes[r][c]), vf) * scales;
        }
    }
    CK_UNROLL for (int c = 0; c < count; c++)
        store_results(totals(sums[c]), w->units, out + (size_t)c * output_stride, rows, b->column > 0);
}

#define CK_TILE(n) \
    case n: multiply_tile(panels, b, rows, stride, out, p->output_stride, b->end - row, n); break

// A group of `count` activation rows from `at` on. Asks for the next group's activations and results.
CK_INLINE void multiply_group(const ck_product *p, const band *b, const panel *panels, size_t at, size_t count,
                              const asking *asked) {
    size_t stride = p->activation_bytes, tiles = (count + TILE_COUNT - 1) / TILE_COUNT;
    const uint8_t *activations = p->activations + b->column / CK_SECTION * sizeof(ck_activation_section);
    const size_t share = 192;  // bytes of the next activations in the time of a panel: a section in that of a band
    for (size_t row = b->first; row < b->end; row += PANEL_ROWS, panels++) {
        for (size_t r = row; r < row + PANEL_ROWS; r++) ask(p, asked, r - b->first);
        for (size_t next = at + count; next < smaller(at + count + GROUP_COUNT, p->count); next++) {
            ck_prefetch_bytes(activations + next * stride + (row - b->first) / PANEL_ROWS * share, share);
            if (row % 16 == 0) ck_prefetch_bytes(p->output + next * p->output_stride + row, 64);
        }
        for (size_t t = 0, done = 0, now; t < tiles; t++, done += now) {
            now = (count - done + tiles - t - 1) / (tiles - t);
            const uint8_t *rows = activations + (at + done) * stride;
            float *out = p->output + (at + done) * p->output_stride + row;
            switch (now) {
                CK_TILE(1);
                CK_TILE(2);
#if CK_LANES == 16
                CK_TILE(3);
                CK_TILE(4);
#endif
            }
        }
    }
}

#undef CK_TILE

// All activation rows against a band.
__attribute__((noinline)) static void multiply_band(const ck_product *p, const band *b, const panel *panels,
                                                    asking *asked) {
    size_t groups = (p->count + GROUP_COUNT - 1) / GROUP_COUNT;
    for (size_t g = 0, at = 0, end; g < groups; g++, at = end) {
        end = p->count * (g + 1) / groups;
        ask_until(p, asked, end);
        multiply_group(p, b, panels, at, end - at, asked);
    }
}

CK_INLINE void many(const ck_product *p, size_t first, size_t end, panel *panels, const half_format format) {
    for (band b = first_band(p, first, end); b.first < b.end; b = band_after(p, &b, end)) {
        asking asked = asking_for(p, &b, end);
        for (size_t row = b.first; row < b.end; row += PANEL_ROWS)
            fill_panel(p, &b, row, panels + (row - b.first) / PANEL_ROWS, &asked, format);
        multiply_band(p, &b, panels, &asked);
    }
}
