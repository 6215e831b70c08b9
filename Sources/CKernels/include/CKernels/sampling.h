// Kernels over the logits of a whole vocabulary: what drawing a token takes.
#ifndef CKERNELS_SAMPLING_H
#define CKERNELS_SAMPLING_H
#include <stddef.h>
#include <stdint.h>
#include "CKernels/level.h"

enum {
    // Logits that have one maximum, and are passed over as one.
    CK_LOGIT_BLOCK = 64,
    // Bins of distances from the maximum: those of the leading bits of 2^-12 … 88, 128 to every doubling.
    CK_DISTANCE_SHIFT = 16,
    CK_DISTANCE_LEAST = 0x39800000,     // the bits of 2^-12
    CK_DISTANCE_GREATEST = 0x42b00000,  // the bits of 88
    CK_DISTANCE_BINS = ((CK_DISTANCE_GREATEST - CK_DISTANCE_LEAST) >> CK_DISTANCE_SHIFT) + 1,
};

// Logits and what is known of them; `count` < 2^31.
typedef struct ck_logits {
    const float *values;
    size_t count;
    const float *maxima;  // of each block: `block_maxima`
    float largest;        // of all, finite
    float least;          // blocks whose maximum is less are passed over
} ck_logits;

// What is kept, and how the weights of it are made: e^((logit - largest) · scale).
typedef struct ck_weighing {
    float scale;
    float last_logit;     // kept are logits above this one, and equal ones up to `last_token`; NaN never
    uint32_t last_token;
} ck_weighing;

// Any alignment. scalar/sampling.c is the specification, and every level has its bits: equal logits and seeds give equal
// tokens on every machine.
typedef struct ck_sampling_kernels {
    ck_level level;

    // maxima[b] = the largest logit of block b; NaN counts as -infinity. Of zeros with both signs either.
    void (*block_maxima)(const float *logits, size_t count, float *maxima);

    // weights[i] = the weight of logit i, 0 of what is not kept; blocks that are passed over stay as they are.
    // sums[b] = the sum of a block's weights. `weights` may be the logits themselves, or null: sums only.
    void (*weigh)(const ck_logits *logits, const ck_weighing *how, float *weights, double *sums);

    // Adds e^(logit - largest) to the shares of the logit's bin: as a part of e^-(distance of the bin's beginning),
    // times 2^23. NaN and what is further away than any bin is in the last one, whose beginning has the weight 0.
    void (*add_to_bins)(const ck_logits *logits, uint64_t shares[CK_DISTANCE_BINS]);

    // Which logits are lowest … highest: the first `capacity` of them, rising, and how many there are.
    size_t (*find)(const ck_logits *logits, float lowest, float highest, int32_t *tokens, size_t capacity);
} ck_sampling_kernels;

// The table of a level, or NULL where this build has none (another architecture).
const ck_sampling_kernels *ck_sampling_kernels_for(ck_level level);

#endif
