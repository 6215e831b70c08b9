// The NEON kernels of the matmul table, with dot product instructions and without.
#ifndef CK_NEON_MATMUL_H
#define CK_NEON_MATMUL_H
#include "CKernels/matmul.h"

ck_multiply_function ck_neon_multiply_f32, ck_neon_multiply_f16, ck_neon_multiply_bf16;
ck_multiply_function ck_neon_dot_multiply_q8_0, ck_neon_dot_multiply_q4_0;
ck_multiply_function ck_neon_dot_multiply_q4_k, ck_neon_dot_multiply_q5_k, ck_neon_dot_multiply_q6_k;
ck_multiply_function ck_neon_plain_multiply_q8_0, ck_neon_plain_multiply_q4_0;
ck_multiply_function ck_neon_plain_multiply_q4_k, ck_neon_plain_multiply_q5_k, ck_neon_plain_multiply_q6_k;
ck_quantize_function ck_neon_quantize_block, ck_neon_quantize_super, ck_neon_quantize_section;

#endif
