#include "../tables.h"
#if defined(CK_ARM)
#include "matmul.h"

#define TABLE(integers)                                                                                          \
    {                                                                                                            \
        .level = CK_LEVEL_NEON,                                                                                  \
        .multiply =                                                                                              \
            {                                                                                                    \
                [CK_F32] = ck_neon_multiply_f32,                                                                 \
                [CK_F16] = ck_neon_multiply_f16,                                                                 \
                [CK_BF16] = ck_neon_multiply_bf16,                                                               \
                [CK_Q8_0] = ck_neon_##integers##_multiply_q8_0,                                                  \
                [CK_Q4_0] = ck_neon_##integers##_multiply_q4_0,                                                  \
                [CK_Q4_K] = ck_neon_##integers##_multiply_q4_k,                                                  \
                [CK_Q5_K] = ck_neon_##integers##_multiply_q5_k,                                                  \
                [CK_Q6_K] = ck_neon_##integers##_multiply_q6_k,                                                  \
            },                                                                                                   \
        .quantize_block = ck_neon_quantize_block, .quantize_super = ck_neon_quantize_super,                      \
        .quantize_section = ck_neon_quantize_section,                                                            \
    }

const ck_matmul_kernels ck_neon_dot_matmul = TABLE(dot);
const ck_matmul_kernels ck_neon_plain_matmul = TABLE(plain);
#endif
