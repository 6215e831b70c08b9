// The levels of instruction sets that kernels are written for, and what this CPU can run.
#ifndef CKERNELS_LEVEL_H
#define CKERNELS_LEVEL_H
#include <stdbool.h>
#include <stdint.h>

#if defined(__x86_64__)
#define CK_X86 1
#elif defined(__aarch64__)
#define CK_ARM 1
#endif

// Each family of kernels has a `const` table of function pointers per level:
//   const ck_FAMILY_kernels *ck_FAMILY_kernels_for(ck_level);   // NULL where this build has none for that level
// The tables are defined in LEVEL/FAMILY.c files. Functions of one level carry their instruction set themselves
// (`CK_TARGET_AVX2_BEGIN` … `CK_TARGET_END`), since a package cannot give single files compiler flags.
typedef enum ck_level : int32_t {
    CK_LEVEL_SCALAR = 0,  // portable C, the specification of every other level
    CK_LEVEL_AVX2 = 1,    // AVX2, FMA, F16C
    CK_LEVEL_AVX512 = 2,  // AVX-512 F, BW, VL, DQ, VNNI, on top of the above
    CK_LEVEL_NEON = 3,    // 64-bit Arm; dot product instructions are used where they exist
} ck_level;

// The best level that this CPU and this build support.
ck_level ck_detect_level(void);

// Whether the CPU (and the operating system, which must save the registers) can run the level.
bool ck_level_supported(ck_level level);

// Whether additions have units beside those that multiply: AMD's processors of the avx512 level have four that add, two
// of which multiply, Intel's two that do both.
bool ck_adds_beside_products(void);

// Whether signed dot products (Armv8.2 DotProd) exist: not on every CPU of the neon level.
bool ck_has_dot_products(void);

#define CK_PRAGMA(text) _Pragma(#text)
#define CK_TARGET_BEGIN(features) \
    CK_PRAGMA(clang attribute push(__attribute__((target(features))), apply_to = function))
#define CK_TARGET_AVX2_BEGIN CK_TARGET_BEGIN("avx2,fma,f16c,bmi,bmi2,lzcnt,popcnt")
#define CK_TARGET_AVX512_BEGIN \
    CK_TARGET_BEGIN("avx2,fma,f16c,bmi,bmi2,lzcnt,popcnt,avx512f,avx512bw,avx512vl,avx512dq,avx512vnni,prfchw")
#define CK_TARGET_NEON_BEGIN CK_TARGET_BEGIN("dotprod")
#define CK_TARGET_END _Pragma("clang attribute pop")

#endif
