// Vector kernels against the scalar specification, within the bounds that are stated at each check.
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "harness.h"

enum { MOST = 4099 };
static const size_t lengths[] = {1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 64, 65, 128, 200, 1024, MOST};
static const size_t length_count = sizeof lengths / sizeof *lengths;

static const ck_vector_kernels *scalar, *tested;
static const char *name;

// The largest difference in units of the expected value's size plus `floor`.
static double relative_error(const float *actual, const float *expected, size_t count, double floor) {
    double worst = 0;
    for (size_t i = 0; i < count; i++) {
        double error = fabs((double)actual[i] - (double)expected[i]) / (fabs((double)expected[i]) + floor);
        if (!(error <= worst)) worst = error;
    }
    return worst;
}

static float *copy_of(const float *values, size_t count) {
    float *copy = allocate(count * sizeof(float));
    memcpy(copy, values, count * sizeof(float));
    return copy;
}

// Heads of a few tokens, normed and turned, `n` elements each.
static void test_turns(size_t n) {
    enum { COUNT = 3, ROWS = 2, STRIDE_BEHIND = 5 };
    size_t stride = COUNT * n + STRIDE_BEHIND, all = ROWS * stride;
    float *turns = allocate(ROWS * 2 * n * sizeof(float)), *heads = allocate(all * sizeof(float));
    float *norm = allocate(n * sizeof(float));
    fill(turns, ROWS * 2 * n, -1, 1);
    fill(heads, all, -1, 1);
    fill(norm, n, -1, 1);
    for (int style = 0; style < 8; style++) {
        ck_head_turn turn = {
            .norm = style & 1 ? norm : NULL, .epsilon = 1e-6f, .head_dimension = n, .are_neighbours = style & 2,
            .dimension = style & 4 ? n / 2 / 2 * 2 : n, .turns = turns, .turn_stride = 2 * n};
        float *expected = copy_of(heads, all), *actual = copy_of(heads, all), *alone = copy_of(heads, all);
        scalar->turn_heads(&turn, expected, COUNT, ROWS, stride);
        tested->turn_heads(&turn, actual, COUNT, ROWS, stride);
        check(relative_error(actual, expected, all, 1) <= 2e-6, "%s: turns of %zu, style %d", name, n, style);
        for (size_t row = 0; row < ROWS; row++, turn.turns += turn.turn_stride) {
            for (size_t i = 0; i < COUNT; i++) tested->turn_heads(&turn, alone + row * stride + i * n, 1, 1, stride);
        }
        check(same_bits(alone, actual, all), "%s: turns of %zu, style %d, one by one", name, n, style);
        free(expected), free(actual), free(alone);
    }
    free(turns), free(heads), free(norm);
}

static void test_elementwise(size_t n) {
    float *x = allocate(n * sizeof(float)), *y = allocate(n * sizeof(float));
    fill(x, n, -20, 20);
    fill(y, n, -3, 3);
    float *expected = allocate(n * sizeof(float)), *actual = allocate(n * sizeof(float));
    scalar->rms_norm(x, y, n, 1e-5f, expected);
    tested->rms_norm(x, y, n, 1e-5f, actual);
    check(relative_error(actual, expected, n, 1e-30) <= 1e-6, "%s: RMSNorm of %zu", name, n);
    scalar->rms_norm(x, NULL, n, 1e-5f, expected);
    tested->rms_norm(x, NULL, n, 1e-5f, actual);
    check(relative_error(actual, expected, n, 1e-30) <= 1e-6, "%s: RMSNorm of %zu without weights", name, n);
    scalar->silu_multiply(x, y, n, expected);
    tested->silu_multiply(x, y, n, actual);
    check(relative_error(actual, expected, n, 1e-30) <= 6e-7, "%s: SiLU of %zu", name, n);
    scalar->exponential(x, n, expected);
    tested->exponential(x, n, actual);
    check(relative_error(actual, expected, n, 0) <= 2.5e-7, "%s: exp of %zu", name, n);
    memcpy(expected, x, n * sizeof(float));
    memcpy(actual, x, n * sizeof(float));
    scalar->add(expected, y, n);
    tested->add(actual, y, n);
    check(same_bits(actual, expected, n), "%s: sum of %zu", name, n);
    free(x), free(y), free(expected), free(actual);
}

static void test_rows(size_t n) {
    float *x = allocate(n * sizeof(float));
    fill(x, n, -15, 15);
    float *expected = copy_of(x, n), *actual = copy_of(x, n);
    scalar->softmax(expected, n);
    tested->softmax(actual, n);
    check(relative_error(actual, expected, n, 1e-37) <= 1.5e-6, "%s: softmax of %zu", name, n);
    float sum = scalar->log_sum_exp(x, n);
    check(fabsf(tested->log_sum_exp(x, n) - sum) <= 3e-7f * fmaxf(1, fabsf(sum)), "%s: log-sum-exp of %zu", name, n);
    for (int round = 0; round < 20; round++) {
        x[random_bits() % n] = 16;
        x[random_bits() % n] = 16;
        if (round % 3 == 0) x[random_bits() % n] = NAN;
        check(tested->argmax(x, n) == scalar->argmax(x, n), "%s: argmax of %zu", name, n);
        for (size_t i = 0; i < n; i++) {
            if (!(x[i] < 16)) x[i] = random_float(-15, 15);
        }
    }
    for (size_t i = 0; i < n; i++) x[i] = i % 2 ? NAN : -INFINITY;
    check(tested->argmax(x, n) == 0, "%s: argmax of %zu without a number", name, n);
    free(x), free(expected), free(actual);
    if (n % 2 == 0) test_turns(n);
}

static void test_exp_everywhere(void) {
    enum { COUNT = 1 << 16 };
    float *x = allocate(COUNT * sizeof(float)), *y = allocate(COUNT * sizeof(float));
    double worst = 0;
    for (int part = 0; part < 2; part++) {
        fill(x, COUNT, -87.3f, 88.72f);
        tested->exponential(x, COUNT, y);
        for (size_t i = 0; i < COUNT; i++) {
            double exact = exp((double)x[i]);
            double ulp = (double)(nextafterf((float)exact, INFINITY) - (float)exact);
            double error = fabs((double)y[i] - exact) / ulp;
            if (!(error <= worst)) worst = error;
        }
    }
    check(worst <= 2, "%s: exp is %g ulp off", name, worst);
    printf("%s: exp: %.2f ulp at most\n", name, worst);
    const float ends[] = {0, -INFINITY, -1000, INFINITY, 100}, expected[] = {1, 0, 0, INFINITY, INFINITY};
    tested->exponential(ends, 5, y);
    check(same_bits(y, expected, 5), "%s: exp at the ends", name);
    free(x), free(y);
}

void test_vector(const ck_vector_kernels *kernels, const char *level) {
    size_t before = checks;
    scalar = ck_vector_kernels_for(CK_LEVEL_SCALAR), tested = kernels, name = level;
    for (size_t i = 0; i < length_count; i++) {
        test_elementwise(lengths[i]);
        test_rows(lengths[i]);
    }
    test_rows(50000);
    test_exp_everywhere();
    printf("%s: vectors: %zu checks\n", name, checks - before);
}
