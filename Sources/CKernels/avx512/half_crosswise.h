// More activation rows, with half of the products: add_crosswise.
//
// A register holds a pair of columns of sixteen weight rows and meets the same pair of an activation row in all lanes.
// So the sums of a lane of scalar/matmul_half.c, 64 columns of a section, come out for sixteen rows side by side: nothing
// is added up across a register, and results are stored as they lie. Turning weights round pays from some 60 rows on.

enum {
    CROSS_LEAST = 60,            // activation rows from which on this is faster than half_many.h
    CROSS_REGISTERS = 2,         // of sixteen weight rows, side by side
    CROSS_ROWS = 16 * CROSS_REGISTERS,
    CROSS_COUNT = 8,             // activation rows of a tile
    LEVELS = 5,                  // of sums: lanes, pairs of lanes, …
};

// A section of 32 weight rows. Lanes lie in the order in which their sums are added up, and not 4 KiB apart, where all of
// a step's would fall into one set of the cache.
typedef struct {
    pairs integers[CK_SECTION_LANES][SECTION_STEPS + 1][CROSS_REGISTERS];
    vi minus_products[CK_SECTION_LANES][CROSS_REGISTERS];  // like those of activations
    vf units[CROSS_REGISTERS];
} cross_panel;

_Static_assert(BAND_ROWS / CROSS_ROWS * sizeof(cross_panel) <= CK_SCRATCH_BYTES, "scratch");

// Halves of lanes are added onto halves, as the specification has it: a lane's number is its place, bits reversed.
// So is its place the number's.
static const uint8_t lane_at[] = {0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15};

// Adds w0 · a0 + w1 · a1 with half of the products (Winograd, "A new algorithm for inner products", 1968) to sums that
// begin at -Σ w0 · w1 - Σ a0 · a1: (w0 + a1) · (w1 + a0) is all four. What leaves an int32 on the way comes back.
//
// Two additions and a product take 1.5 cycles of four units that add, two of which multiply; two products take 2. The
// order stays as it is written: in the compiler's own it is a tenth slower.
CK_INLINE vi add_crosswise(vi sums, pairs w0, pairs w1, pairs a0, pairs a1) {
    pairs first, second;
    __asm__ volatile("vpaddw %2, %1, %0" : "=v"(first) : "v"(w0), "v"(a1));
    __asm__ volatile("vpaddw %2, %1, %0" : "=v"(second) : "v"(w1), "v"(a0));
    __asm__ volatile("vpdpwssd %2, %1, %0" : "+v"(sums) : "v"(first), "v"(second));
    return sums;
}

CK_INLINE pairs load_here(const pairs *from) {
    pairs v;
    __asm__ volatile("vmovdqa64 %1, %0" : "=v"(v) : "m"(*from));
    return v;
}

// One pair in all lanes.
CK_INLINE pairs splat_here(const uint8_t *from) {
    pairs v;
    __asm__ volatile("vpbroadcastd %1, %0" : "=v"(v) : "m"(*(const int16_t(*)[2])from));
    return v;
}

// Sixteen rows from `row` on; those past the end repeat the last one, and their results are not stored.
CK_INLINE void fill_register(const ck_product *p, const band *b, size_t row, cross_panel *out, size_t number,
                             const asking *asked, const half_format format) {
    const uint8_t *weights[16];
    float factors[16];
    CK_ROLLED for (size_t r = 0; r < 16; r++) {
        weights[r] = p->weights + smaller(row + r, b->end - 1) * p->row_bytes + 2 * b->column;
        words largest[CK_PARTS] = {0};
        measure(weights[r], b->columns, largest);
        ck_section_scale scale = scale_of(largest, format);
        factors[r] = scale.factor;
        out->units[number][r] = scale.unit;
        ask(p, asked, row - b->first + r);
    }
    size_t whole = b->columns / CK_STEP, steps = (b->columns + CK_STEPS - 1) / CK_STEPS * 2;
    CK_ROLLED for (size_t step = 0; step < steps; step++) {
        uint8_t room[16][2 * CK_STEP];
        const uint8_t *at[16];
        for (int r = 0; r < 16; r++) at[r] = weights[r] + 2 * CK_STEP * step;
        if (step >= whole)
            for (int r = 0; r < 16; r++) at[r] = padded(at[r], step == whole ? b->columns % CK_STEP : 0, room[r]);
        __m512i four[4][4], lanes[16];
        CK_UNROLL for (int i = 0; i < 4; i++) {
            __m512i r[4];
            CK_UNROLL for (int j = 0; j < 4; j++)
                r[j] = (__m512i)integers_of(at[4 * i + j], splat(factors[4 * i + j]), format);
            ck_transpose_lanes(r[0], r[1], r[2], r[3], four[i]);
        }
        ck_transpose_quarters(four, lanes);
        CK_UNROLL for (int l = 0; l < 16; l++) out->integers[lane_at[l]][step][number] = (pairs)lanes[l];
    }
    CK_ROLLED for (int i = 0; i < 16; i++) {
        vi sum = (vi)0;
        for (size_t step = 0; step < steps; step += 2)
            sum = add_products(sum, out->integers[i][step][number], out->integers[i][step + 1][number]);
        out->minus_products[i][number] = -sum;
    }
}

// A lane's sums, times its scales.
CK_INLINE void multiply_lane(const cross_panel *w, size_t place, const uint8_t *activations, size_t stride,
                             size_t steps, vf sums[CROSS_COUNT][CROSS_REGISTERS], const int count) {
    const uint8_t *lane = activations + 4 * lane_at[place];
    vi lanes[CROSS_COUNT][CROSS_REGISTERS];
    CK_UNROLL for (int c = 0; c < count; c++) {
        int32_t minus;
        memcpy(&minus, lane + (size_t)c * stride + offsetof(ck_activation_section, minus_products), sizeof minus);
        CK_UNROLL for (int r = 0; r < CROSS_REGISTERS; r++) lanes[c][r] = w->minus_products[place][r] + (vi)minus;
    }
    const uint8_t *at = lane + offsetof(ck_activation_section, integers);
    const pairs(*weights)[CROSS_REGISTERS] = w->integers[place];
    CK_ROLLED for (size_t step = 0; step < steps; step += 2, at += 2 * CK_STEPS, weights += 2) {
        pairs even[CROSS_REGISTERS], odd[CROSS_REGISTERS];
        CK_UNROLL for (int r = 0; r < CROSS_REGISTERS; r++) {
            even[r] = load_here(weights[0] + r);
            odd[r] = load_here(weights[1] + r);
        }
        CK_UNROLL for (int c = 0; c < count; c++) {
            pairs a0 = splat_here(at + (size_t)c * stride), a1 = splat_here(at + 2 * CK_STEP + (size_t)c * stride);
            CK_UNROLL for (int r = 0; r < CROSS_REGISTERS; r++)
                lanes[c][r] = add_crosswise(lanes[c][r], even[r], odd[r], a0, a1);
        }
    }
    CK_UNROLL for (int c = 0; c < count; c++) {
        float scale;
        memcpy(&scale, lane + (size_t)c * stride, sizeof scale);
        CK_UNROLL for (int r = 0; r < CROSS_REGISTERS; r++)
            sums[c][r] = __builtin_convertvector(lanes[c][r], vf) * splat(scale);
    }
}

// 32 weight rows × COUNT activation rows, a section, to the results of `rows` weight rows that are there.
CK_INLINE void multiply_rows(const cross_panel *w, const band *b, const uint8_t *activations, size_t stride,
                             float *output, size_t output_stride, size_t rows, const int count) {
    const size_t steps = (b->columns + CK_STEPS - 1) / CK_STEPS * 2;
    // Sums that wait for another of their level.
    vf waiting[LEVELS][CROSS_COUNT][CROSS_REGISTERS];
    for (size_t place = 0; place < CK_SECTION_LANES; place++) {
        vf sums[CROSS_COUNT][CROSS_REGISTERS];
        multiply_lane(w, place, activations, stride, steps, sums, count);
        size_t level = 0;
        for (; place >> level & 1; level++)
            CK_UNROLL for (int c = 0; c < count; c++)
                CK_UNROLL for (int r = 0; r < CROSS_REGISTERS; r++) sums[c][r] = waiting[level][c][r] + sums[c][r];
        CK_UNROLL for (int c = 0; c < count; c++)
            CK_UNROLL for (int r = 0; r < CROSS_REGISTERS; r++) waiting[level][c][r] = sums[c][r];
    }
    const bool adds = b->column > 0;
    CK_UNROLL for (int c = 0; c < count; c++)
        CK_UNROLL for (int r = 0; r < CROSS_REGISTERS; r++) {
            float *out = output + (size_t)c * output_stride + 16 * r;
            vf sum = waiting[LEVELS - 1][c][r];
            if (rows >= CROSS_ROWS) {
                store(out, fused(sum, w->units[r], adds ? load(out) : splat(0)));
            } else {
                size_t there = rows > 16 * (size_t)r ? smaller(16, rows - 16 * (size_t)r) : 0;
                __mmask16 mask = (__mmask16)((1u << there) - 1);
                vf earlier = _mm512_maskz_loadu_ps(adds ? mask : 0, out);
                _mm512_mask_storeu_ps(out, mask, fused(sum, w->units[r], earlier));
            }
        }
}

#define CK_TILE(n) \
    case n: multiply_rows(panels, b, rows, stride, out, p->output_stride, b->end - row, n); break

// A tile of `count` activation rows from `at` on. Asks for the next tile's activations and results.
CK_INLINE void multiply_crosswise(const ck_product *p, const band *b, const cross_panel *panels, size_t at,
                                  size_t count, const asking *asked) {
    const size_t stride = p->activation_bytes, share = sizeof(ck_activation_section) / (BAND_ROWS / CROSS_ROWS);
    const uint8_t *activations = p->activations + b->column / CK_SECTION * sizeof(ck_activation_section);
    for (size_t row = b->first; row < b->end; row += CROSS_ROWS, panels++) {
        for (size_t r = row; asked->from < asked->to && r < row + CROSS_ROWS; r++) ask(p, asked, r - b->first);
        for (size_t next = at + count; next < smaller(at + count + CROSS_COUNT, p->count); next++) {
            ck_prefetch_bytes(activations + next * stride + (row - b->first) / CROSS_ROWS * share, share);
            ck_prefetch_bytes(p->output + next * p->output_stride + row, CROSS_ROWS * sizeof(float));
        }
        const uint8_t *rows = activations + at * stride;
        float *out = p->output + at * p->output_stride + row;
        switch (count) {
            CK_TILE(1);
            CK_TILE(2);
            CK_TILE(3);
            CK_TILE(4);
            CK_TILE(5);
            CK_TILE(6);
            CK_TILE(7);
            CK_TILE(8);
        }
    }
}

#undef CK_TILE

// All activation rows against a band.
__attribute__((noinline)) static void multiply_band_crosswise(const ck_product *p, const band *b,
                                                              const cross_panel *panels, asking *asked) {
    size_t tiles = (p->count + CROSS_COUNT - 1) / CROSS_COUNT;
    for (size_t t = 0, at = 0, end; t < tiles; t++, at = end) {
        end = p->count * (t + 1) / tiles;
        ask_until(p, asked, end);
        multiply_crosswise(p, b, panels, at, end - at, asked);
    }
}

CK_INLINE void crosswise(const ck_product *p, size_t first, size_t end, cross_panel *panels, const half_format format) {
    for (band b = first_band(p, first, end); b.first < b.end; b = band_after(p, &b, end)) {
        asking asked = asking_for(p, &b, end);
        for (size_t row = b.first; row < b.end; row += 16)
            fill_register(p, &b, row, panels + (row - b.first) / CROSS_ROWS, (row - b.first) / 16 % CROSS_REGISTERS,
                          &asked, format);
        multiply_band_crosswise(p, &b, panels, &asked);
    }
}
