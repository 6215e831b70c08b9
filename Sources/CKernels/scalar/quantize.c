#include <math.h>
#include <string.h>
#include "../half.h"
#include "matmul.h"

#pragma STDC FP_CONTRACT OFF

// The largest magnitude's bits; as integers, so that NaN and infinity come out largest.
static uint32_t largest(const float *values, size_t count) {
    uint32_t found = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t bits = ck_to_bits(values[i]) & 0x7fffffff;
        if (bits > found) found = bits;
    }
    return found;
}

// Quantises `count` values with one scale, which it returns.
static float quantize(const float *values, size_t count, int8_t *quants) {
    uint32_t bits = largest(values, count);
    if (bits >= 0x7f800000 || ck_from_bits(bits) < 0x1p-100f) {
        memset(quants, 0, count);
        return bits >= 0x7f800000 ? ck_from_bits(0x7fc00000) : 0.0f;
    }
    float inverse = 127.0f / ck_from_bits(bits);
    for (size_t i = 0; i < count; i++) quants[i] = (int8_t)rintf(values[i] * inverse);
    return ck_from_bits(bits) / 127.0f;
}

static int32_t sum(const int8_t *quants, size_t count) {
    int32_t total = 0;
    for (size_t i = 0; i < count; i++) total += quants[i];
    return total;
}

// How much quants of one sign add up to: the positive ones, or the negative ones without their sign.
static int32_t sum_of_sign(const int8_t *quants, size_t count, int sign) {
    int32_t total = 0;
    for (size_t i = 0; i < count; i++)
        if (sign * quants[i] > 0) total += sign * quants[i];
    return total;
}

static int32_t larger(int32_t a, int32_t b) {
    return a > b ? a : b;
}

void ck_scalar_quantize_block(const float *values, size_t columns, void *out) {
    ck_activation_block *block = out;
    for (size_t c = 0; c < columns; c += CK_BLOCK, block++) {
        block->scale = quantize(values + c, CK_BLOCK, block->quants);
        int32_t total = sum(block->quants, CK_BLOCK);
        block->minus_128_sum = -128 * total;
        block->minus_8_sum = -8 * total;
        block->padding = 0;
    }
}

void ck_scalar_quantize_super(const float *values, size_t columns, void *out) {
    ck_activation_super *block = out;
    for (size_t c = 0; c < columns; c += CK_SUPER_BLOCK, block++) {
        block->scale = quantize(values + c, CK_SUPER_BLOCK, block->quants);
        for (int j = 0; j < 16; j++) block->minus_32_sums[j] = -32 * sum(block->quants + 16 * j, 16);
        for (int j = 0; j < 8; j++) block->sums[j] = (int16_t)sum(block->quants + 32 * j, 32);
        block->largest_16 = block->largest_32 = block->padding = 0;
        for (int j = 0; j < 16; j++) {
            const int8_t *quants = block->quants + 16 * j;
            int32_t magnitudes = sum_of_sign(quants, 16, 1) + sum_of_sign(quants, 16, -1);
            block->largest_16 = larger(block->largest_16, magnitudes);
        }
        for (int j = 0; j < 8; j++)
            for (int sign = -1; sign <= 1; sign += 2)
                block->largest_32 = larger(block->largest_32, sum_of_sign(block->quants + 32 * j, 32, sign));
    }
}
