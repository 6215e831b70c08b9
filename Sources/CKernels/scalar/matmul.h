// The scalar kernels: the specification of every other level.
#ifndef CK_SCALAR_MATMUL_H
#define CK_SCALAR_MATMUL_H
#include "CKernels/matmul.h"

ck_multiply_function ck_scalar_multiply_f32, ck_scalar_multiply_f16, ck_scalar_multiply_bf16;
ck_multiply_function ck_scalar_multiply_q8_0, ck_scalar_multiply_q4_0;
ck_multiply_function ck_scalar_multiply_q4_k, ck_scalar_multiply_q5_k, ck_scalar_multiply_q6_k;
ck_quantize_function ck_scalar_quantize_block, ck_scalar_quantize_super, ck_scalar_quantize_section;

#endif
