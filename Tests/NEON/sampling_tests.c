// Sampling kernels against the scalar specification: the same bits at every level.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "harness.h"

enum { MOST = 1000, MOST_BLOCKS = (MOST + CK_LOGIT_BLOCK - 1) / CK_LOGIT_BLOCK };
static const size_t lengths[] = {1, 2, 15, 16, 17, 31, 63, 64, 65, 80, 127, 128, 129, 200, 640, MOST};

// A bell of some width, with ties, and numbers that are none.
static void fill_logits(float *values, size_t count, float width) {
    for (size_t i = 0; i < count; i++) {
        float sum = random_float(-1, 1) + random_float(-1, 1) + random_float(-1, 1);
        values[i] = random_bits() % 4 == 0 ? width * (float)(random_bits() % 8) / 8 : width * sum;
        if (random_bits() % 50 == 0) values[i] = NAN;
        if (random_bits() % 50 == 0) values[i] = -INFINITY;
    }
    values[random_bits() % count] = 3 * width;
}

static void test_weights(const ck_sampling_kernels *tested, const char *name, const ck_logits *logits) {
    const ck_sampling_kernels *scalar = ck_sampling_kernels_for(CK_LEVEL_SCALAR);
    size_t count = logits->count, blocks = (count + CK_LOGIT_BLOCK - 1) / CK_LOGIT_BLOCK;
    float *expected = allocate(count * sizeof(float)), *actual = allocate(count * sizeof(float));
    double expected_sums[MOST_BLOCKS], actual_sums[MOST_BLOCKS];
    const float scales[] = {1, 1 / 0.7f, 0.5f, 3.4028235e38f};
    for (size_t round = 0; round < 12; round++) {
        ck_weighing how = {.scale = scales[round % 4], .last_logit = -INFINITY, .last_token = UINT32_MAX};
        if (round >= 4) {
            how.last_token = random_bits() % (uint32_t)count;
            how.last_logit = logits->values[how.last_token];
        }
        memcpy(expected, logits->values, count * sizeof(float));
        memcpy(actual, logits->values, count * sizeof(float));
        ck_logits one = *logits, other = *logits;
        one.values = expected;
        other.values = actual;
        scalar->weigh(&one, &how, expected, expected_sums);
        tested->weigh(&other, &how, actual, actual_sums);
        check(same_bits(actual, expected, count), "%s: weights of %zu", name, count);
        check(memcmp(actual_sums, expected_sums, blocks * sizeof(double)) == 0, "%s: sums of %zu", name, count);
        tested->weigh(logits, &how, NULL, actual_sums);
        check(memcmp(actual_sums, expected_sums, blocks * sizeof(double)) == 0, "%s: sums of %zu alone", name, count);
    }
    free(expected), free(actual);
}

static void test_choice(const ck_sampling_kernels *tested, const char *name, const ck_logits *logits) {
    const ck_sampling_kernels *scalar = ck_sampling_kernels_for(CK_LEVEL_SCALAR);
    static uint64_t expected[CK_DISTANCE_BINS], actual[CK_DISTANCE_BINS];
    memset(expected, 0, sizeof expected);
    memset(actual, 0, sizeof actual);
    scalar->add_to_bins(logits, expected);
    tested->add_to_bins(logits, actual);
    check(memcmp(actual, expected, sizeof actual) == 0, "%s: bins of %zu", name, logits->count);
    for (size_t round = 0; round < 8; round++) {
        float lowest = logits->values[random_bits() % logits->count];
        float highest = round % 2 ? INFINITY : logits->values[random_bits() % logits->count];
        size_t capacity = round < 2 ? 3 : MOST;
        int32_t wanted[MOST] = {0}, found[MOST] = {0};
        size_t expected_count = scalar->find(logits, lowest, highest, wanted, capacity);
        size_t count = tested->find(logits, lowest, highest, found, capacity);
        check(count == expected_count && memcmp(found, wanted, sizeof found) == 0, "%s: found in %zu", name,
              logits->count);
    }
}

void test_sampling(const ck_sampling_kernels *tested, const char *name) {
    const ck_sampling_kernels *scalar = ck_sampling_kernels_for(CK_LEVEL_SCALAR);
    const float widths[] = {0, 0.5f, 6, 80};
    size_t before = checks;
    for (size_t n = 0; n < sizeof lengths / sizeof *lengths; n++) {
        for (size_t w = 0; w < sizeof widths / sizeof *widths; w++) {
            size_t count = lengths[n], blocks = (count + CK_LOGIT_BLOCK - 1) / CK_LOGIT_BLOCK;
            float *values = allocate(count * sizeof(float)), *expected = allocate(blocks * sizeof(float));
            float *maxima = allocate(blocks * sizeof(float));
            fill_logits(values, count, widths[w]);
            scalar->block_maxima(values, count, expected);
            tested->block_maxima(values, count, maxima);
            float largest = -INFINITY;
            for (size_t b = 0; b < blocks; b++) {
                check(maxima[b] == expected[b], "%s: maxima of %zu", name, count);
                largest = maxima[b] > largest ? maxima[b] : largest;
            }
            ck_logits logits = {values, count, maxima, largest, w == 2 ? largest - 30 : -INFINITY};
            test_weights(tested, name, &logits);
            test_choice(tested, name, &logits);
            free(values), free(expected), free(maxima);
        }
    }
    printf("%s: sampling: %zu checks, bit for bit\n", name, checks - before);
}
