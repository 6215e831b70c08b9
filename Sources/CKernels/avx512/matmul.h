#ifndef CK_AVX512_MATMUL_H
#define CK_AVX512_MATMUL_H
#include "CKernels/matmul.h"

ck_multiply_function ck_avx512_multiply_f32, ck_avx512_multiply_f16, ck_avx512_multiply_bf16;
ck_multiply_function ck_avx512_crosswise_multiply_f16, ck_avx512_crosswise_multiply_bf16;
ck_multiply_function ck_avx512_multiply_q8_0, ck_avx512_multiply_q4_0;
ck_multiply_function ck_avx512_multiply_q4_k, ck_avx512_multiply_q5_k, ck_avx512_multiply_q6_k;
ck_quantize_function ck_avx512_quantize_block, ck_avx512_quantize_super, ck_avx512_quantize_section;

// Few activation rows: weights go from the file's order straight into the dot products, for groups of up to CK_FEW. One
// or two have kernels of their own (rows.h), which these call.
enum { CK_FEW = 8 };
ck_multiply_function ck_avx512_few_q8_0, ck_avx512_few_q4_0;
ck_multiply_function ck_avx512_few_q4_k, ck_avx512_few_q5_k, ck_avx512_few_q6_k;
ck_multiply_function ck_avx512_rows_q8_0, ck_avx512_rows_q4_0;
ck_multiply_function ck_avx512_rows_q4_k, ck_avx512_rows_q5_k, ck_avx512_rows_q6_k;

#endif
