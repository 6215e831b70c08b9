// Holds every level of kernels that this build and CPU have against the scalar specification.
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "harness.h"
#include "tables.h"

size_t checks, failures;

void check(bool holds, const char *format, ...) {
    checks++;
    if (holds) return;
    if (++failures > 40) return;
    va_list arguments;
    va_start(arguments, format);
    fputs("FAILED: ", stdout);
    vprintf(format, arguments);
    putchar('\n');
    va_end(arguments);
}

static uint64_t state = 1;

// SplitMix64 (Steele, Lea, Flood 2014)
uint32_t random_bits(void) {
    uint64_t z = state += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return (uint32_t)((z ^ z >> 31) >> 32);
}

float random_float(float low, float high) {
    return low + (high - low) * (float)(random_bits() >> 8) * 0x1p-24f;
}

void fill(float *values, size_t count, float low, float high) {
    for (size_t i = 0; i < count; i++) values[i] = random_float(low, high);
}

void *allocate(size_t bytes) {
    void *memory = NULL;
    if (posix_memalign(&memory, 64, bytes ? bytes : 1) != 0) abort();
    return memory;
}

bool same_bits(const float *a, const float *b, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (a[i] != a[i] && b[i] != b[i]) continue;
        if (memcmp(a + i, b + i, sizeof *a) != 0) return false;
    }
    return true;
}

static void test_level(ck_level level, const char *name) {
    if (!ck_level_supported(level)) {
        printf("%s: not on this CPU or in this build\n", name);
        return;
    }
    const ck_matmul_kernels *matmul = ck_matmul_kernels_for(level);
    if (matmul) test_matmul(matmul, name);
    if (ck_vector_kernels_for(level)) test_vector(ck_vector_kernels_for(level), name);
    if (ck_attention_kernels_for(level)) test_attention(ck_attention_kernels_for(level), name);
    if (ck_sampling_kernels_for(level)) test_sampling(ck_sampling_kernels_for(level), name);
#if defined(CK_X86)
    if (level == CK_LEVEL_AVX512)
        test_matmul(matmul == &ck_avx512_plain_matmul ? &ck_avx512_crosswise_matmul : &ck_avx512_plain_matmul,
                    "avx512, the other products of 16-bit floats");
#elif defined(CK_ARM)
    if (matmul == &ck_neon_dot_matmul) test_matmul(&ck_neon_plain_matmul, "neon without dot products");
#endif
}

int main(void) {
    setvbuf(stdout, NULL, _IOLBF, 0);
    printf("dot product instructions: %s\n", ck_has_dot_products() ? "yes" : "no");
    test_level(CK_LEVEL_NEON, "neon");
    test_level(CK_LEVEL_AVX2, "avx2");
    test_level(CK_LEVEL_AVX512, "avx512");
    printf("%zu checks, %zu failures\n", checks, failures);
    return failures == 0 && checks > 0 ? 0 : 1;
}
