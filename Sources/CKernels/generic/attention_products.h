// Products of a few rows with a tile: the inner loops of attention.

enum {
    ROWS_AT_ONCE = 6,  // six rows times VECTORS_AT_ONCE vectors of sums, the tile's vectors and one factor fit the registers
    VECTORS_AT_ONCE = CK_LANES == 8 ? 2 : 4,
};

// sums[r][v] = sums[r][v] · factors[r] + Σ over k < depth of rows[r][k] · tile[k · step + v · spread], k in order; vectors
// v are `spread` elements apart in the tile and `out_spread` in the sums. Without factors the sums begin at zero.
// The tile holds binary16 numbers or floats.
typedef struct {
    const float *rows;
    size_t row_stride;
    const void *tile;
    size_t step, spread, depth;
    float *sums;
    size_t sum_stride, out_spread;
    const float *factors;
    ptrdiff_t ahead;  // bytes from this tile to the one that is needed next: prefetched meanwhile; 0: none
} tile_product;

CK_INLINE vf tile_vector(const void *tile, size_t at, const bool is_half) {
    return is_half ? load_half((const uint16_t *)tile + at) : load((const float *)tile + at);
}

CK_INLINE void multiply_block(const tile_product *product, size_t row, size_t vector, const size_t rows,
                              const size_t vectors, const bool is_half) {
    const tile_product copy = *product, *p = &copy;  // no store can change it
    const float *left = p->rows + row * p->row_stride;
    size_t row_stride = p->row_stride, step = p->step, spread = p->spread;
    const char *tile = (const char *)p->tile + vector * spread * (is_half ? 2 : 4);
    float *out = p->sums + row * p->sum_stride + vector * p->out_spread;
    vf sums[ROWS_AT_ONCE][VECTORS_AT_ONCE];
#pragma clang loop unroll(full)
    for (size_t r = 0; r < rows; r++) {
#pragma clang loop unroll(full)
        for (size_t v = 0; v < vectors; v++)
            sums[r][v] = p->factors ? load(out + r * p->sum_stride + v * p->out_spread) * p->factors[row + r] : splat(0);
    }
    for (size_t k = 0; k < p->depth; k++) {
        vf right[VECTORS_AT_ONCE];
#pragma clang loop unroll(full)
        for (size_t v = 0; v < vectors; v++) {
            right[v] = tile_vector(tile, k * step + v * spread, is_half);
            // Into the second level: the first has no room for two tiles.
            if (is_half && v * 2 / vectors == (k & 1))
                __builtin_prefetch(tile + 2 * (k * step + v * spread) + p->ahead, 0, 2);
        }
#pragma clang loop unroll(full)
        for (size_t r = 0; r < rows; r++) {
            vf factor = splat(left[r * row_stride + k]);
#pragma clang loop unroll(full)
            for (size_t v = 0; v < vectors; v++) sums[r][v] = fused(factor, right[v], sums[r][v]);
        }
    }
#pragma clang loop unroll(full)
    for (size_t r = 0; r < rows; r++) {
#pragma clang loop unroll(full)
        for (size_t v = 0; v < vectors; v++) store(out + r * p->sum_stride + v * p->out_spread, sums[r][v]);
    }
}

// `count` vectors for up to ROWS_AT_ONCE rows.
CK_INLINE void multiply_rows(const tile_product *p, size_t row, size_t count, const size_t rows, const bool is_half) {
    size_t vector = 0;
    for (; vector + VECTORS_AT_ONCE <= count; vector += VECTORS_AT_ONCE)
        multiply_block(p, row, vector, rows, VECTORS_AT_ONCE, is_half);
    for (; vector < count; vector++) multiply_block(p, row, vector, rows, 1, is_half);
}

CK_INLINE void multiply_all(const tile_product *p, size_t rows, size_t count, const bool is_half) {
    size_t row = 0;
    for (; row + ROWS_AT_ONCE <= rows; row += ROWS_AT_ONCE) multiply_rows(p, row, count, ROWS_AT_ONCE, is_half);
    switch (rows - row) {
    case 1: multiply_rows(p, row, count, 1, is_half); break;
    case 2: multiply_rows(p, row, count, 2, is_half); break;
    case 3: multiply_rows(p, row, count, 3, is_half); break;
    case 4: multiply_rows(p, row, count, 4, is_half); break;
    case 5: multiply_rows(p, row, count, 5, is_half); break;
    default: break;
    }
}

static void multiply_halves(const tile_product *p, size_t rows, size_t vectors) {
    multiply_all(p, rows, vectors, true);
}

static void multiply_floats(const tile_product *p, size_t rows, size_t vectors) {
    multiply_all(p, rows, vectors, false);
}

// The last elements of a head that fill no vector, in the same order of operations. The tile is [depth][step].
static void multiply_rest(const tile_product *p, size_t rows, size_t first, size_t end, bool is_half) {
    for (size_t row = 0; row < rows; row++) {
        for (size_t d = first; d < end; d++) {
            float sum = p->sums[row * p->sum_stride + d] * p->factors[row];
            for (size_t k = 0; k < p->depth; k++) {
                size_t at = k * p->step + d;
                float right = is_half ? ck_half_to_float(((const uint16_t *)p->tile)[at]) : ((const float *)p->tile)[at];
                sum = fmaf(p->rows[row * p->row_stride + k], right, sum);
            }
            p->sums[row * p->sum_stride + d] = sum;
        }
    }
}

// Binary16 to float; meanwhile the tile that is `ahead` bytes further on is prefetched.
static void widen(const uint16_t *from, size_t count, float *to, ptrdiff_t ahead) {
    size_t i = 0;
    for (; i + 32 <= count; i += 32) {
        __builtin_prefetch((const char *)(from + i) + ahead, 0, 2);
        for (size_t k = 0; k < 32; k += CK_LANES) store(to + i + k, load_half(from + i + k));
    }
    for (; i < count; i++) to[i] = ck_half_to_float(from[i]);
}
