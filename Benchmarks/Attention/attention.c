// How fast attention is, beside this machine's roofs measured in the same run. Usage: see `run`.
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "CKernels.h"

typedef struct {
    const char *name;
    size_t heads, kv_heads, dimension, layers, depth, tokens;
} shape;

enum { MOST_THREADS = 64, ROWS_OF_TILE = 96, ROUNDS = 5 };

static const ck_attention_kernels *kernels;
static const shape *current;
static void **blocks;
static float *queries, *output, *partials;
static int threads;
static pthread_barrier_t start;
static atomic_size_t next_item;
static volatile float kept;

static double seconds(clockid_t clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void *allocate(size_t bytes) {
    void *memory = NULL;
    if (posix_memalign(&memory, 1 << 21, bytes) != 0) abort();
    return memory;
}

static size_t tile_bytes(const shape *s) {
    return ck_kv_tile_bytes(s->dimension);
}

static size_t block_bytes(const shape *s) {
    return s->layers * s->kv_heads * 2 * tile_bytes(s);
}

static size_t block_count(const shape *s) {
    return (s->depth + CK_KV_TOKENS - 1) / CK_KV_TOKENS;
}

// Whether the rows of all KV heads fit a tile: the engine takes them together then, each split by itself.
static bool heads_together(const shape *s) {
    return s->tokens * s->heads <= ROWS_OF_TILE;
}

static size_t split_count(size_t end) {
    return (end + CK_KV_SPLIT - 1) / CK_KV_SPLIT;
}

static size_t partial_floats(const shape *s) {
    return s->kv_heads * ck_attention_partial_floats(s->tokens * s->heads / s->kv_heads, s->dimension);
}

// Query tokens first ..< first + tokens with `kv_heads` KV heads from `head` on.
static ck_attention_item item_of(const shape *s, size_t layer, size_t head, size_t kv_heads, size_t first,
                                 size_t tokens) {
    size_t group = s->heads / s->kv_heads, width = s->heads * s->dimension;
    size_t keys = (layer * s->kv_heads + head) * 2 * tile_bytes(s);
    size_t offset = first * width + head * group * s->dimension, position = s->depth - s->tokens + first;
    return (ck_attention_item){
        .queries = queries + offset, .query_stride = width, .tokens = tokens, .kv_heads = kv_heads, .heads = group,
        .dimension = s->dimension, .first_position = position, .scale = 1 / sqrtf((float)s->dimension),
        .blocks = (const void *const *)blocks, .keys_offset = keys, .values_offset = keys + tile_bytes(s),
        .head_bytes = 2 * tile_bytes(s), .first_split = 0, .end_split = split_count(position + tokens),
        .output = output + offset, .output_stride = width};
}

// One thread's share of one pass over all layers: items, handed out from a counter.
static void *attend_layers(void *argument) {
    const shape *s = current;
    size_t group = s->heads / s->kv_heads, step = ROWS_OF_TILE / group, tiles = (s->tokens + step - 1) / step;
    size_t items = heads_together(s) ? split_count(s->depth) : tiles * s->kv_heads;
    float *scratch = allocate(ck_attention_scratch_floats(ROWS_OF_TILE, s->dimension) * sizeof(float));
    for (size_t layer = 0; layer < s->layers; layer++) {
        pthread_barrier_wait(&start);
        if (argument == NULL) next_item = 0;
        pthread_barrier_wait(&start);
        for (size_t i; (i = next_item++) < items;) {
            if (heads_together(s)) {
                ck_attention_item item = item_of(s, layer, 0, s->kv_heads, 0, s->tokens);
                item.first_split = i, item.end_split = i + 1;
                item.partial = partials + i * partial_floats(s);
                kernels->attend(&item, scratch);
            } else {
                size_t first = (tiles - 1 - i / s->kv_heads) * step;
                size_t tokens = s->tokens - first < step ? s->tokens - first : step;
                ck_attention_item item = item_of(s, layer, i % s->kv_heads, 1, first, tokens);
                kernels->attend(&item, scratch);
            }
        }
        pthread_barrier_wait(&start);
        if (argument != NULL || !heads_together(s)) continue;
        ck_attention_item item = item_of(s, layer, 0, s->kv_heads, 0, s->tokens);
        kernels->merge(&item, partials, items, partial_floats(s), scratch);
    }
    free(scratch);
    return NULL;
}

typedef struct {
    double wall, processor;  // seconds
} duration;

// The shortest of some rounds of `work` on all threads.
static duration run(void *(*work)(void *)) {
    duration best = {1e9, 1e9};
    for (int round = 0; round < ROUNDS; round++) {
        pthread_t ids[MOST_THREADS];
        pthread_barrier_init(&start, NULL, (unsigned)threads);
        double wall = seconds(CLOCK_MONOTONIC), processor = seconds(CLOCK_PROCESS_CPUTIME_ID);
        for (intptr_t i = 0; i < threads; i++) pthread_create(ids + i, NULL, work, (void *)i);
        for (int i = 0; i < threads; i++) pthread_join(ids[i], NULL);
        wall = seconds(CLOCK_MONOTONIC) - wall;
        processor = seconds(CLOCK_PROCESS_CPUTIME_ID) - processor;
        if (wall < best.wall) best.wall = wall;
        if (processor < best.processor) best.processor = processor;
        pthread_barrier_destroy(&start);
    }
    return best;
}

typedef uint64_t lane __attribute__((ext_vector_type(8), aligned(64)));

// Reads the keys and values layer by layer, of each block what the layer has there, and does nothing else.
static void *read_layers(void *argument) {
    const shape *s = current;
    const size_t bytes = s->kv_heads * 2 * tile_bytes(s);
    lane sums[4] = {0};
    for (size_t layer = 0; layer < s->layers; layer++) {
        for (size_t b = (size_t)(intptr_t)argument; b < block_count(s); b += (size_t)threads) {
            const lane *at = (const lane *)((const char *)blocks[b] + layer * bytes);
            for (size_t i = 0; i < bytes / sizeof(lane); i += 4) {
                for (size_t k = 0; k < 4; k++) sums[k] += at[i + k];
            }
        }
    }
    kept = (float)(sums[0] + sums[1] + sums[2] + sums[3])[0];
    return NULL;
}

static void measure(const shape *s) {
    current = s;
    blocks = malloc(block_count(s) * sizeof *blocks);
    float *token = malloc(s->dimension * sizeof(float));
    uint32_t random = 1;
    for (size_t b = 0; b < block_count(s); b++) {
        char *block = blocks[b] = allocate(block_bytes(s));
        for (size_t tile = 0; tile < s->layers * s->kv_heads * 2; tile++) {
            for (size_t t = 0; t < CK_KV_TOKENS; t++) {
                for (size_t i = 0; i < s->dimension; i++) {
                    random = random * 1664525 + 1013904223;
                    token[i] = (float)(int32_t)random * 0x1p-32f;
                }
                void *to = block + tile * tile_bytes(s);
                (tile % 2 ? kernels->store_values : kernels->store_keys)(token, 0, 1, s->dimension, t, to);
            }
        }
    }
    free(token);
    size_t floats = s->tokens * s->heads * s->dimension;
    queries = allocate(floats * sizeof(float)), output = allocate(floats * sizeof(float));
    partials = allocate(split_count(s->depth) * partial_floats(s) * sizeof(float));
    for (size_t i = 0; i < floats; i++) queries[i] = (float)(i % 17) * 0.1f - 0.8f;
    duration read = run(read_layers), time = run(attend_layers);
    double bytes = (double)block_count(s) * (double)block_bytes(s), products = 0;
    for (size_t t = 0; t < s->tokens; t++)
        products += 2.0 * (double)((s->depth - s->tokens + t + 1) * s->dimension * s->heads * s->layers);
    printf("%-34s %8.2f ms  %6.1f GMAC/s (%.1f a processor second)", s->name, time.wall * 1e3,
           products / time.wall / 1e9, products / time.processor / 1e9);
    if (s->tokens == 1)
        printf("  keys and values %.1f GB/s (%.1f), reading alone %.1f (%.1f)", bytes / time.wall / 1e9,
               bytes / time.processor / 1e9, bytes / read.wall / 1e9, bytes / read.processor / 1e9);
    putchar('\n');
    for (size_t b = 0; b < block_count(s); b++) free(blocks[b]);
    free(blocks), free(queries), free(output), free(partials);
}

#define MULTIPLY_ROOF(name, lanes, target)                                                       \
    target static void *name(void *argument) {                                                   \
        (void)argument;                                                                          \
        typedef float vector __attribute__((ext_vector_type(lanes)));                            \
        vector sums[12];                                                                         \
        for (int i = 0; i < 12; i++) sums[i] = (vector)(float)i;                                 \
        for (int round = 0; round < 4000000; round++) {                                          \
            _Pragma("clang loop unroll(full)") for (int i = 0; i < 12; i++)                      \
                sums[i] = __builtin_elementwise_fma(sums[i], (vector)0.99f, (vector)0.01f);      \
        }                                                                                        \
        for (int i = 1; i < 12; i++) sums[0] += sums[i];                                         \
        kept = sums[0][0];                                                                       \
        return NULL;                                                                             \
    }
#if defined(CK_X86)
MULTIPLY_ROOF(multiply_avx2, 8, __attribute__((target("avx2,fma"))))
MULTIPLY_ROOF(multiply_avx512, 16, __attribute__((target("avx512f"))))
#else
MULTIPLY_ROOF(multiply_neon, 4, )
#endif

static void measure_roof(ck_level level) {
    void *(*work)(void *) = NULL;
    double lanes = 4;
#if defined(CK_X86)
    work = level == CK_LEVEL_AVX512 ? multiply_avx512 : multiply_avx2;
    lanes = level == CK_LEVEL_AVX512 ? 16 : 8;
#else
    (void)level;
    work = multiply_neon;
#endif
    duration time = run(work);
    double products = 12.0 * 4e6 * lanes * threads;
    printf("float32 multiply-add roof: %.1f GMAC/s (%.1f a processor second)\n", products / time.wall / 1e9,
           products / time.processor / 1e9);
}

int main(int count, char **arguments) {
    threads = count > 1 ? atoi(arguments[1]) : 2;
    if (threads < 1 || threads > MOST_THREADS) return 1;
    static const shape shapes[] = {
        {"decode 16/8 heads of 128, 4096 deep", 16, 8, 128, 28, 4096, 1},
        {"decode 32/8 heads of 64, 4096 deep", 32, 8, 64, 16, 4096, 1},
        {"512 tokens, 16/8 heads of 128", 16, 8, 128, 8, 512, 512},
        {"512 tokens, same, 4096 deep", 16, 8, 128, 4, 4096, 512},
        {"512 tokens, 32/8 of 64, 4096 deep", 32, 8, 64, 4, 4096, 512},
    };
    static const struct {
        ck_level level;
        const char *name;
    } levels[] = {{CK_LEVEL_AVX2, "AVX2"}, {CK_LEVEL_AVX512, "AVX-512"}, {CK_LEVEL_NEON, "NEON"}};
    for (size_t l = 0; l < sizeof levels / sizeof *levels; l++) {
        kernels = ck_attention_kernels_for(levels[l].level);
        if (!kernels || !ck_level_supported(levels[l].level)) continue;
        printf("== %s, %d threads\n", levels[l].name, threads);
        measure_roof(levels[l].level);
        for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) measure(shapes + i);
    }
    return 0;
}
