// Attention for one level: CK_LANES, CK_LEVEL and CK_TABLE (the table's name) are defined by the including file.
// CKernels/attention.h says what is computed; here with online softmax (Milakov and Gimelshein 2018; Dao et al. 2022) over
// the tiles of a split. Scores are in units of log 2, so that weights are powers of two.
#include "simd.h"
#include "attention_products.h"

// Up to this many rows a tile is widened to floats in registers, again for each six rows; beyond, once for all of them.
enum { ROWS_WITHOUT_COPY = 12 };

typedef struct {
    size_t rows, dimension;
    float *tile;           // [64 · dimension] a tile as floats
    float *queries;        // [rows][dimension], times scale / ln 2
    float *scores;         // [rows][64]: of one tile; then the weights 2^(score - maximum)
    float *values;         // [rows][dimension]: weighted values of the split so far
    float *total_values;   // the same of the splits before it
    float *maxima, *sums;  // [rows]: of the split so far
    float *total_maxima, *total_sums;
    float *factors;        // [rows]: what the tile's new maximum makes of the sums so far
} workspace;

static workspace make_workspace(size_t rows, size_t dimension, float *scratch) {
    size_t room = (rows + 15) / 16 * 16;
    workspace w = {.rows = rows, .dimension = dimension};
    float **const parts[] = {&w.tile, &w.queries, &w.scores, &w.values, &w.total_values,
                             &w.maxima, &w.sums, &w.total_maxima, &w.total_sums, &w.factors};
    const size_t sizes[] = {CK_KV_TOKENS * dimension, room * dimension, room * CK_KV_TOKENS, room * dimension,
                            room * dimension, room, room, room, room, room};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        *parts[i] = scratch;
        scratch += sizes[i];
    }
    return w;
}

static const uint16_t *tile_at(const ck_attention_item *item, size_t block, size_t offset) {
    return (const uint16_t *)((const char *)item->blocks[block] + offset);
}

// Scores of rows first ..< w->rows against all 64 keys of a tile; those of unfilled slots are garbage.
static void score_tile(const workspace *w, size_t first, const uint16_t *keys, ptrdiff_t ahead) {
    size_t rows = w->rows - first, group = CK_KV_GROUP * w->dimension;
    bool is_half = rows <= ROWS_WITHOUT_COPY;
    if (!is_half) widen(keys, CK_KV_TOKENS * w->dimension, w->tile, ahead);
    tile_product p = {.rows = w->queries + first * w->dimension, .row_stride = w->dimension,
                      .step = CK_KV_GROUP, .depth = w->dimension, .sum_stride = CK_KV_TOKENS, .ahead = ahead};
#if CK_LANES == 16
    // A vector from each of the four groups.
    p.tile = is_half ? (const void *)keys : (const void *)w->tile;
    p.spread = group;
    p.out_spread = CK_KV_GROUP;
    p.sums = w->scores + first * CK_KV_TOKENS;
    (is_half ? multiply_halves : multiply_floats)(&p, rows, CK_KV_TOKENS / CK_KV_GROUP);
#else
    p.spread = p.out_spread = CK_LANES;
    for (size_t g = 0; g < CK_KV_TOKENS / CK_KV_GROUP; g++) {
        p.tile = is_half ? (const void *)(keys + g * group) : (const void *)(w->tile + g * group);
        p.sums = w->scores + first * CK_KV_TOKENS + g * CK_KV_GROUP;
        (is_half ? multiply_halves : multiply_floats)(&p, rows, CK_KV_GROUP / CK_LANES);
    }
#endif
}

// 2^(from - to), 0 if nothing came before.
CK_INLINE float decay(float from, float to) {
    return from == -INFINITY ? 0.0f : power_of_two(splat(from - to))[0];
}

// Turns the first `visible` ≥ 1 of a row's 64 scores into weights, the others into zeros, and updates maximum and sum.
static void weigh_row(const workspace *w, size_t row, size_t visible) {
    enum { VECTORS = CK_KV_TOKENS / CK_LANES };
    float *scores = w->scores + row * CK_KV_TOKENS;
    vf s[VECTORS], largest = splat(-INFINITY), sum = splat(0);
    vi numbers = lane_numbers();
#pragma clang loop unroll(full)
    for (size_t v = 0; v < VECTORS; v++) {
        s[v] = numbers < (vi)(int32_t)visible ? load(scores + v * CK_LANES) : splat(-INFINITY);
        largest = larger(s[v], largest);
        numbers += CK_LANES;
    }
    float maximum = largest_lane(larger(largest, splat(w->maxima[row])));
#pragma clang loop unroll(full)
    for (size_t v = 0; v < VECTORS; v++) {
        vf weight = power_of_two(s[v] - maximum);
        store(scores + v * CK_LANES, weight);
        sum += weight;
    }
    float factor = decay(w->maxima[row], maximum);
    w->factors[row] = factor;
    w->sums[row] = fmaf(w->sums[row], factor, sum_of_lanes(sum));
    w->maxima[row] = maximum;
}

// Adds the first `visible` values of a tile, weighted, to the split's sums of rows first ..< w->rows.
static void add_values(const workspace *w, size_t first, const uint16_t *values, size_t visible, ptrdiff_t ahead) {
    size_t rows = w->rows - first, vectors = w->dimension / CK_LANES;
    bool is_half = rows <= ROWS_WITHOUT_COPY;
    if (!is_half) widen(values, visible * w->dimension, w->tile, ahead);
    tile_product p = {
        .rows = w->scores + first * CK_KV_TOKENS, .row_stride = CK_KV_TOKENS,
        .tile = is_half ? (const void *)values : (const void *)w->tile,
        .step = w->dimension, .spread = CK_LANES, .depth = visible,
        .sums = w->values + first * w->dimension, .sum_stride = w->dimension, .out_spread = CK_LANES,
        .factors = w->factors + first, .ahead = ahead};
    (is_half ? multiply_halves : multiply_floats)(&p, rows, vectors);
    multiply_rest(&p, rows, vectors * CK_LANES, w->dimension, is_half);
}

// One split of the positions up to `end` (past the item's last token) for all rows.
static void attend_split(const ck_attention_item *item, const workspace *w, size_t split, size_t end) {
    size_t begin = split * CK_KV_SPLIT;
    size_t split_end = begin + CK_KV_SPLIT < end ? begin + CK_KV_SPLIT : end;
    for (size_t row = 0; row < w->rows; row++) w->maxima[row] = -INFINITY, w->sums[row] = 0;
    memset(w->values, 0, w->rows * w->dimension * sizeof(float));
    for (size_t position = begin; position < split_end; position += CK_KV_TOKENS) {
        // Tokens before this one see nothing of the tile.
        size_t token = position > item->first_position ? position - item->first_position : 0;
        size_t first = token * item->heads, block = position / CK_KV_TOKENS;
        ptrdiff_t ahead = 0;
        if (position + CK_KV_TOKENS < end)
            ahead = (const char *)item->blocks[block + 1] - (const char *)item->blocks[block];
        score_tile(w, first, tile_at(item, block, item->keys_offset), ahead);
        for (size_t row = first; row < w->rows; row++) {
            size_t visible = item->first_position + row / item->heads + 1 - position;
            weigh_row(w, row, visible < CK_KV_TOKENS ? visible : CK_KV_TOKENS);
        }
        size_t most = end - position < CK_KV_TOKENS ? end - position : CK_KV_TOKENS;
        add_values(w, first, tile_at(item, block, item->values_offset), most, ahead);
    }
}

// Adds a later split's partial result to a row's total; an empty one changes nothing.
static void merge_row(const workspace *w, size_t row, const float *values, float maximum, float sum) {
    if (maximum == -INFINITY) return;
    float *total = w->total_values + row * w->dimension;
    float both = maximum > w->total_maxima[row] ? maximum : w->total_maxima[row];
    float old = decay(w->total_maxima[row], both), new = decay(maximum, both);
    size_t d = 0;
    for (; d + CK_LANES <= w->dimension; d += CK_LANES)
        store(total + d, fused(load(total + d), splat(old), load(values + d) * new));
    for (; d < w->dimension; d++) total[d] = fmaf(total[d], old, values[d] * new);
    w->total_sums[row] = fmaf(w->total_sums[row], old, sum * new);
    w->total_maxima[row] = both;
}

static void clear_totals(const workspace *w) {
    for (size_t row = 0; row < w->rows; row++) w->total_maxima[row] = -INFINITY, w->total_sums[row] = 0;
    memset(w->total_values, 0, w->rows * w->dimension * sizeof(float));
}

static void write_totals(const ck_attention_item *item, const workspace *w) {
    for (size_t row = 0; row < w->rows; row++) {
        float *output = item->output + row / item->heads * item->output_stride + row % item->heads * w->dimension;
        const float *total = w->total_values + row * w->dimension;
        float factor = 1.0f / w->total_sums[row];
        size_t d = 0;
        for (; d + CK_LANES <= w->dimension; d += CK_LANES) store(output + d, load(total + d) * factor);
        for (; d < w->dimension; d++) output[d] = total[d] * factor;
    }
}

static void attend(const ck_attention_item *item, float *scratch) {
    size_t dimension = item->dimension;
    workspace w = make_workspace(item->tokens * item->heads, dimension, scratch);
    float scale = item->scale * 0x1.715476p0f;
    for (size_t row = 0; row < w.rows; row++) {
        const float *query = item->queries + row / item->heads * item->query_stride + row % item->heads * dimension;
        for (size_t d = 0; d < dimension; d++) w.queries[row * dimension + d] = query[d] * scale;
    }
    if (!item->partial) clear_totals(&w);
    size_t end = item->first_position + item->tokens;
    for (size_t split = item->first_split; split < item->end_split && split * CK_KV_SPLIT < end; split++) {
        attend_split(item, &w, split, end);
        if (item->partial) continue;
        for (size_t row = 0; row < w.rows; row++)
            merge_row(&w, row, w.values + row * dimension, w.maxima[row], w.sums[row]);
    }
    if (!item->partial) {
        write_totals(item, &w);
        return;
    }
    memcpy(item->partial, w.values, w.rows * dimension * sizeof(float));
    memcpy(item->partial + w.rows * dimension, w.maxima, w.rows * sizeof(float));
    memcpy(item->partial + w.rows * (dimension + 1), w.sums, w.rows * sizeof(float));
}

static void merge(const ck_attention_item *item, const float *partials, size_t splits, float *scratch) {
    workspace w = make_workspace(item->tokens * item->heads, item->dimension, scratch);
    size_t stride = ck_attention_partial_floats(w.rows, w.dimension);
    clear_totals(&w);
    for (size_t split = 0; split < splits; split++) {
        const float *values = partials + split * stride, *maxima = values + w.rows * w.dimension;
        for (size_t row = 0; row < w.rows; row++)
            merge_row(&w, row, values + row * w.dimension, maxima[row], maxima[w.rows + row]);
    }
    write_totals(item, &w);
}

static void store_key(const float *key, size_t dimension, size_t slot, void *tile) {
    uint16_t *to = (uint16_t *)tile + slot / CK_KV_GROUP * CK_KV_GROUP * dimension + slot % CK_KV_GROUP;
    size_t d = 0;
    for (; d + CK_LANES <= dimension; d += CK_LANES) {
        uint16_t halves[CK_LANES];
        store_half(halves, load(key + d));
        for (size_t i = 0; i < CK_LANES; i++) to[(d + i) * CK_KV_GROUP] = halves[i];
    }
    for (; d < dimension; d++) to[d * CK_KV_GROUP] = ck_float_to_half(key[d]);
}

static void store_value(const float *value, size_t dimension, size_t slot, void *tile) {
    uint16_t *to = (uint16_t *)tile + slot * dimension;
    size_t d = 0;
    for (; d + CK_LANES <= dimension; d += CK_LANES) store_half(to + d, load(value + d));
    for (; d < dimension; d++) to[d] = ck_float_to_half(value[d]);
}

const ck_attention_kernels CK_TABLE = {
    .level = CK_LEVEL,
    .attend = attend,
    .merge = merge,
    .store_key = store_key,
    .store_value = store_value,
};
