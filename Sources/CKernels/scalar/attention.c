#include "CKernels/attention.h"
#include <math.h>
#include <string.h>
#include "float_to_half.h"

// The textbook formula, one row and one split at a time; sums in double precision.

typedef struct {
    float maximum, sum;
    float *values;  // Σ exp(score - maximum) · value, [dimension]
} partial;

static float key_element(const uint16_t *keys, size_t dimension, size_t token, size_t d) {
    return ck_half_to_float(keys[(token / CK_KV_GROUP * dimension + d) * CK_KV_GROUP + token % CK_KV_GROUP]);
}

static const uint16_t *tile(const ck_attention_item *item, size_t position, size_t offset) {
    return (const uint16_t *)((const char *)item->blocks[position / CK_KV_TOKENS] + offset);
}

// Positions begin ..< end for one row.
static void attend_split(const ck_attention_item *item, const float *query, size_t begin, size_t end, float *scores,
                         partial *out) {
    size_t dimension = item->dimension;
    out->maximum = -INFINITY;
    for (size_t position = begin; position < end; position++) {
        const uint16_t *keys = tile(item, position, item->keys_offset);
        double score = 0;
        for (size_t d = 0; d < dimension; d++)
            score += (double)query[d] * key_element(keys, dimension, position % CK_KV_TOKENS, d);
        scores[position - begin] = (float)score * item->scale;
        if (scores[position - begin] > out->maximum) out->maximum = scores[position - begin];
    }
    double sum = 0;
    for (size_t i = 0; i < end - begin; i++) {
        scores[i] = expf(scores[i] - out->maximum);
        sum += scores[i];
    }
    out->sum = (float)sum;
    for (size_t d = 0; d < dimension; d++) {
        double total = 0;
        for (size_t position = begin; position < end; position++) {
            const uint16_t *values = tile(item, position, item->values_offset);
            total += (double)scores[position - begin] *
                     ck_half_to_float(values[position % CK_KV_TOKENS * dimension + d]);
        }
        out->values[d] = (float)total;
    }
}

// Adds a later split's partial result to `total`. An empty one changes nothing.
static void merge_into(partial *total, const partial *next, size_t dimension) {
    if (next->sum == 0) return;
    float maximum = fmaxf(total->maximum, next->maximum);
    float old = total->sum == 0 ? 0 : expf(total->maximum - maximum), new = expf(next->maximum - maximum);
    for (size_t d = 0; d < dimension; d++) total->values[d] = total->values[d] * old + next->values[d] * new;
    total->sum = total->sum * old + next->sum * new;
    total->maximum = maximum;
}

static void attend_row(const ck_attention_item *item, size_t row, float *scratch) {
    size_t dimension = item->dimension, rows = item->tokens * item->heads;
    size_t token = row / item->heads, head = row % item->heads;
    size_t visible = item->first_position + token + 1;
    const float *query = item->queries + token * item->query_stride + head * dimension;
    partial total = {-INFINITY, 0, scratch}, next = {-INFINITY, 0, scratch + dimension};
    float *scores = scratch + 2 * dimension;
    memset(total.values, 0, dimension * sizeof(float));
    memset(next.values, 0, dimension * sizeof(float));
    for (size_t split = item->first_split; split < item->end_split && split * CK_KV_SPLIT < visible; split++) {
        size_t begin = split * CK_KV_SPLIT, end = begin + CK_KV_SPLIT < visible ? begin + CK_KV_SPLIT : visible;
        attend_split(item, query, begin, end, scores, &next);
        if (!item->partial) merge_into(&total, &next, dimension);
    }
    if (item->partial) {
        memcpy(item->partial + row * dimension, next.values, dimension * sizeof(float));
        item->partial[rows * dimension + row] = next.maximum;
        item->partial[rows * dimension + rows + row] = next.sum;
        return;
    }
    float *output = item->output + token * item->output_stride + head * dimension;
    for (size_t d = 0; d < dimension; d++) output[d] = total.values[d] / total.sum;
}

static void attend(const ck_attention_item *item, float *scratch) {
    for (size_t row = 0; row < item->tokens * item->heads; row++) attend_row(item, row, scratch);
}

static void merge(const ck_attention_item *item, const float *partials, size_t splits, float *scratch) {
    size_t dimension = item->dimension, rows = item->tokens * item->heads;
    size_t stride = ck_attention_partial_floats(rows, dimension);
    for (size_t row = 0; row < rows; row++) {
        partial total = {-INFINITY, 0, scratch};
        memset(total.values, 0, dimension * sizeof(float));
        for (size_t split = 0; split < splits; split++) {
            const float *from = partials + split * stride;
            memcpy(scratch + dimension, from + row * dimension, dimension * sizeof(float));
            partial next = {from[rows * dimension + row], from[rows * dimension + rows + row], scratch + dimension};
            merge_into(&total, &next, dimension);
        }
        float *output = item->output + row / item->heads * item->output_stride + row % item->heads * dimension;
        for (size_t d = 0; d < dimension; d++) output[d] = total.values[d] / total.sum;
    }
}

static void store_key(const float *key, size_t dimension, size_t slot, void *tile) {
    uint16_t *keys = tile;
    for (size_t d = 0; d < dimension; d++)
        keys[(slot / CK_KV_GROUP * dimension + d) * CK_KV_GROUP + slot % CK_KV_GROUP] = ck_float_to_half(key[d]);
}

static void store_value(const float *value, size_t dimension, size_t slot, void *tile) {
    uint16_t *values = tile;
    for (size_t d = 0; d < dimension; d++) values[slot * dimension + d] = ck_float_to_half(value[d]);
}

const ck_attention_kernels ck_scalar_attention = {
    .level = CK_LEVEL_SCALAR,
    .attend = attend,
    .merge = merge,
    .store_key = store_key,
    .store_value = store_value,
};
