// Attention over blocks of the KV cache.
#ifndef CKERNELS_ATTENTION_H
#define CKERNELS_ATTENTION_H
#include <stddef.h>
#include <stdint.h>
#include "CKernels/level.h"

enum {
    CK_KV_TOKENS = 64,   // tokens of a block
    CK_KV_SPLIT = 512,   // tokens whose softmax is one partial result; a multiple of CK_KV_TOKENS
};

// One KV head of one layer in one block is two tiles, keys and values. A tile is CK_KV_TOKENS floats, each token's
// scale, then the tokens' elements divided by it, as int16:
// - keys   [dimension / 2][64 tokens][2 elements];
// - values [64 / 2][dimension][2 tokens];
// so that products of 16-bit pairs add up to 64 tokens' scores, and to a head's elements, in the lanes of registers.
static inline size_t ck_kv_tile_bytes(size_t dimension) {
    return CK_KV_TOKENS * (sizeof(float) + dimension * sizeof(int16_t));
}

// The arithmetic, of each row by itself:
//
// 1. The query and every key are rounded to integers, n = round(x · f) with f = min(46000 / |x|, 32767 / largest |xᵢ|).
//    The norms of both are then below √2³¹, so that no sum of products leaves an int32 (Cauchy and Schwarz), and a
//    score's error is about 10⁻⁵ of the norms' product: less than rounding the keys to binary16 would cost.
// 2. A score is the integer sum times both scales, in units of log 2, so that weights are powers of two.
// 3. A value's integers lie within ±8191: f = 8191 / largest |xᵢ|.
// 4. Over the tiles of a split (softmax as of Milakov and Gimelshein 2018; Dao et al. 2022): weights are
//    p = 2^(score - largest score so far). What is multiplied with the values' integers is round(p · value's scale · g)
//    with g = min(32767 / the largest of these, 262000 / their sum), which again fits sums into int32. The tile's
//    result, divided by g, joins the float sums of the split.
//
// An item: consecutive query tokens of one sequence, all query heads of some KV heads, one after the other. A row is
// one head of one token; rows of a KV head are ordered by token, then head. Token i sees positions
// 0 ... first_position + i. A block's tiles of all these KV heads are read before the next block's: one head's are
// 32 KiB, and the next block is megabytes away.
//
// Positions are cut into splits of CK_KV_SPLIT, each with a softmax of its own (maximum, sum, weighted values); partial
// results are merged in the order of the splits. The cuts depend on absolute positions only and every row's arithmetic
// on nothing but the row, so a query's result has the same bits in whatever item, batch or chunk it is computed.
typedef struct ck_attention_item {
    const float *queries;       // the first token's first head: [tokens][...kv_heads][heads][dimension]
    size_t query_stride;        // floats from one token to the next
    size_t tokens;
    size_t kv_heads;
    size_t heads;               // query heads of a KV head
    size_t dimension;           // of a head; multiple of 8
    size_t first_position;      // of the first token
    float scale;                // of the scores, usually 1/√dimension
    const void *const *blocks;  // the sequence's blocks from position 0 on
    size_t keys_offset;         // bytes from a block's base to this layer's and the first KV head's tile of keys
    size_t values_offset;       // the same for the values
    size_t head_bytes;          // from a KV head's tiles to the next one's
    size_t first_split, end_split;  // which splits of the positions; those past the last position are skipped
    const void *then;           // what the thread likely reads afterwards; null: nobody knows
    float *output;              // [tokens][...kv_heads][heads][dimension]; unless `partial`
    size_t output_stride;
    float *partial;             // null, or: leave the single split's partial results here, KV head after KV head
} ck_attention_item;

// Floats of a KV head's partial result: per row the weighted values, then the rows' maxima, then their sums.
static inline size_t ck_attention_partial_floats(size_t rows, size_t dimension) {
    return rows * (dimension + 2);
}

// Floats of scratch memory for an item with so many rows, all KV heads' together; 64-byte aligned, one per thread.
static inline size_t ck_attention_scratch_floats(size_t rows, size_t dimension) {
    return (rows + 15) / 16 * 16 * (3 * dimension + 2 * CK_KV_TOKENS + 8) + CK_KV_SPLIT;
}

typedef struct ck_attention_kernels {
    ck_level level;

    // Attention of one item into `output`, or into `partial`.
    void (*attend)(const ck_attention_item *item, float *scratch);

    // Merges the partial results of splits 0 ..< `splits`, which lie `stride` floats apart, into item->output.
    void (*merge)(const ck_attention_item *item, const float *partials, size_t splits, size_t stride, float *scratch);

    // Puts the keys (values) that `count` tokens have for one KV head, `stride` floats apart, into a tile's rows from
    // `slot` on. Its other rows stay as they are.
    void (*store_keys)(const float *keys, size_t stride, size_t count, size_t dimension, size_t slot, void *tile);
    void (*store_values)(const float *values, size_t stride, size_t count, size_t dimension, size_t slot, void *tile);
} ck_attention_kernels;

// The table of a level, or NULL where this build has none (another architecture).
const ck_attention_kernels *ck_attention_kernels_for(ck_level level);

#endif
