#include "CKernels/level.h"

#if defined(CK_X86)
#include <cpuid.h>

typedef struct {
    bool avx2, avx512;
} features;

static uint64_t enabled_state(void) {
    uint32_t low, high;
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return ((uint64_t)high << 32) | low;
}

static bool all(uint32_t word, uint32_t bits) {
    return (word & bits) == bits;
}

static features detect(void) {
    features found = {0};
    uint32_t a, b, c, d;
    if (!__get_cpuid(1, &a, &b, &c, &d)) return found;
    // FMA 12, POPCNT 23, OSXSAVE 27, AVX 28, F16C 29
    if (!all(c, 1u << 12 | 1u << 23 | 1u << 27 | 1u << 28 | 1u << 29)) return found;
    uint64_t state = enabled_state();
    if ((state & 0x6) != 0x6) return found;
    uint32_t extended_c = 0;
    if (!__get_cpuid(0x80000001, &a, &b, &extended_c, &d) || !all(extended_c, 1u << 5)) return found;  // LZCNT
    if (!__get_cpuid_count(7, 0, &a, &b, &c, &d)) return found;
    // BMI 3, AVX2 5, BMI2 8
    found.avx2 = all(b, 1u << 3 | 1u << 5 | 1u << 8);
    if (!found.avx2 || (state & 0xe6) != 0xe6) return found;
    // F 16, DQ 17, BW 30, VL 31; VNNI 11
    found.avx512 = all(b, 1u << 16 | 1u << 17 | 1u << 30 | 1u << 31) && all(c, 1u << 11);
    return found;
}
#endif

bool ck_level_supported(ck_level level) {
    switch (level) {
    case CK_LEVEL_SCALAR: return true;
#if defined(CK_X86)
    case CK_LEVEL_AVX2: return detect().avx2;
    case CK_LEVEL_AVX512: return detect().avx512;
#endif
#if defined(CK_ARM)
    case CK_LEVEL_NEON: return true;  // part of the architecture
#endif
    default: return false;
    }
}

ck_level ck_detect_level(void) {
    if (ck_level_supported(CK_LEVEL_AVX512)) return CK_LEVEL_AVX512;
    if (ck_level_supported(CK_LEVEL_AVX2)) return CK_LEVEL_AVX2;
    if (ck_level_supported(CK_LEVEL_NEON)) return CK_LEVEL_NEON;
    return CK_LEVEL_SCALAR;
}

bool ck_adds_beside_products(void) {
#if defined(CK_X86)
    uint32_t a, b, c, d;
    return __get_cpuid(0, &a, &b, &c, &d) && b == signature_AMD_ebx && c == signature_AMD_ecx && d == signature_AMD_edx;
#else
    return false;
#endif
}

#if defined(CK_ARM) && defined(__linux__)
#include <sys/auxv.h>
#endif

bool ck_has_dot_products(void) {
#if defined(CK_ARM) && defined(__linux__)
    return (getauxval(AT_HWCAP) & (1ul << 20)) != 0;  // HWCAP_ASIMDDP
#elif defined(CK_ARM)
    return true;  // every Apple processor of this architecture that macOS 15 runs on
#else
    return false;
#endif
}
