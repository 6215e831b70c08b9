// Products of matrices and the quantisation of activations: the same bits as the scalar specification.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "harness.h"

static const char *const type_names[] = {"F32", "F16", "BF16", "Q8_0", "Q4_0", "Q4_K", "Q5_K", "Q6_K"};

// A finite binary16 number of moderate size.
static uint16_t random_half(void) {
    return (uint16_t)((random_bits() & 0x83ff) | (8 + random_bits() % 10) << 10);
}

// Random bytes are valid weights of every type as long as the scales are finite.
static void random_weights(ck_weight_type type, uint8_t *row, size_t columns) {
    size_t bytes = columns / ck_block_elements(type) * ck_block_bytes(type);
    for (size_t i = 0; i < bytes; i++) row[i] = (uint8_t)random_bits();
    for (size_t c = 0; c < columns; c += ck_block_elements(type)) {
        uint8_t *block = row + c / ck_block_elements(type) * ck_block_bytes(type);
        uint16_t half = random_half(), other = random_half();
        float value = random_float(-1, 1);
        switch (type) {
        case CK_F32: memcpy(block, &value, 4); break;
        case CK_F16: memcpy(block, &half, 2); break;
        case CK_BF16: memcpy(block, (const uint8_t *)&value + 2, 2); break;
        case CK_Q4_K:
        case CK_Q5_K: memcpy(block + 2, &other, 2); [[fallthrough]];
        case CK_Q8_0:
        case CK_Q4_0: memcpy(block, &half, 2); break;
        case CK_Q6_K: memcpy(block + offsetof(ck_q6_k, scale), &half, 2); break;
        default: break;
        }
    }
}

static void multiply_case(const ck_matmul_kernels *tested, ck_weight_type type, size_t rows, size_t columns,
                          size_t count, const char *name) {
    const ck_matmul_kernels *scalar = ck_matmul_kernels_for(CK_LEVEL_SCALAR);
    ck_activation_type activation = ck_activation_for(type);
    size_t row_bytes = columns / ck_block_elements(type) * ck_block_bytes(type);
    size_t activation_bytes = ck_activation_bytes(activation, columns);
    uint8_t *weights = allocate(rows * row_bytes), *activations = allocate(count * activation_bytes);
    float *values = allocate(columns * sizeof(float));
    float *expected = allocate(count * rows * sizeof(float)), *actual = allocate(count * rows * sizeof(float));
    void *scratch = allocate(CK_SCRATCH_BYTES);
    for (size_t r = 0; r < rows; r++) random_weights(type, weights + r * row_bytes, columns);
    for (size_t a = 0; a < count; a++) {
        fill(values, columns, -2, 2);
        ck_quantize(scalar, activation, values, columns, activations + a * activation_bytes);
    }
    ck_product product = {.weights = weights, .row_bytes = row_bytes, .rows = rows, .columns = columns,
                          .activations = activations, .activation_bytes = activation_bytes, .count = count,
                          .output = expected, .output_stride = rows};
    ck_multiply(scalar, type, &product, 0, rows, scratch);
    product.output = actual;
    size_t cut = rows / 3;
    memset(actual, 0xff, count * rows * sizeof(float));
    ck_multiply(tested, type, &product, 0, cut, scratch);
    ck_multiply(tested, type, &product, cut, rows, scratch);
    check(same_bits(actual, expected, count * rows), "%s: %s, %zu rows of %zu columns, %zu activation rows", name,
          type_names[type], rows, columns, count);
    free(weights), free(activations), free(values), free(expected), free(actual), free(scratch);
}

static void quantize_case(const ck_matmul_kernels *tested, ck_activation_type type, const float *values, size_t columns,
                          const char *what, const char *name) {
    size_t bytes = ck_activation_bytes(type, columns);
    uint8_t *expected = allocate(bytes), *actual = allocate(bytes);
    memset(expected, 0xff, bytes), memset(actual, 0xff, bytes);  // rows end in bytes that nobody writes
    ck_quantize(ck_matmul_kernels_for(CK_LEVEL_SCALAR), type, values, columns, expected);
    ck_quantize(tested, type, values, columns, actual);
    check(memcmp(expected, actual, bytes) == 0, "%s: quantising %s as type %d", name, what, (int)type);
    free(expected), free(actual);
}

void test_matmul(const ck_matmul_kernels *tested, const char *name) {
    size_t before = checks;
    for (int32_t type = 0; type < CK_WEIGHT_TYPES; type++) {
        if (!tested->multiply[type]) continue;
        size_t block = ck_block_elements((ck_weight_type)type);
        const size_t shapes[] = {block, 256, block == 1 ? 37 : 768, block == 1 ? 1123 : 1280};
        for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++) {
            for (size_t rows = 1; rows <= 9; rows += 2 - s % 2) {
                const size_t counts[] = {1, 2, 3, 4, 7, 17};
                for (size_t c = 0; c < sizeof counts / sizeof *counts; c++)
                    multiply_case(tested, (ck_weight_type)type, rows, shapes[s], counts[c], name);
            }
        }
        multiply_case(tested, (ck_weight_type)type, 70, 512, 40, name);
        multiply_case(tested, (ck_weight_type)type, 133, 2048, 13, name);
        multiply_case(tested, (ck_weight_type)type, 45, block == 1 ? 1123 : 1280, 77, name);
        multiply_case(tested, (ck_weight_type)type, 97, 2048, 96, name);
    }
    enum { COLUMNS = 1024 };
    float *values = allocate(COLUMNS * sizeof(float));
    for (int type = CK_ACTIVATION_Q8_BLOCK; type <= CK_ACTIVATION_I16_SECTION; type++) {
        for (int round = 0; round < 50; round++) {
            fill(values, COLUMNS, -powf(10, (float)(round % 7 - 3)), 3);
            quantize_case(tested, (ck_activation_type)type, values, COLUMNS, "random numbers", name);
        }
        // Ties: the largest is 127, so that the factor is 1.
        for (int i = 0; i < COLUMNS; i++) values[i] = (float)(i % 253 - 126) + (i % 2 ? 0.5f : 0);
        for (int i = 0; i < COLUMNS; i += 32) values[i] = i % 64 ? 127 : -127;
        quantize_case(tested, (ck_activation_type)type, values, COLUMNS, "ties", name);
        memset(values, 0, COLUMNS * sizeof(float));
        quantize_case(tested, (ck_activation_type)type, values, COLUMNS, "zeros", name);
        values[3] = 0x1p-101f, values[40] = -0x1p-140f, values[300] = NAN, values[700] = -INFINITY, values[701] = 2;
        quantize_case(tested, (ck_activation_type)type, values, COLUMNS, "tiny numbers, NaN and infinity", name);
        if (type != CK_ACTIVATION_I16_SECTION) continue;
        for (size_t columns = 1; columns < COLUMNS; columns += 31)
            quantize_case(tested, CK_ACTIVATION_I16_SECTION, values, columns, "part of a section", name);
    }
    free(values);
    printf("%s: products of matrices: %zu checks, bit for bit\n", name, checks - before);
}
