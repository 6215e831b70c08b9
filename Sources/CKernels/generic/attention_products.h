// Products of a few rows with a tile: the inner loops of attention.

enum {
    ROWS_AT_ONCE = 6,  // times VECTORS_AT_ONCE vectors of sums, the tile's vectors and one pair fit the registers
    VECTORS_AT_ONCE = CK_LANES == 16 ? 4 : 2,
    FEW_ROWS = 2,      // up to so many leave room for twice the vectors: decode reads values in the order of memory
    MOST_VECTORS = 2 * VECTORS_AT_ONCE,
    AHEAD = 2048,      // bytes that are asked for ahead: from 4 KiB on less comes by the hardware's own prefetching
};

// sum(r, i) = Σ over k < pairs of rows[r][2k] · tile[k][i][0] + rows[r][2k + 1] · tile[k][i][1], exactly; and
// - scores:  out[r][i] = sum · column_factors[i] · row_factors[r]
// - values:  out[r][i] = out[r][i] · decays[r] + sum · row_factors[r]
typedef struct {
    const int16_t *rows;
    size_t row_stride;  // int16 numbers
    const int16_t *tile;
    size_t step;        // int16 numbers from one pair to the next
    size_t tile_pairs;
    size_t visible, rows_of_token;  // the tile's tokens that row 0 sees, or more than all; every so many rows one more
    float *out;
    size_t out_stride;
    const float *row_factors, *column_factors, *decays;
    ptrdiff_t next;     // bytes from this tile's end to the integers of the one that is read after it
} tile_product;

// `vectors` vectors of the rows' results from `column` on, of the first `pairs_seen` pairs of the tile. Rows that are
// `is_first` ask for what comes from memory: few rows, which are as fast as memory, AHEAD of its use if they take the
// tile in the order in which it lies there; more rows, or several passes over the columns, a whole tile ahead.
CK_INLINE void multiply_block(const tile_product *product, size_t row, size_t column, size_t pairs_seen,
                              const size_t rows, const size_t vectors, const bool is_score, const bool is_first) {
    const tile_product copy = *product, *p = &copy;  // no store can change it
    const int16_t *left = p->rows + row * p->row_stride, *tile = p->tile + 2 * column;
    size_t row_stride = p->row_stride, step = p->step;
    pair_sums sums[ROWS_AT_ONCE][MOST_VECTORS];
#pragma clang loop unroll(full)
    for (size_t r = 0; r < rows; r++) {
#pragma clang loop unroll(full)
        for (size_t v = 0; v < vectors; v++) sums[r][v] = no_pairs();
    }
    const size_t pair_bytes = step * sizeof *tile, block_bytes = vectors * sizeof(pairs);
    const bool in_order = rows <= FEW_ROWS && block_bytes == pair_bytes;
    const size_t distance = in_order ? AHEAD / block_bytes : p->tile_pairs;
    for (size_t k = 0; k < pairs_seen; k++) {
        pairs right[MOST_VECTORS];
        const char *ahead = (const char *)(tile + (k + distance) * step) + (k + distance < p->tile_pairs ? 0 : p->next);
        // Into the second level: the first has no room for two tiles.
        for (size_t byte = 0; is_first && byte < block_bytes; byte += 64) __builtin_prefetch(ahead + byte, 0, 2);
#pragma clang loop unroll(full)
        for (size_t v = 0; v < vectors; v++) right[v] = load_pairs(tile + k * step + v * 2 * CK_LANES);
#pragma clang loop unroll(full)
        for (size_t r = 0; r < rows; r++) {
            pairs factor = splat_pair(left + r * row_stride + 2 * k);
#pragma clang loop unroll(full)
            for (size_t v = 0; v < vectors; v++) sums[r][v] = add_products(sums[r][v], factor, right[v]);
        }
    }
#pragma clang loop unroll(full)
    for (size_t r = 0; r < rows; r++) {
        float *out = p->out + (row + r) * p->out_stride + column;
        vf factor = splat(p->row_factors[row + r]);
#pragma clang loop unroll(full)
        for (size_t v = 0; v < vectors; v++) {
            vf sum = __builtin_convertvector(total_of(sums[r][v]), vf);
            if (is_score) {
                sum *= load(p->column_factors + column + v * CK_LANES);
                store(out + v * CK_LANES, sum * factor);
            } else {
                vf old = load(out + v * CK_LANES) * splat(p->decays[row + r]);
                store(out + v * CK_LANES, fused(sum, factor, old));
            }
        }
    }
}

// How many of the tile's tokens a row sees.
CK_INLINE size_t seen_by(const tile_product *p, size_t row) {
    size_t seen = p->visible + row / p->rows_of_token;
    return seen < CK_KV_TOKENS ? seen : CK_KV_TOKENS;
}

// All that the last of up to ROWS_AT_ONCE rows sees: of scores so many columns, of values so many pairs. `columns` is a
// multiple of CK_LANES. Rows of the first block prefetch.
CK_INLINE void multiply_rows(const tile_product *p, size_t row, size_t columns, const size_t rows, const bool is_score,
                             const bool is_first) {
    size_t column = 0, seen = seen_by(p, row + rows - 1), pairs_seen = is_score ? p->tile_pairs : (seen + 1) / 2;
    if (is_score) columns = (seen + CK_LANES - 1) / CK_LANES * CK_LANES;
    if (rows <= FEW_ROWS)
        for (; column + MOST_VECTORS * CK_LANES <= columns; column += MOST_VECTORS * CK_LANES)
            multiply_block(p, row, column, pairs_seen, rows, MOST_VECTORS, is_score, is_first);
    for (; column + VECTORS_AT_ONCE * CK_LANES <= columns; column += VECTORS_AT_ONCE * CK_LANES)
        multiply_block(p, row, column, pairs_seen, rows, VECTORS_AT_ONCE, is_score, is_first);
    for (; column < columns; column += CK_LANES)
        multiply_block(p, row, column, pairs_seen, rows, 1, is_score, is_first);
}

CK_INLINE void multiply_all(const tile_product *p, size_t rows, size_t columns, const bool is_score) {
    size_t row = 0;
    if (rows >= ROWS_AT_ONCE) multiply_rows(p, 0, columns, ROWS_AT_ONCE, is_score, true), row = ROWS_AT_ONCE;
    for (; row + ROWS_AT_ONCE <= rows; row += ROWS_AT_ONCE)
        multiply_rows(p, row, columns, ROWS_AT_ONCE, is_score, false);
    switch (rows - row) {
    case 1: multiply_rows(p, row, columns, 1, is_score, true); break;
    case 2: multiply_rows(p, row, columns, 2, is_score, true); break;
    case 3: multiply_rows(p, row, columns, 3, is_score, true); break;
    case 4: multiply_rows(p, row, columns, 4, is_score, true); break;
    case 5: multiply_rows(p, row, columns, 5, is_score, true); break;
    default: break;
    }
}

// What is read of the first tile before its products ask for more.
static void prefetch_start(const void *tile) {
    for (size_t at = 0; at < AHEAD; at += 64) __builtin_prefetch((const char *)tile + at, 0, 2);
}

static void multiply_keys(const tile_product *p, size_t rows) {
    multiply_all(p, rows, CK_KV_TOKENS, true);
}

// The last elements of a head that fill no vector, in the same order of operations.
static void multiply_values(const tile_product *p, size_t rows, size_t dimension) {
    size_t columns = dimension / CK_LANES * CK_LANES;
    multiply_all(p, rows, columns, false);
    for (size_t row = 0; row < rows && columns < dimension; row++) {
        const size_t pairs_seen = (seen_by(p, row) + 1) / 2;
        for (size_t d = columns; d < dimension; d++) {
            int32_t sum = 0;
            for (size_t k = 0; k < pairs_seen; k++) {
                const int16_t *left = p->rows + row * p->row_stride + 2 * k, *right = p->tile + k * p->step + 2 * d;
                sum += left[0] * right[0] + left[1] * right[1];
            }
            float *out = p->out + row * p->out_stride + d, old = *out * p->decays[row];
            *out = fmaf((float)sum, p->row_factors[row], old);
        }
    }
}
