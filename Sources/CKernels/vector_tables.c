#include "vector_tables.h"

const ck_vector_kernels *ck_vector_kernels_for(ck_level level) {
    switch (level) {
    case CK_LEVEL_SCALAR: return &ck_scalar_vector;
#if defined(CK_X86)
    case CK_LEVEL_AVX2: return &ck_avx2_vector;
    case CK_LEVEL_AVX512: return &ck_avx512_vector;
#elif defined(CK_ARM)
    case CK_LEVEL_NEON: return &ck_neon_vector;
#endif
    default: return NULL;
    }
}

const ck_attention_kernels *ck_attention_kernels_for(ck_level level) {
    switch (level) {
    case CK_LEVEL_SCALAR: return &ck_scalar_attention;
#if defined(CK_X86)
    case CK_LEVEL_AVX2: return &ck_avx2_attention;
    case CK_LEVEL_AVX512: return &ck_avx512_attention;
#elif defined(CK_ARM)
    case CK_LEVEL_NEON: return &ck_neon_attention;
#endif
    default: return NULL;
    }
}

const ck_sampling_kernels *ck_sampling_kernels_for(ck_level level) {
    switch (level) {
    case CK_LEVEL_SCALAR: return &ck_scalar_sampling;
#if defined(CK_X86)
    case CK_LEVEL_AVX2: return &ck_avx2_sampling;
    case CK_LEVEL_AVX512: return &ck_avx512_sampling;
#elif defined(CK_ARM)
    case CK_LEVEL_NEON: return &ck_neon_sampling;
#endif
    default: return NULL;
    }
}
