// Attention against the scalar specification, and against itself in other cuts of the work: there bit for bit.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "harness.h"

typedef struct {
    size_t tokens, kv_heads, heads, dimension;  // heads: query heads of a KV head
    float *queries, *keys, *values;
    void **blocks;
} sequence;

static size_t tile_bytes(const sequence *s) {
    return ck_kv_tile_bytes(s->dimension);
}

// Puts `count` tokens of a KV head from `first` on into tiles that have room for them.
static void store(const ck_attention_kernels *kernels, const sequence *s, size_t head, size_t first, size_t count,
                  char *tiles) {
    size_t stride = s->kv_heads * s->dimension, at = first * stride + head * s->dimension, slot = first % CK_KV_TOKENS;
    kernels->store_keys(s->keys + at, stride, count, s->dimension, slot, tiles);
    kernels->store_values(s->values + at, stride, count, s->dimension, slot, tiles + tile_bytes(s));
}

// Random tokens; slots without one are NaNs.
static sequence make_sequence(const ck_attention_kernels *kernels, size_t tokens, size_t kv_heads, size_t heads,
                              size_t dimension) {
    sequence s = {.tokens = tokens, .kv_heads = kv_heads, .heads = heads, .dimension = dimension};
    size_t width = kv_heads * dimension;
    s.queries = allocate(tokens * heads * width * sizeof(float));
    s.keys = allocate(tokens * width * sizeof(float));
    s.values = allocate(tokens * width * sizeof(float));
    fill(s.queries, tokens * heads * width, -4, 4);
    fill(s.keys, tokens * width, -1, 1);
    fill(s.values, tokens * width, -1, 1);
    size_t blocks = (tokens + CK_KV_TOKENS - 1) / CK_KV_TOKENS;
    s.blocks = allocate(blocks * sizeof(void *));
    for (size_t b = 0; b < blocks; b++) {
        s.blocks[b] = allocate(kv_heads * 2 * tile_bytes(&s));
        memset(s.blocks[b], 0xff, kv_heads * 2 * tile_bytes(&s));
    }
    for (size_t i = 0; i < tokens * kv_heads; i++) {
        size_t token = i / kv_heads, head = i % kv_heads;
        store(kernels, &s, head, token, 1, (char *)s.blocks[token / CK_KV_TOKENS] + head * 2 * tile_bytes(&s));
    }
    return s;
}

static void free_sequence(sequence *s) {
    for (size_t b = 0; b < (s->tokens + CK_KV_TOKENS - 1) / CK_KV_TOKENS; b++) free(s->blocks[b]);
    free(s->blocks), free(s->queries), free(s->keys), free(s->values);
}

static ck_attention_item item_of(const sequence *s, size_t first, size_t tokens, size_t kv_head, size_t kv_heads,
                                 float *output) {
    size_t stride = s->kv_heads * s->heads * s->dimension, offset = first * stride + kv_head * s->heads * s->dimension;
    size_t keys = kv_head * 2 * tile_bytes(s);
    return (ck_attention_item){
        .queries = s->queries + offset, .query_stride = stride, .tokens = tokens, .kv_heads = kv_heads,
        .heads = s->heads, .dimension = s->dimension, .first_position = first,
        .scale = 1 / sqrtf((float)s->dimension), .blocks = (const void *const *)s->blocks, .keys_offset = keys,
        .values_offset = keys + tile_bytes(s), .head_bytes = 2 * tile_bytes(s),
        .first_split = 0, .end_split = (first + tokens + CK_KV_SPLIT - 1) / CK_KV_SPLIT,
        .output = output + offset, .output_stride = stride};
}

// All tokens in items of `step` tokens and `together` KV heads; with `split`, each split by itself and then merged.
static void attend_all(const ck_attention_kernels *kernels, const sequence *s, size_t step, size_t together, bool split,
                       float *output) {
    size_t rows = step * together * s->heads;
    float *scratch = allocate((ck_attention_scratch_floats(rows, s->dimension)) * sizeof(float));
    for (size_t first = 0; first < s->tokens; first += step) {
        size_t tokens = s->tokens - first < step ? s->tokens - first : step;
        for (size_t head = 0; head < s->kv_heads; head += together) {
            size_t kv_heads = s->kv_heads - head < together ? s->kv_heads - head : together;
            ck_attention_item item = item_of(s, first, tokens, head, kv_heads, output);
            if (!split) {
                kernels->attend(&item, scratch);
                continue;
            }
            size_t floats = kv_heads * ck_attention_partial_floats(tokens * s->heads, s->dimension);
            float *partials = allocate(item.end_split * floats * sizeof(float));
            for (size_t splits = item.end_split, i = 0; i < splits; i++) {
                item.first_split = i, item.end_split = i + 1, item.partial = partials + i * floats;
                kernels->attend(&item, scratch);
            }
            kernels->merge(&item, partials, item.end_split, floats, scratch);
            free(partials);
        }
    }
    free(scratch);
}

static double test_shape(const ck_attention_kernels *tested, size_t tokens, size_t kv_heads, size_t heads,
                         size_t dimension, const char *name) {
    const ck_attention_kernels *scalar = ck_attention_kernels_for(CK_LEVEL_SCALAR);
    sequence s = make_sequence(scalar, tokens, kv_heads, heads, dimension);
    size_t count = tokens * kv_heads * heads * dimension;
    float *expected = allocate(count * sizeof(float)), *whole = allocate(count * sizeof(float));
    float *other = allocate(count * sizeof(float));
    attend_all(scalar, &s, 1, kv_heads, kv_heads > 1, expected);
    attend_all(tested, &s, tokens, 1, false, whole);
    double worst = 0;
    for (size_t i = 0; i < count; i++) {
        double error = fabs((double)whole[i] - (double)expected[i]);
        if (!(error <= worst)) worst = error;
    }
    check(worst <= 5e-5, "%s: attention of %zu tokens, %zu heads of %zu: off by %g", name, tokens, heads, dimension,
          worst);
    const size_t steps[] = {1, 7, 48, 64};
    for (size_t i = tokens > 1000 ? 2 : 0; i < sizeof steps / sizeof *steps; i++) {
        attend_all(tested, &s, steps[i], i % 3 + 1, i % 2 == 0, other);
        check(same_bits(other, whole, count), "%s: attention of %zu tokens by %zu differs from one item", name, tokens,
              steps[i]);
    }
    // The tested kernels store the same bytes, alone or in runs, and nothing beside them.
    char *stored = allocate(2 * tile_bytes(&s)), *others = allocate(2 * tile_bytes(&s));
    for (size_t t = 0, run = 1; t < tokens; t += run + 3, run = run * 3 % 67) {
        size_t left = CK_KV_TOKENS - t % CK_KV_TOKENS, count = tokens - t < run ? tokens - t : run;
        if (count > left) count = left;
        memset(stored, 0x5a, 2 * tile_bytes(&s)), memset(others, 0x5a, 2 * tile_bytes(&s));
        store(tested, &s, t % kv_heads, t, count, stored);
        store(scalar, &s, t % kv_heads, t, count, others);
        check(memcmp(stored, others, 2 * tile_bytes(&s)) == 0, "%s: %zu stored tokens from %zu", name, count, t);
    }
    free(stored), free(others);
    free(expected), free(whole), free(other);
    free_sequence(&s);
    return worst;
}

void test_attention(const ck_attention_kernels *tested, const char *name) {
    size_t before = checks;
    const size_t dimensions[] = {8, 32, 40, 64, 80, 128, 256}, heads[] = {1, 2, 7};
    double worst = 0;
    for (size_t d = 0; d < sizeof dimensions / sizeof *dimensions; d++) {
        for (size_t h = 0; h < sizeof heads / sizeof *heads; h++) {
            size_t tokens = h == 1 ? 40 + 17 * d : 20 + 7 * d;
            double error = test_shape(tested, tokens, 1 + d % 3, heads[h], dimensions[d], name);
            if (error > worst) worst = error;
        }
    }
    double error = test_shape(tested, 1100, 3, 1, 8, name);
    if (error > worst) worst = error;
    printf("%s: attention: %zu checks, off by at most %.2g with values in -1...1\n", name, checks - before, worst);
}
