// The vector, attention and sampling tables of each level; only those of the architecture that is built for are defined.
#ifndef CK_VECTOR_TABLES_H
#define CK_VECTOR_TABLES_H
#include "CKernels/attention.h"
#include "CKernels/sampling.h"
#include "CKernels/vector.h"

extern const ck_vector_kernels ck_scalar_vector, ck_avx2_vector, ck_avx512_vector, ck_neon_vector;
extern const ck_attention_kernels ck_scalar_attention, ck_avx2_attention, ck_avx512_attention, ck_neon_attention;
extern const ck_sampling_kernels ck_scalar_sampling, ck_avx2_sampling, ck_avx512_sampling, ck_neon_sampling;

#endif
