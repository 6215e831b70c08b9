#include "CKernels/attention.h"
#include <math.h>
#include <string.h>
#include "attention_rounding.h"

// One row after another. Weights are rounded as everywhere, tile by tile; sums of them are in double precision.

typedef struct {
    float maximum, sum;
    float *values;  // Σ 2^(score - maximum) · value, [dimension]
} partial;

typedef struct {
    const float *scales;
    const int16_t *integers;
} tile;

static tile tile_at(const ck_attention_item *item, size_t position, size_t kv_head, size_t offset) {
    const char *block = item->blocks[position / CK_KV_TOKENS];
    const float *scales = (const float *)(block + kv_head * item->head_bytes + offset);
    return (tile){scales, (const int16_t *)(scales + CK_KV_TOKENS)};
}

// The scores of `count` tokens of a tile.
static void score_tile(tile keys, const int16_t *query, float query_scale, size_t dimension, size_t count,
                       float *scores) {
    for (size_t token = 0; token < count; token++) {
        int32_t sum = 0;
        for (size_t d = 0; d < dimension; d++)
            sum += query[d] * keys.integers[d / 2 * 2 * CK_KV_TOKENS + 2 * token + d % 2];
        scores[token] = (float)sum * keys.scales[token] * query_scale;
    }
}

// Adds the values of `count` tokens to a split whose maximum their scores may raise.
static void add_tile(tile values, const float *scores, size_t dimension, size_t count, partial *out) {
    float before = out->maximum, scaled[CK_KV_TOKENS], largest = 0;
    for (size_t token = 0; token < count; token++) out->maximum = fmaxf(out->maximum, scores[token]);
    double sum = 0, scaled_sum = 0;
    for (size_t token = 0; token < count; token++) {
        float weight = exp2f(scores[token] - out->maximum);
        scaled[token] = weight * values.scales[token];
        largest = fmaxf(largest, scaled[token]);
        sum += weight;
        scaled_sum += scaled[token];
    }
    float factor = ck_weight_factor(largest, (float)scaled_sum), scale = ck_inverse(factor);
    float decay = before == -INFINITY ? 0 : exp2f(before - out->maximum);
    out->sum = out->sum * decay + (float)sum;
    for (size_t d = 0; d < dimension; d++) {
        int32_t total = 0;
        for (size_t token = 0; token < count; token++)
            total += ck_rounded(scaled[token], factor) * values.integers[token / 2 * 2 * dimension + 2 * d + token % 2];
        out->values[d] = out->values[d] * decay + (float)total * scale;
    }
}

// Positions begin ..< end for one row.
static void attend_split(const ck_attention_item *item, size_t kv_head, const int16_t *query, float query_scale,
                         size_t begin, size_t end, partial *out) {
    out->maximum = -INFINITY;
    out->sum = 0;
    memset(out->values, 0, item->dimension * sizeof(float));
    for (size_t position = begin; position < end; position += CK_KV_TOKENS) {
        size_t count = end - position < CK_KV_TOKENS ? end - position : CK_KV_TOKENS;
        float scores[CK_KV_TOKENS];
        tile keys = tile_at(item, position, kv_head, item->keys_offset);
        score_tile(keys, query, query_scale, item->dimension, count, scores);
        add_tile(tile_at(item, position, kv_head, item->values_offset), scores, item->dimension, count, out);
    }
}

// Adds a later split's partial result to `total`. An empty one changes nothing.
static void merge_into(partial *total, const partial *next, size_t dimension) {
    if (next->sum == 0) return;
    float maximum = fmaxf(total->maximum, next->maximum);
    float old = total->sum == 0 ? 0 : exp2f(total->maximum - maximum), new = exp2f(next->maximum - maximum);
    for (size_t d = 0; d < dimension; d++) total->values[d] = total->values[d] * old + next->values[d] * new;
    total->sum = total->sum * old + next->sum * new;
    total->maximum = maximum;
}

// Sums in the order that every level has.
static float factor_of_norm(const float *x, size_t dimension) {
    float squares[CK_PARTIAL_SUMS] = {0}, largest = 0;
    for (size_t d = 0; d < dimension; d++) {
        squares[d % CK_PARTIAL_SUMS] = fmaf(x[d], x[d], squares[d % CK_PARTIAL_SUMS]);
        largest = fmaxf(largest, fabsf(x[d]));
    }
    for (size_t half = CK_PARTIAL_SUMS / 2; half > 0; half /= 2) {
        for (size_t i = 0; i < half; i++) squares[i] += squares[i + half];
    }
    return ck_norm_factor(squares[0], largest);
}

// Where a row of a KV head is in queries or output.
static size_t offset_of(const ck_attention_item *item, size_t kv_head, size_t row, size_t stride) {
    return row / item->heads * stride + (kv_head * item->heads + row % item->heads) * item->dimension;
}

static void attend_row(const ck_attention_item *item, size_t kv_head, size_t row, float *scratch) {
    size_t dimension = item->dimension, rows = item->tokens * item->heads;
    size_t visible = item->first_position + row / item->heads + 1;
    const float *query = item->queries + offset_of(item, kv_head, row, item->query_stride);
    partial total = {-INFINITY, 0, scratch}, next = {-INFINITY, 0, scratch + dimension};
    int16_t *integers = (int16_t *)(scratch + 2 * dimension);
    float factor = factor_of_norm(query, dimension), query_scale = ck_inverse(factor) * (item->scale * 0x1.715476p0f);
    for (size_t d = 0; d < dimension; d++) integers[d] = ck_rounded(query[d], factor);
    memset(total.values, 0, dimension * sizeof(float));
    memset(next.values, 0, dimension * sizeof(float));
    for (size_t split = item->first_split; split < item->end_split && split * CK_KV_SPLIT < visible; split++) {
        size_t begin = split * CK_KV_SPLIT, end = begin + CK_KV_SPLIT < visible ? begin + CK_KV_SPLIT : visible;
        attend_split(item, kv_head, integers, query_scale, begin, end, &next);
        if (!item->partial) merge_into(&total, &next, dimension);
    }
    if (item->partial) {
        float *to = item->partial + kv_head * ck_attention_partial_floats(rows, dimension);
        memcpy(to + row * dimension, next.values, dimension * sizeof(float));
        to[rows * dimension + row] = next.maximum;
        to[rows * dimension + rows + row] = next.sum;
        return;
    }
    float *output = item->output + offset_of(item, kv_head, row, item->output_stride);
    for (size_t d = 0; d < dimension; d++) output[d] = total.values[d] / total.sum;
}

static void attend(const ck_attention_item *item, float *scratch) {
    for (size_t kv_head = 0; kv_head < item->kv_heads; kv_head++) {
        for (size_t row = 0; row < item->tokens * item->heads; row++) attend_row(item, kv_head, row, scratch);
    }
}

static void merge_of_row(const ck_attention_item *item, const float *partials, size_t splits, size_t stride,
                         size_t kv_head, size_t row, float *scratch) {
    size_t dimension = item->dimension, rows = item->tokens * item->heads;
    partial total = {-INFINITY, 0, scratch};
    memset(total.values, 0, dimension * sizeof(float));
    for (size_t split = 0; split < splits; split++) {
        const float *from = partials + split * stride + kv_head * ck_attention_partial_floats(rows, dimension);
        memcpy(scratch + dimension, from + row * dimension, dimension * sizeof(float));
        partial next = {from[rows * dimension + row], from[rows * dimension + rows + row], scratch + dimension};
        merge_into(&total, &next, dimension);
    }
    float *output = item->output + offset_of(item, kv_head, row, item->output_stride);
    for (size_t d = 0; d < dimension; d++) output[d] = total.values[d] / total.sum;
}

static void merge(const ck_attention_item *item, const float *partials, size_t splits, size_t stride, float *scratch) {
    for (size_t kv_head = 0; kv_head < item->kv_heads; kv_head++) {
        for (size_t row = 0; row < item->tokens * item->heads; row++)
            merge_of_row(item, partials, splits, stride, kv_head, row, scratch);
    }
}

static void store_key(const float *key, size_t dimension, size_t slot, void *tile) {
    float factor = factor_of_norm(key, dimension), *scales = tile;
    int16_t *integers = (int16_t *)(scales + CK_KV_TOKENS);
    scales[slot] = ck_inverse(factor);
    for (size_t d = 0; d < dimension; d++)
        integers[d / 2 * 2 * CK_KV_TOKENS + 2 * slot + d % 2] = ck_rounded(key[d], factor);
}

static void store_value(const float *value, size_t dimension, size_t slot, void *tile) {
    float largest = 0, *scales = tile;
    for (size_t d = 0; d < dimension; d++) largest = fmaxf(largest, fabsf(value[d]));
    float factor = ck_value_factor(largest);
    int16_t *integers = (int16_t *)(scales + CK_KV_TOKENS);
    scales[slot] = ck_inverse(factor);
    for (size_t d = 0; d < dimension; d++)
        integers[slot / 2 * 2 * dimension + 2 * d + slot % 2] = ck_rounded(value[d], factor);
}

static void store_keys(const float *keys, size_t stride, size_t count, size_t dimension, size_t slot, void *tile) {
    for (size_t t = 0; t < count; t++) store_key(keys + t * stride, dimension, slot + t, tile);
}

static void store_values(const float *values, size_t stride, size_t count, size_t dimension, size_t slot, void *tile) {
    for (size_t t = 0; t < count; t++) store_value(values + t * stride, dimension, slot + t, tile);
}

const ck_attention_kernels ck_scalar_attention = {
    .level = CK_LEVEL_SCALAR,
    .attend = attend,
    .merge = merge,
    .store_keys = store_keys,
    .store_values = store_values,
};
