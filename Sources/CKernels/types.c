#include "CKernels/matmul.h"

size_t ck_block_elements(ck_weight_type type) {
    switch (type) {
    case CK_Q8_0:
    case CK_Q4_0: return CK_BLOCK;
    case CK_Q4_K:
    case CK_Q5_K:
    case CK_Q6_K: return CK_SUPER_BLOCK;
    default: return 1;
    }
}

size_t ck_block_bytes(ck_weight_type type) {
    switch (type) {
    case CK_F32: return 4;
    case CK_F16:
    case CK_BF16: return 2;
    case CK_Q8_0: return sizeof(ck_q8_0);
    case CK_Q4_0: return sizeof(ck_q4_0);
    case CK_Q4_K: return sizeof(ck_q4_k);
    case CK_Q5_K: return sizeof(ck_q5_k);
    case CK_Q6_K: return sizeof(ck_q6_k);
    default: return 0;
    }
}

ck_activation_type ck_activation_for(ck_weight_type type) {
    switch (type) {
    case CK_Q8_0:
    case CK_Q4_0: return CK_ACTIVATION_Q8_BLOCK;
    case CK_Q4_K:
    case CK_Q5_K:
    case CK_Q6_K: return CK_ACTIVATION_Q8_SUPER;
    case CK_F16:
    case CK_BF16: return CK_ACTIVATION_I16_SECTION;
    default: return CK_ACTIVATION_F32;
    }
}

// An odd number of cache lines, so that the rows of a tile do not all lie in the same sets of a cache.
static size_t spread(size_t bytes) { return ((bytes + 63) / 64 | 1) * 64; }

size_t ck_activation_bytes(ck_activation_type type, size_t columns) {
    switch (type) {
    case CK_ACTIVATION_Q8_BLOCK: return spread(columns / CK_BLOCK * sizeof(ck_activation_block));
    case CK_ACTIVATION_Q8_SUPER: return spread(columns / CK_SUPER_BLOCK * sizeof(ck_activation_super));
    case CK_ACTIVATION_I16_SECTION:
        return spread((columns + CK_SECTION - 1) / CK_SECTION * sizeof(ck_activation_section));
    default: return columns * sizeof(float);
    }
}

_Static_assert(sizeof(ck_q8_0) == 34 && sizeof(ck_q4_0) == 18, "block sizes of the file format");
_Static_assert(sizeof(ck_q4_k) == 144 && sizeof(ck_q5_k) == 176 && sizeof(ck_q6_k) == 210, "block sizes of the file format");
_Static_assert(sizeof(ck_activation_section) == 2176, "rows of activations begin on cache lines");
_Static_assert(sizeof(ck_activation_block) == 48 && sizeof(ck_activation_super) == 352, "no hidden padding");
