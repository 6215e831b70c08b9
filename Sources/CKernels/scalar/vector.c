#include "CKernels/vector.h"
#include <math.h>

static void rms_norm(const float *values, const float *weight, size_t width, float epsilon, float *out) {
    double squares = 0;
    for (size_t i = 0; i < width; i++) squares += (double)values[i] * values[i];
    float factor = (float)(1.0 / sqrt(squares / (double)width + (double)epsilon));
    for (size_t i = 0; i < width; i++) out[i] = values[i] * factor * (weight ? weight[i] : 1.0f);
}

static void rotate_interleaved(float *row, const float *turn, size_t dimension) {
    const float *cosine = turn, *sine = turn + dimension;
    for (size_t i = 0; i < dimension; i += 2) {
        float first = row[i], second = row[i + 1];
        row[i] = first * cosine[i] + second * sine[i];
        row[i + 1] = second * cosine[i + 1] + first * sine[i + 1];
    }
}

static void rotate_halves(float *row, const float *turn, size_t dimension) {
    const float *cosine = turn, *sine = turn + dimension;
    size_t half = dimension / 2;
    for (size_t i = 0; i < half; i++) {
        float first = row[i], second = row[i + half];
        row[i] = first * cosine[i] + second * sine[i];
        row[i + half] = second * cosine[i + half] + first * sine[i + half];
    }
}

static void turn_heads(const ck_head_turn *turn, float *heads, size_t count, size_t rows, size_t stride) {
    for (size_t row = 0; row < rows; row++) {
        const float *angles = turn->turns + row * turn->turn_stride;
        for (size_t i = 0; i < count; i++) {
            float *head = heads + row * stride + i * turn->head_dimension;
            if (turn->norm) rms_norm(head, turn->norm, turn->head_dimension, turn->epsilon, head);
            (turn->are_neighbours ? rotate_interleaved : rotate_halves)(head, angles, turn->dimension);
        }
    }
}

static void silu_multiply(const float *gate, const float *up, size_t count, float *out) {
    for (size_t i = 0; i < count; i++) out[i] = gate[i] / (1.0f + expf(-gate[i])) * up[i];
}

static void add(float *sum, const float *addend, size_t count) {
    for (size_t i = 0; i < count; i++) sum[i] += addend[i];
}

static void exponential(const float *values, size_t count, float *out) {
    for (size_t i = 0; i < count; i++) out[i] = expf(values[i]);
}

static float maximum(const float *values, size_t count) {
    float largest = values[0];
    for (size_t i = 1; i < count; i++) {
        if (values[i] > largest) largest = values[i];
    }
    return largest;
}

static void softmax(float *values, size_t count) {
    float largest = maximum(values, count);
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        values[i] = expf(values[i] - largest);
        sum += values[i];
    }
    float factor = (float)(1.0 / sum);
    for (size_t i = 0; i < count; i++) values[i] *= factor;
}

static float log_sum_exp(const float *values, size_t count) {
    float largest = maximum(values, count);
    double sum = 0;
    for (size_t i = 0; i < count; i++) sum += (double)expf(values[i] - largest);
    return (float)(largest + log(sum));
}

static size_t argmax(const float *values, size_t count) {
    size_t best = 0;
    float largest = -INFINITY;
    for (size_t i = 0; i < count; i++) {
        if (values[i] > largest) {
            largest = values[i];
            best = i;
        }
    }
    return best;
}

const ck_vector_kernels ck_scalar_vector = {
    .level = CK_LEVEL_SCALAR,
    .rms_norm = rms_norm,
    .turn_heads = turn_heads,
    .silu_multiply = silu_multiply,
    .add = add,
    .exponential = exponential,
    .softmax = softmax,
    .log_sum_exp = log_sum_exp,
    .argmax = argmax,
};
