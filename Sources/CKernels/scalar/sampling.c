#include "../sampling_numbers.h"
#include <math.h>
#include <string.h>

static void block_maxima(const float *logits, size_t count, float *maxima) {
    for (size_t start = 0; start < count; start += CK_LOGIT_BLOCK) {
        float largest = -INFINITY;
        for (size_t i = start; i < count && i < start + CK_LOGIT_BLOCK; i++) {
            if (logits[i] > largest) largest = logits[i];
        }
        maxima[start / CK_LOGIT_BLOCK] = largest;
    }
}

static float of_bits(uint32_t bits) {
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static uint32_t bits_of(float x) {
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static float exponential(float x) {
    x = x > CK_EXP_LOWEST ? x : CK_EXP_LOWEST;
    // Adding 1.5 · 2^23 rounds to an integer, which then stands in the low bits of the sum.
    float shifted = x * CK_EXP_LOG2_E + CK_EXP_ROUND;
    float n = shifted - CK_EXP_ROUND;
    float r = x - n * CK_EXP_LN2_HIGH + n * CK_EXP_LN2_LOW;
    float r2 = r * r;
    float high = r * CK_EXP_5 + CK_EXP_4;
    float p = (high * r2 + (r * CK_EXP_3 + CK_EXP_2)) * r2 + r + 1.0f;
    // The power of two by its exponent's bits, which are all 0 for the lowest: a factor of 0.
    return p * of_bits((bits_of(shifted) << 23) + CK_ONE);
}

static void weigh(const ck_logits *logits, const ck_weighing *how, float *weights, double *sums) {
    for (size_t start = 0; start < logits->count; start += CK_LOGIT_BLOCK) {
        size_t block = start / CK_LOGIT_BLOCK;
        sums[block] = 0;
        if (!(logits->maxima[block] >= logits->least)) continue;
        float lanes[16] = {0};
        for (size_t i = start; i < logits->count && i < start + CK_LOGIT_BLOCK; i++) {
            float x = logits->values[i];
            bool is_kept = x > how->last_logit || (x == how->last_logit && i <= how->last_token);
            float weight = is_kept ? exponential((x - logits->largest) * how->scale) : 0;
            if (weights) weights[i] = weight;
            lanes[i % 16] += weight;
        }
        float sum = lanes[0];
        for (size_t lane = 1; lane < 16; lane++) sum += lanes[lane];
        sums[block] = (double)sum;
    }
}

static void add_to_bins(const ck_logits *logits, uint64_t *shares) {
    const float least = of_bits(CK_DISTANCE_LEAST), greatest = of_bits(CK_DISTANCE_GREATEST);
    for (size_t start = 0; start < logits->count; start += CK_LOGIT_BLOCK) {
        if (!(logits->maxima[start / CK_LOGIT_BLOCK] >= logits->least)) continue;
        for (size_t i = start; i < logits->count && i < start + CK_LOGIT_BLOCK; i++) {
            float shifted = logits->values[i] - logits->largest;
            shifted = shifted > least - greatest ? shifted : least - greatest;
            float distance = least - (shifted < 0 ? shifted : 0);  // in a bin, whatever `largest` says
            uint32_t bits = bits_of(distance);
            // So near to a bin's beginning four terms of the series do: the fifth is less than 2^-24 up to a distance
            // of 4, 2^-20 up to 16, and further away only few of the logits' weight can lie.
            float past = distance - of_bits(bits & ~0u << CK_DISTANCE_SHIFT);
            float half = 0.5f - past * (1.0f / 6);
            // Between 1 and 2 the bits of a float count in steps of 2^-23.
            float weight = 2 - past * (1 - past * half);
            shares[(bits - CK_DISTANCE_LEAST) >> CK_DISTANCE_SHIFT] += bits_of(weight) - CK_ONE;
        }
    }
}

static size_t find(const ck_logits *logits, float lowest, float highest, int32_t *tokens, size_t capacity) {
    size_t found = 0;
    for (size_t start = 0; start < logits->count; start += CK_LOGIT_BLOCK) {
        if (!(logits->maxima[start / CK_LOGIT_BLOCK] >= logits->least)) continue;
        for (size_t i = start; i < logits->count && i < start + CK_LOGIT_BLOCK; i++) {
            if (!(logits->values[i] >= lowest && logits->values[i] <= highest)) continue;
            if (found < capacity) tokens[found] = (int32_t)i;
            found++;
        }
    }
    return found;
}

const ck_sampling_kernels ck_scalar_sampling = {
    .level = CK_LEVEL_SCALAR,
    .block_maxima = block_maxima,
    .weigh = weigh,
    .add_to_bins = add_to_bins,
    .find = find,
};
