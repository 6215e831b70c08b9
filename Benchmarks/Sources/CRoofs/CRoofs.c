#include "CRoofs.h"

enum { CHAINS = 12 };  // independent sums, enough to hide the latency of the operation

#if defined(__x86_64__)
#include <immintrin.h>

#define ALL _Pragma("clang loop unroll(full)")

__attribute__((target("avx512f,avx512vnni"))) static uint64_t int8_avx512(uint64_t rounds) {
    __m512i sums[CHAINS], a = _mm512_set1_epi8(3), b = _mm512_set1_epi8(2);
    ALL for (int i = 0; i < CHAINS; i++) sums[i] = _mm512_set1_epi32(i);
    for (uint64_t r = 0; r < rounds; r++) {
        ALL for (int i = 0; i < CHAINS; i++) sums[i] = _mm512_dpbusd_epi32(sums[i], a, b);
        ALL for (int i = 0; i < CHAINS; i++) __asm__ volatile("" : "+v"(sums[i]));
    }
    return rounds * CHAINS * 64;
}

__attribute__((target("avx512f"))) static uint64_t float_avx512(uint64_t rounds) {
    __m512 sums[CHAINS], a = _mm512_set1_ps(0.5f), b = _mm512_set1_ps(1);
    ALL for (int i = 0; i < CHAINS; i++) sums[i] = _mm512_set1_ps((float)i);
    for (uint64_t r = 0; r < rounds; r++) {
        ALL for (int i = 0; i < CHAINS; i++) sums[i] = _mm512_fmadd_ps(sums[i], a, b);
        ALL for (int i = 0; i < CHAINS; i++) __asm__ volatile("" : "+v"(sums[i]));
    }
    return rounds * CHAINS * 16;
}

__attribute__((target("avx2,fma"))) static uint64_t float_avx2(uint64_t rounds) {
    __m256 sums[CHAINS], a = _mm256_set1_ps(0.5f), b = _mm256_set1_ps(1);
    ALL for (int i = 0; i < CHAINS; i++) sums[i] = _mm256_set1_ps((float)i);
    for (uint64_t r = 0; r < rounds; r++) {
        ALL for (int i = 0; i < CHAINS; i++) sums[i] = _mm256_fmadd_ps(sums[i], a, b);
        ALL for (int i = 0; i < CHAINS; i++) __asm__ volatile("" : "+x"(sums[i]));
    }
    return rounds * CHAINS * 8;
}

uint64_t roof_int8_macs(uint64_t rounds) {
    return __builtin_cpu_supports("avx512vnni") ? int8_avx512(rounds) : 0;
}

uint64_t roof_float_macs(uint64_t rounds) {
    if (__builtin_cpu_supports("avx512f")) return float_avx512(rounds);
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return float_avx2(rounds);
    return 0;
}
#else
uint64_t roof_int8_macs(uint64_t rounds) {
    (void)rounds;
    return 0;
}

uint64_t roof_float_macs(uint64_t rounds) {
    (void)rounds;
    return 0;
}
#endif
