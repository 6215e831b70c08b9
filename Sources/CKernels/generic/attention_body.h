// Attention for one level: CK_LANES, CK_LEVEL and CK_TABLE (the table's name) are defined by the including file.
// CKernels/attention.h says what is computed.
#include "simd.h"
#include "pairs.h"
#include "attention_rounding.h"
#include "attention_weights.h"
#include "attention_products.h"
#include "attention_store.h"

typedef struct {
    size_t rows, dimension;
    int16_t *queries;      // [rows][dimension]
    int16_t *weights;      // [rows][64]: of one tile
    float *scores;         // [rows][64]: of one tile
    float *values;         // [rows][dimension]: weighted values of the split so far
    float *total_values;   // the same of the splits before it
    float *query_scales;   // [rows]: times scale / ln 2
    float *weight_scales;  // [rows]
    float *maxima, *sums;  // [rows]: of the split so far
    float *total_maxima, *total_sums;
    float *decays;         // [rows]: what the tile's new maximum makes of the sums so far
} workspace;

static workspace make_workspace(size_t rows, size_t dimension, float *scratch) {
    size_t room = (rows + 15) / 16 * 16;
    workspace w = {.rows = rows, .dimension = dimension};
    float **const parts[] = {&w.scores, &w.values, &w.total_values, &w.query_scales, &w.weight_scales,
                             &w.maxima, &w.sums, &w.total_maxima, &w.total_sums, &w.decays};
    const size_t sizes[] = {CK_KV_TOKENS, dimension, dimension, 1, 1, 1, 1, 1, 1, 1};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        *parts[i] = scratch;
        scratch += sizes[i] * room;
    }
    w.queries = (int16_t *)scratch;
    w.weights = w.queries + room * dimension;
    return w;
}

// What is one KV head's of all the item's rows.
static workspace workspace_of(const workspace *all, size_t head, size_t rows) {
    workspace w = *all;
    float **const parts[] = {&w.query_scales, &w.weight_scales, &w.maxima, &w.sums, &w.total_maxima, &w.total_sums,
                             &w.decays};
    const size_t first = head * rows;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) *parts[i] += first;
    w.rows = rows;
    w.queries += first * w.dimension;
    w.values += first * w.dimension;
    w.total_values += first * w.dimension;
    return w;
}

// Scales of the tokens, then their integers.
static const float *tile_at(const ck_attention_item *item, size_t block, size_t head, size_t offset) {
    return (const float *)((const char *)item->blocks[block] + head * item->head_bytes + offset);
}

static const int16_t *integers_of(const float *tile) {
    return (const int16_t *)(tile + CK_KV_TOKENS);
}

// While a tile is multiplied the next one that is needed is prefetched, its scales at once. Gives the bytes from the
// end of the tile to the integers of the next one.
static ptrdiff_t prefetch_scales(const workspace *w, const float *tile, const float *next) {
    for (size_t i = 0; i < CK_KV_TOKENS; i += 64 / sizeof *next) __builtin_prefetch(next + i, 0, 2);
    return (const char *)integers_of(next) - (const char *)tile - (ptrdiff_t)ck_kv_tile_bytes(w->dimension);
}

// How many tokens of the tile that begins at `position` a row sees; more than CK_KV_TOKENS: all of it.
static size_t visible_to(const ck_attention_item *item, size_t row, size_t position) {
    return item->first_position + row / item->heads + 1 - position;
}

// Scores of rows first ..< w->rows with the keys of a tile that they see at least; the others are garbage.
static void score_tile(const ck_attention_item *item, const workspace *w, size_t first, size_t position,
                       const float *keys, const float *next) {
    tile_product p = {
        .visible = visible_to(item, first, position), .rows_of_token = item->heads,
        .rows = w->queries + first * w->dimension, .row_stride = w->dimension,
        .tile = integers_of(keys), .step = 2 * CK_KV_TOKENS,
        .tile_pairs = w->dimension / 2, .next = prefetch_scales(w, keys, next),
        .out = w->scores + first * CK_KV_TOKENS, .out_stride = CK_KV_TOKENS,
        .row_factors = w->query_scales + first, .column_factors = keys};
    multiply_keys(&p, w->rows - first);
}

// Turns scores into weights.
static void weigh_rows(const ck_attention_item *item, const workspace *w, size_t first, size_t position,
                       const float *value_scales) {
    for (size_t row = first; row < w->rows;) {
        size_t rows = w->rows - row < 4 ? w->rows - row : 4;
        weighing some = {
            .scores = w->scores + row * CK_KV_TOKENS, .weights = w->weights + row * CK_KV_TOKENS,
            .weight_scales = w->weight_scales + row, .maxima = w->maxima + row, .sums = w->sums + row,
            .decays = w->decays + row, .value_scales = value_scales};
        for (size_t r = 0; r < rows; r++) some.visible[r] = (int32_t)visible_to(item, row + r, position);
        weigh_some(&some, rows, some.visible[0] >= CK_KV_TOKENS);
        row += rows;
    }
}

// Adds the values of a tile, weighted, to the sums of rows first ..< w->rows.
static void add_values(const ck_attention_item *item, const workspace *w, size_t first, size_t position,
                       const float *values, const float *next) {
    tile_product p = {
        .visible = visible_to(item, first, position), .rows_of_token = item->heads,
        .rows = w->weights + first * CK_KV_TOKENS, .row_stride = CK_KV_TOKENS,
        .tile = integers_of(values), .step = 2 * w->dimension,
        .tile_pairs = CK_KV_TOKENS / 2, .next = prefetch_scales(w, values, next),
        .out = w->values + first * w->dimension, .out_stride = w->dimension,
        .row_factors = w->weight_scales + first, .decays = w->decays + first};
    multiply_values(&p, w->rows - first, w->dimension);
}

// A KV head's tiles of one block. `next`: what is read after them.
static void attend_block(const ck_attention_item *item, const workspace *w, size_t head, size_t position,
                         const float *next) {
    // Tokens before this one see nothing of the tiles.
    size_t token = position > item->first_position ? position - item->first_position : 0;
    size_t first = token * item->heads, block = position / CK_KV_TOKENS;
    const float *keys = tile_at(item, block, head, item->keys_offset);
    const float *values = tile_at(item, block, head, item->values_offset);
    score_tile(item, w, first, position, keys, values);
    weigh_rows(item, w, first, position, values);
    add_values(item, w, first, position, values, next);
}

// One split of the positions up to `end` (past the item's last token) for all rows.
static void attend_split(const ck_attention_item *item, const workspace *all, size_t split, size_t end) {
    size_t begin = split * CK_KV_SPLIT;
    size_t split_end = begin + CK_KV_SPLIT < end ? begin + CK_KV_SPLIT : end;
    size_t item_end = item->end_split * CK_KV_SPLIT < end ? item->end_split * CK_KV_SPLIT : end;
    for (size_t row = 0; row < all->rows; row++) all->maxima[row] = -INFINITY, all->sums[row] = 0;
    memset(all->values, 0, all->rows * all->dimension * sizeof(float));
    for (size_t position = begin; position < split_end; position += CK_KV_TOKENS) {
        size_t block = position / CK_KV_TOKENS;
        for (size_t head = 0; head < item->kv_heads; head++) {
            const float *next = head + 1 < item->kv_heads ? tile_at(item, block, head + 1, item->keys_offset)
                : position + CK_KV_TOKENS < item_end ? tile_at(item, block + 1, 0, item->keys_offset)
                : item->then ? item->then : tile_at(item, block, head, item->values_offset);
            workspace w = workspace_of(all, head, item->tokens * item->heads);
            attend_block(item, &w, head, position, next);
        }
    }
}

// Adds a later split's partial result to a row's total; an empty one changes nothing.
static void merge_row(const workspace *w, size_t row, const float *values, float maximum, float sum) {
    if (maximum == -INFINITY) return;
    float *total = w->total_values + row * w->dimension;
    float both = maximum > w->total_maxima[row] ? maximum : w->total_maxima[row];
    vf4 decays = four_decays((vf4){w->total_maxima[row], maximum}, (vf4)both);
    float old = decays.x, new = decays.y;
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

// Where a row's part of queries or output is: rows are ordered by KV head, token, head.
static size_t offset_of(const ck_attention_item *item, size_t row, size_t stride) {
    size_t head = row % item->heads, token = row / item->heads % item->tokens;
    size_t kv_head = row / item->heads / item->tokens;
    return token * stride + (kv_head * item->heads + head) * item->dimension;
}

static void write_totals(const ck_attention_item *item, const workspace *w) {
    for (size_t row = 0; row < w->rows; row++) {
        float *output = item->output + offset_of(item, row, item->output_stride);
        const float *total = w->total_values + row * w->dimension;
        float factor = 1.0f / w->total_sums[row];
        size_t d = 0;
        for (; d + CK_LANES <= w->dimension; d += CK_LANES) store(output + d, load(total + d) * factor);
        for (; d < w->dimension; d++) output[d] = total[d] * factor;
    }
}

static void write_partials(const ck_attention_item *item, const workspace *w) {
    size_t rows = item->tokens * item->heads;
    for (size_t row = 0; row < w->rows; row += rows) {
        float *to = item->partial + row / rows * ck_attention_partial_floats(rows, w->dimension);
        memcpy(to, w->values + row * w->dimension, rows * w->dimension * sizeof(float));
        memcpy(to + rows * w->dimension, w->maxima + row, rows * sizeof(float));
        memcpy(to + rows * (w->dimension + 1), w->sums + row, rows * sizeof(float));
    }
}

static void attend(const ck_attention_item *item, float *scratch) {
    size_t dimension = item->dimension, end = item->first_position + item->tokens;
    if (item->first_split * CK_KV_SPLIT < end)
        prefetch_start(tile_at(item, item->first_split * CK_KV_SPLIT / CK_KV_TOKENS, 0, item->keys_offset));
    workspace w = make_workspace(item->kv_heads * item->tokens * item->heads, dimension, scratch);
    for (size_t row = 0; row < w.rows; row++) {
        const float *query = item->queries + offset_of(item, row, item->query_stride);
        float factor = factor_of_norm(query, dimension);
        round_head(query, dimension, factor, w.queries + row * dimension);
        w.query_scales[row] = ck_inverse(factor) * (item->scale * 0x1.715476p0f);
    }
    if (!item->partial) clear_totals(&w);
    for (size_t split = item->first_split; split < item->end_split && split * CK_KV_SPLIT < end; split++) {
        attend_split(item, &w, split, end);
        if (item->partial) continue;
        for (size_t row = 0; row < w.rows; row++)
            merge_row(&w, row, w.values + row * dimension, w.maxima[row], w.sums[row]);
    }
    if (item->partial) return write_partials(item, &w);
    write_totals(item, &w);
}

static void merge(const ck_attention_item *item, const float *partials, size_t splits, size_t stride, float *scratch) {
    size_t dimension = item->dimension, rows = item->tokens * item->heads;
    workspace w = make_workspace(item->kv_heads * rows, dimension, scratch);
    clear_totals(&w);
    for (size_t split = 0; split < splits; split++) {
        for (size_t row = 0; row < w.rows; row++) {
            size_t head = row / rows, of_head = row % rows;
            const float *from = partials + split * stride + head * ck_attention_partial_floats(rows, dimension);
            const float *maxima = from + rows * dimension, *sums = maxima + rows;
            merge_row(&w, row, from + of_head * dimension, maxima[of_head], sums[of_head]);
        }
    }
    write_totals(item, &w);
}

const ck_attention_kernels CK_TABLE = {
    .level = CK_LEVEL,
    .attend = attend,
    .merge = merge,
    .store_keys = store_keys,
    .store_values = store_values,
};
