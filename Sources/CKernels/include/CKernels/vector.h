// Kernels over single vectors: normalisation, rotary positions, activations, softmax, argmax.
#ifndef CKERNELS_VECTOR_H
#define CKERNELS_VECTOR_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "CKernels/level.h"

// What the heads of queries or keys go through before attention: their RMS norm, where the family has one, then the turn
// of each pair (2i, 2i + 1), or (i, i + dimension / 2), of their first `dimension` elements by its angle.
typedef struct ck_head_turn {
    const float *norm;      // [head_dimension]: the weight of the norm; null: no norm
    float epsilon;          // of the norm
    size_t head_dimension;
    bool are_neighbours;    // pairs are (2i, 2i + 1)
    size_t dimension;       // even
    const float *turns;     // of the first token: for each element its cosine, then for each its sine, negative for the
                            // first of a pair
    size_t turn_stride;     // floats from one token's to the next one's
} ck_head_turn;

// Any alignment, any length; `out` may be one of the inputs unless a comment says otherwise.
// scalar/vector.c is the specification; the other levels differ from it by rounding only, within the bounds that the
// tests of Tensors hold every level to.
typedef struct ck_vector_kernels {
    ck_level level;

    // out[i] = values[i] · weight[i] / √(mean of values² + epsilon). A null weight counts as ones.
    void (*rms_norm)(const float *values, const float *weight, size_t width, float epsilon, float *out);

    // Norms and turns `count` heads, one after the other, of each of `rows` tokens, `stride` floats apart, in place.
    void (*turn_heads)(const ck_head_turn *turn, float *heads, size_t count, size_t rows, size_t stride);

    // out[i] = gate[i] / (1 + exp(-gate[i])) · up[i]
    void (*silu_multiply)(const float *gate, const float *up, size_t count, float *out);

    // sum[i] += addend[i]
    void (*add)(float *sum, const float *addend, size_t count);

    // out[i] = exp(values[i]): at most 2 ulp off; 0 below -87.33, infinity above 88.72.
    void (*exponential)(const float *values, size_t count, float *out);

    // values[i] = exp(values[i] - max) / Σ exp(values[j] - max). count ≥ 1.
    void (*softmax)(float *values, size_t count);

    // max + log Σ exp(values[j] - max). count ≥ 1.
    float (*log_sum_exp)(const float *values, size_t count);

    // The lowest index of the largest value; NaNs are passed over; 0 if there is nothing else. count < 2^31.
    size_t (*argmax)(const float *values, size_t count);
} ck_vector_kernels;

// The table of a level, or NULL where this build has none (another architecture).
const ck_vector_kernels *ck_vector_kernels_for(ck_level level);

#endif
