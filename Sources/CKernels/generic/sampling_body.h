// The sampling kernels for one level: CK_LEVEL and CK_TABLE (the table's name) are defined by the including file.
// scalar/sampling.c says what each function computes. Vectors have 16 lanes at every level, of which the compiler makes
// as many registers as it takes: so sums are added up in one order everywhere.
#define CK_LANES 16
#pragma clang diagnostic ignored "-Wpsabi"  // how such vectors are handed over: never, all that takes them is inlined
#include "simd.h"

typedef bool vb __attribute__((ext_vector_type(CK_LANES)));

// A block's logits. Of the last block, which may be short, a copy with NaN behind the end: never chosen, of no weight.
CK_INLINE const float *block_of(const float *logits, size_t count, size_t start, float *copy) {
    if (count - start >= CK_LOGIT_BLOCK) return logits + start;
    for (size_t i = 0; i < CK_LOGIT_BLOCK; i++) copy[i] = start + i < count ? logits[start + i] : NAN;
    return copy;
}

CK_INLINE bool is_passed_over(const ck_logits *logits, size_t start) {
    return !(logits->maxima[start / CK_LOGIT_BLOCK] >= logits->least);
}

static void block_maxima(const float *logits, size_t count, float *maxima) {
    float copy[CK_LOGIT_BLOCK];
    for (size_t start = 0; start < count; start += CK_LOGIT_BLOCK) {
        const float *block = block_of(logits, count, start, copy);
        vf largest = splat(-INFINITY);
        for (size_t i = 0; i < CK_LOGIT_BLOCK; i += CK_LANES) largest = larger(load(block + i), largest);
        maxima[start / CK_LOGIT_BLOCK] = largest_lane(largest);
    }
}

CK_INLINE vf exponential(vf x) {
    x = x > CK_EXP_LOWEST ? x : CK_EXP_LOWEST;
    vf shifted = x * CK_EXP_LOG2_E + CK_EXP_ROUND;
    vf n = shifted - CK_EXP_ROUND;
    vf r = x - n * CK_EXP_LN2_HIGH + n * CK_EXP_LN2_LOW;
    vf r2 = r * r;
    vf high = r * CK_EXP_5 + CK_EXP_4;
    vf p = (high * r2 + (r * CK_EXP_3 + CK_EXP_2)) * r2 + r + 1.0f;
    return p * of_bits((bits_of(shifted) << 23) + CK_ONE);
}

// One block's weights; gives the sums of its lanes.
CK_INLINE vf weigh_block(const float *block, float largest, float scale, vf last, vf above, vi left, float *out) {
    vf sum = splat(0);
    for (size_t i = 0; i < CK_LOGIT_BLOCK; i += CK_LANES, left -= CK_LANES) {
        vf x = load(block + i);
        vf weight = exponential((x - largest) * scale);
        weight = x >= (left > 0 ? last : above) ? weight : splat(0);
        sum += weight;
        store(out + i, weight);
    }
    return sum;
}

// Sums that wait for being added up: lane after lane takes long, but of some blocks at once hardly longer.
enum { WAITING = 8 };

CK_INLINE void add_up(float lanes[WAITING][CK_LANES], const size_t blocks[WAITING], size_t count, double *sums) {
    for (size_t k = 0; k < count; k++) {
        float sum = lanes[k][0];
        for (size_t lane = 1; lane < CK_LANES; lane++) sum += lanes[k][lane];
        sums[blocks[k]] = (double)sum;
    }
}

static void weigh(const ck_logits *logits, const ck_weighing *how, float *weights, double *sums) {
    const float largest = logits->largest, scale = how->scale;
    const vf last = splat(how->last_logit), above = splat(nextafterf(how->last_logit, INFINITY));
    float copy[CK_LOGIT_BLOCK], made[CK_LOGIT_BLOCK], lanes[WAITING][CK_LANES];
    size_t waiting[WAITING], count = 0;
    for (size_t start = 0; start < logits->count; start += CK_LOGIT_BLOCK) {
        sums[start / CK_LOGIT_BLOCK] = 0;
        if (is_passed_over(logits, start)) continue;
        size_t some = logits->count - start;
        const float *block = block_of(logits->values, logits->count, start, copy);
        float *out = weights && some >= CK_LOGIT_BLOCK ? weights + start : made;
        // Of those that equal the last one, so many more are kept.
        int64_t equals = (int64_t)how->last_token + 1 - (int64_t)start;
        vi left = (vi)(int32_t)(equals < 0 ? 0 : equals < CK_LOGIT_BLOCK ? equals : CK_LOGIT_BLOCK) - lane_numbers();
        store(lanes[count], weigh_block(block, largest, scale, last, above, left, out));
        waiting[count++] = start / CK_LOGIT_BLOCK;
        if (weights && out == made) memcpy(weights + start, made, some * sizeof *made);
        if (count < WAITING) continue;
        add_up(lanes, waiting, WAITING, sums);
        count = 0;
    }
    add_up(lanes, waiting, count, sums);
}

static void add_to_bins(const ck_logits *logits, uint64_t *shares) {
    const float largest = logits->largest;
    const vf least = of_bits((vi)CK_DISTANCE_LEAST), nearest = least - of_bits((vi)CK_DISTANCE_GREATEST);
    float copy[CK_LOGIT_BLOCK];
    for (size_t start = 0; start < logits->count; start += CK_LOGIT_BLOCK) {
        if (is_passed_over(logits, start)) continue;
        const float *block = block_of(logits->values, logits->count, start, copy);
        // From vectors to sums by way of memory, a block at a time.
        int32_t bins[CK_LOGIT_BLOCK], parts[CK_LOGIT_BLOCK];
        for (size_t i = 0; i < CK_LOGIT_BLOCK; i += CK_LANES) {
            vf shifted = load(block + i) - largest;
            shifted = shifted > nearest ? shifted : nearest;
            vf distance = least - (shifted < 0 ? shifted : splat(0));
            vi bits = bits_of(distance);
            vf past = distance - of_bits(bits & (int32_t)(~0u << CK_DISTANCE_SHIFT));
            vf half = 0.5f - past * (1.0f / 6);
            vi part = bits_of(2 - past * (1 - past * half)) - CK_ONE;
            vi bin = (bits - CK_DISTANCE_LEAST) >> CK_DISTANCE_SHIFT;
            memcpy(bins + i, &bin, sizeof bin);
            memcpy(parts + i, &part, sizeof part);
        }
        size_t some = logits->count - start;
        if (some >= CK_LOGIT_BLOCK) {
            // Two at a time: half of the loads.
            for (size_t i = 0; i < CK_LOGIT_BLOCK; i += 2) {
                uint64_t two_bins, two_parts;
                memcpy(&two_bins, bins + i, sizeof two_bins);
                memcpy(&two_parts, parts + i, sizeof two_parts);
                shares[(uint32_t)two_bins] += (uint32_t)two_parts;
                shares[two_bins >> 32] += two_parts >> 32;
            }
        } else {
            for (size_t i = 0; i < some; i++) shares[bins[i]] += (uint64_t)parts[i];
        }
    }
}

static size_t find(const ck_logits *logits, float lowest, float highest, int32_t *tokens, size_t capacity) {
    float copy[CK_LOGIT_BLOCK];
    size_t found = 0;
    for (size_t start = 0; start < logits->count; start += CK_LOGIT_BLOCK) {
        if (is_passed_over(logits, start)) continue;
        const float *block = block_of(logits->values, logits->count, start, copy);
        uint64_t matches = 0;
        for (size_t i = 0; i < CK_LOGIT_BLOCK; i += CK_LANES) {
            vf x = load(block + i);
            vb lanes = __builtin_convertvector((x >= lowest) & (x <= highest), vb);
            uint16_t bits;
            memcpy(&bits, &lanes, sizeof bits);
            matches |= (uint64_t)bits << i;
        }
        for (; matches; matches &= matches - 1, found++) {
            if (found < capacity) tokens[found] = (int32_t)(start + (size_t)__builtin_ctzll(matches));
        }
    }
    return found;
}

const ck_sampling_kernels CK_TABLE = {
    .level = CK_LEVEL,
    .block_maxima = block_maxima,
    .weigh = weigh,
    .add_to_bins = add_to_bins,
    .find = find,
};
