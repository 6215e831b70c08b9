#include "../tables.h"
#if defined(CK_X86)
#include "matmul.h"

#define TABLE(halves)                                                                       \
    {                                                                                       \
        .level = CK_LEVEL_AVX512,                                                           \
        .multiply =                                                                         \
            {                                                                               \
                [CK_F32] = ck_avx512_multiply_f32,                                          \
                [CK_F16] = ck_avx512_##halves##_f16,                                        \
                [CK_BF16] = ck_avx512_##halves##_bf16,                                      \
                [CK_Q8_0] = ck_avx512_multiply_q8_0,                                        \
                [CK_Q4_0] = ck_avx512_multiply_q4_0,                                        \
                [CK_Q4_K] = ck_avx512_multiply_q4_k,                                        \
                [CK_Q5_K] = ck_avx512_multiply_q5_k,                                        \
                [CK_Q6_K] = ck_avx512_multiply_q6_k,                                        \
            },                                                                              \
        .quantize_block = ck_avx512_quantize_block,                                         \
        .quantize_super = ck_avx512_quantize_super,                                         \
        .quantize_section = ck_avx512_quantize_section,                                     \
    }

const ck_matmul_kernels ck_avx512_plain_matmul = TABLE(multiply);
const ck_matmul_kernels ck_avx512_crosswise_matmul = TABLE(crosswise_multiply);
#endif
