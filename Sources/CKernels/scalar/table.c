#include "../tables.h"
#include "matmul.h"

const ck_matmul_kernels ck_scalar_matmul = {
    .level = CK_LEVEL_SCALAR,
    .multiply =
        {
            [CK_F32] = ck_scalar_multiply_f32,
            [CK_F16] = ck_scalar_multiply_f16,
            [CK_BF16] = ck_scalar_multiply_bf16,
            [CK_Q8_0] = ck_scalar_multiply_q8_0,
            [CK_Q4_0] = ck_scalar_multiply_q4_0,
            [CK_Q4_K] = ck_scalar_multiply_q4_k,
            [CK_Q5_K] = ck_scalar_multiply_q5_k,
            [CK_Q6_K] = ck_scalar_multiply_q6_k,
        },
    .quantize_block = ck_scalar_quantize_block,
    .quantize_super = ck_scalar_quantize_super,
    .quantize_section = ck_scalar_quantize_section,
};
