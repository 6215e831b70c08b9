#ifndef CK_AVX2_MATMUL_H
#define CK_AVX2_MATMUL_H
#include "CKernels/matmul.h"

ck_multiply_function ck_avx2_multiply_f32, ck_avx2_multiply_f16, ck_avx2_multiply_bf16;
ck_multiply_function ck_avx2_multiply_q8_0, ck_avx2_multiply_q4_0;
ck_multiply_function ck_avx2_multiply_q4_k, ck_avx2_multiply_q5_k, ck_avx2_multiply_q6_k;
ck_quantize_function ck_avx2_quantize_block, ck_avx2_quantize_super, ck_avx2_quantize_section;

// One or two activation rows.
enum { CK_FEW = 2 };
ck_multiply_function ck_avx2_rows_q8_0, ck_avx2_rows_q4_0;
ck_multiply_function ck_avx2_rows_q4_k, ck_avx2_rows_q5_k, ck_avx2_rows_q6_k;

#endif
