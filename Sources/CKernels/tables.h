// The matmul table of each level that this build has.
#ifndef CK_TABLES_H
#define CK_TABLES_H
#include "CKernels/matmul.h"

extern const ck_matmul_kernels ck_scalar_matmul;
#if defined(CK_X86)
extern const ck_matmul_kernels ck_avx2_matmul;
extern const ck_matmul_kernels ck_avx512_plain_matmul, ck_avx512_crosswise_matmul;
#endif
#if defined(CK_ARM)
extern const ck_matmul_kernels ck_neon_dot_matmul, ck_neon_plain_matmul;
#endif

#endif
