#include "vector_tables.h"

const ck_vector_kernels *ck_vector_kernels_for(ck_level level) {
    switch (level) {
    case CK_LEVEL_SCALAR: return &ck_scalar_vector;
    default: return NULL;
    }
}

const ck_attention_kernels *ck_attention_kernels_for(ck_level level) {
    switch (level) {
    case CK_LEVEL_SCALAR: return &ck_scalar_attention;
    default: return NULL;
    }
}
