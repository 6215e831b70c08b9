// A small harness: checks that print what they found, and random numbers that are the same in every run.
#ifndef HARNESS_H
#define HARNESS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "CKernels.h"

extern size_t checks, failures;

// Counts a check; prints the sentence if it failed (at most a few dozen times).
void check(bool holds, const char *format, ...) __attribute__((format(printf, 2, 3)));

uint32_t random_bits(void);
float random_float(float low, float high);
void fill(float *values, size_t count, float low, float high);

// Memory whose end is the end of the allocation, for tools that watch bounds; aligned to 64 bytes for multiples of 64.
void *allocate(size_t bytes);

// Whether two lists of floats have the same bits; NaNs are all alike.
bool same_bits(const float *a, const float *b, size_t count);

void test_matmul(const ck_matmul_kernels *tested, const char *name);
void test_vector(const ck_vector_kernels *tested, const char *name);
void test_attention(const ck_attention_kernels *tested, const char *name);
void test_sampling(const ck_sampling_kernels *tested, const char *name);

#endif
