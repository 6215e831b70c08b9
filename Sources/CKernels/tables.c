#include "tables.h"
#include <string.h>

const ck_matmul_kernels *ck_matmul_kernels_for(ck_level level) {
    switch (level) {
    case CK_LEVEL_SCALAR: return &ck_scalar_matmul;
#if defined(CK_X86)
    case CK_LEVEL_AVX2: return &ck_avx2_matmul;
    case CK_LEVEL_AVX512: return ck_adds_beside_products() ? &ck_avx512_crosswise_matmul : &ck_avx512_plain_matmul;
#endif
#if defined(CK_ARM)
    case CK_LEVEL_NEON: return ck_has_dot_products() ? &ck_neon_dot_matmul : &ck_neon_plain_matmul;
#endif
    default: return NULL;
    }
}

void ck_quantize(const ck_matmul_kernels *table, ck_activation_type type, const float *values, size_t columns,
                 void *out) {
    switch (type) {
    case CK_ACTIVATION_Q8_BLOCK: table->quantize_block(values, columns, out); break;
    case CK_ACTIVATION_Q8_SUPER: table->quantize_super(values, columns, out); break;
    case CK_ACTIVATION_I16_SECTION: table->quantize_section(values, columns, out); break;
    default: memcpy(out, values, columns * sizeof(float));
    }
}
