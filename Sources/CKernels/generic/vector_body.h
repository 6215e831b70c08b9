// The vector kernels for one level: CK_LANES, CK_LEVEL and CK_TABLE (the table's name) are defined by the including file.
// scalar/vector.c says what each function computes.
#include "simd.h"

static void rms_norm(const float *values, const float *weight, size_t width, float epsilon, float *out) {
    vf sums[4] = {0};
    size_t i = 0;
    for (; i + 4 * CK_LANES <= width; i += 4 * CK_LANES) {
        for (size_t k = 0; k < 4; k++) {
            vf v = load(values + i + k * CK_LANES);
            sums[k] = fused(v, v, sums[k]);
        }
    }
    for (; i + CK_LANES <= width; i += CK_LANES) {
        vf v = load(values + i);
        sums[0] = fused(v, v, sums[0]);
    }
    if (i < width) {
        vf v = load_some(values + i, width - i, 0);
        sums[1] = fused(v, v, sums[1]);
    }
    float squares = sum_of_lanes((sums[0] + sums[1]) + (sums[2] + sums[3]));
    float factor = (float)(1.0 / sqrt((double)squares / (double)width + (double)epsilon));
    i = 0;
    if (weight) {
        for (; i + CK_LANES <= width; i += CK_LANES) store(out + i, load(values + i) * factor * load(weight + i));
        for (; i < width; i++) out[i] = values[i] * factor * weight[i];
    } else {
        for (; i + CK_LANES <= width; i += CK_LANES) store(out + i, load(values + i) * factor);
        for (; i < width; i++) out[i] = values[i] * factor;
    }
}

// Each lane's partner in its pair (2i, 2i + 1).
CK_INLINE vf partners(vf v) {
#if CK_LANES == 4
    return __builtin_shufflevector(v, v, 1, 0, 3, 2);
#elif CK_LANES == 8
    return __builtin_shufflevector(v, v, 1, 0, 3, 2, 5, 4, 7, 6);
#else
    return __builtin_shufflevector(v, v, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14);
#endif
}

static void rotate_interleaved(float *row, const float *turn, size_t dimension) {
    const float *cosine = turn, *sine = turn + dimension;
    size_t i = 0;
    for (; i + CK_LANES <= dimension; i += CK_LANES) {
        vf v = load(row + i);
        store(row + i, fused(partners(v), load(sine + i), v * load(cosine + i)));
    }
    for (; i < dimension; i += 2) {
        float first = row[i], second = row[i + 1];
        row[i] = fmaf(second, sine[i], first * cosine[i]);
        row[i + 1] = fmaf(first, sine[i + 1], second * cosine[i + 1]);
    }
}

static void rotate_halves(float *row, const float *turn, size_t dimension) {
    const float *cosine = turn, *sine = turn + dimension;
    size_t half = dimension / 2, i = 0;
    for (; i + CK_LANES <= half; i += CK_LANES) {
        vf first = load(row + i), second = load(row + i + half);
        store(row + i, fused(second, load(sine + i), first * load(cosine + i)));
        store(row + i + half, fused(first, load(sine + i + half), second * load(cosine + i + half)));
    }
    for (; i < half; i++) {
        float first = row[i], second = row[i + half];
        row[i] = fmaf(second, sine[i], first * cosine[i]);
        row[i + half] = fmaf(first, sine[i + half], second * cosine[i + half]);
    }
}

enum { TURN_AHEAD = 2048 };  // bytes that are asked for ahead

// A few heads of a row lie far from those of the next, where the hardware does not look for them.
static void turn_heads(const ck_head_turn *turn, float *heads, size_t count, size_t rows, size_t stride) {
    const size_t bytes = count * turn->head_dimension * sizeof(float);
    const size_t rows_ahead = bytes < TURN_AHEAD ? TURN_AHEAD / bytes : 1;
    for (size_t row = 0; row < rows; row++) {
        const char *ahead = (const char *)(heads + (row + rows_ahead) * stride);
        for (size_t byte = 0; row + rows_ahead < rows && byte < bytes; byte += 64)
            __builtin_prefetch(ahead + byte, 1, 3);
        const float *angles = turn->turns + row * turn->turn_stride;
        for (size_t i = 0; i < count; i++) {
            float *head = heads + row * stride + i * turn->head_dimension;
            if (turn->norm) rms_norm(head, turn->norm, turn->head_dimension, turn->epsilon, head);
            (turn->are_neighbours ? rotate_interleaved : rotate_halves)(head, angles, turn->dimension);
        }
    }
}

CK_INLINE vf silu(vf x) {
    return x / (splat(1.0f) + exponential_of(-x));
}

static void silu_multiply(const float *gate, const float *up, size_t count, float *out) {
    size_t i = 0;
    for (; i + CK_LANES <= count; i += CK_LANES) store(out + i, silu(load(gate + i)) * load(up + i));
    if (i < count)
        store_some(out + i, count - i, silu(load_some(gate + i, count - i, 0)) * load_some(up + i, count - i, 0));
}

static void add(float *sum, const float *addend, size_t count) {
    size_t i = 0;
    for (; i + CK_LANES <= count; i += CK_LANES) store(sum + i, load(sum + i) + load(addend + i));
    for (; i < count; i++) sum[i] += addend[i];
}

static void exponential(const float *values, size_t count, float *out) {
    size_t i = 0;
    for (; i + CK_LANES <= count; i += CK_LANES) store(out + i, exponential_of(load(values + i)));
    if (i < count) store_some(out + i, count - i, exponential_of(load_some(values + i, count - i, 0)));
}

CK_INLINE float maximum(const float *values, size_t count) {
    vf largest[4];
    for (size_t k = 0; k < 4; k++) largest[k] = splat(-INFINITY);
    size_t i = 0;
    for (; i + 4 * CK_LANES <= count; i += 4 * CK_LANES) {
        for (size_t k = 0; k < 4; k++) largest[k] = larger(load(values + i + k * CK_LANES), largest[k]);
    }
    for (; i + CK_LANES <= count; i += CK_LANES) largest[0] = larger(load(values + i), largest[0]);
    if (i < count) largest[1] = larger(load_some(values + i, count - i, -INFINITY), largest[1]);
    return largest_lane(larger(larger(largest[0], largest[1]), larger(largest[2], largest[3])));
}

// Σ exp(values[i] - largest); the terms go to `out` unless it is null. Floats are summed over short stretches only.
CK_INLINE double sum_of_exponentials(const float *values, size_t count, float largest, float *out) {
    enum { STRETCH = 2048 };
    double total = 0;
    size_t i = 0;
    while (i + 2 * CK_LANES <= count) {
        vf sums[2] = {0};
        size_t end = i + STRETCH < count ? i + STRETCH : count;
        for (; i + 2 * CK_LANES <= end; i += 2 * CK_LANES) {
            for (size_t k = 0; k < 2; k++) {
                vf term = exponential_of(load(values + i + k * CK_LANES) - largest);
                if (out) store(out + i + k * CK_LANES, term);
                sums[k] += term;
            }
        }
        total += (double)sum_of_lanes(sums[0] + sums[1]);
    }
    for (; i < count; i += CK_LANES) {
        size_t some = count - i < CK_LANES ? count - i : CK_LANES;
        vf term = exponential_of(load_some(values + i, some, -INFINITY) - largest);
        if (out) store_some(out + i, some, term);
        total += (double)sum_of_lanes(term);
    }
    return total;
}

static void softmax(float *values, size_t count) {
    float factor = (float)(1.0 / sum_of_exponentials(values, count, maximum(values, count), values));
    size_t i = 0;
    for (; i + CK_LANES <= count; i += CK_LANES) store(values + i, load(values + i) * factor);
    for (; i < count; i++) values[i] *= factor;
}

static float log_sum_exp(const float *values, size_t count) {
    float largest = maximum(values, count);
    return (float)((double)largest + log(sum_of_exponentials(values, count, largest, NULL)));
}

static size_t argmax(const float *values, size_t count) {
    vf largest[2] = {splat(-INFINITY), splat(-INFINITY)};
    vi where[2] = {(vi)-1, (vi)-1}, here = lane_numbers();
    size_t i = 0;
    for (; i + 2 * CK_LANES <= count; i += 2 * CK_LANES) {
        for (size_t k = 0; k < 2; k++) {
            vf v = load(values + i + k * CK_LANES);
            vi is_larger = v > largest[k];
            largest[k] = is_larger ? v : largest[k];
            where[k] = is_larger ? here : where[k];
            here += CK_LANES;
        }
    }
    float best = -INFINITY;
    size_t index = 0;
    for (size_t k = 0; k < 2; k++) {
        for (size_t lane = 0; lane < CK_LANES; lane++) {
            if (where[k][lane] < 0) continue;
            float value = largest[k][lane];
            size_t candidate = (size_t)where[k][lane];
            if (value > best || (value == best && candidate < index)) {
                best = value;
                index = candidate;
            }
        }
    }
    for (; i < count; i++) {
        if (values[i] > best) {
            best = values[i];
            index = i;
        }
    }
    return index;
}

const ck_vector_kernels CK_TABLE = {
    .level = CK_LEVEL,
    .rms_norm = rms_norm,
    .turn_heads = turn_heads,
    .silu_multiply = silu_multiply,
    .add = add,
    .exponential = exponential,
    .softmax = softmax,
    .log_sum_exp = log_sum_exp,
    .argmax = argmax,
};
