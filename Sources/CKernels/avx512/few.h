// Which kernel up to CK_FEW activation rows get: one for each count, so that sums stay in registers.
#ifndef CK_AVX512_FEW_H
#define CK_AVX512_FEW_H
#include "matmul.h"

// `few_<name>(product, first, end, count)` must be defined, for a constant count of three and more.
#define CK_FEW_COUNTS(name)                                                                                       \
    void ck_avx512_few_##name(const ck_product *p, size_t first, size_t end, void *scratch) {                     \
        switch (p->count) {                                                                                       \
        case 1: case 2: ck_avx512_rows_##name(p, first, end, scratch); break;                                     \
        case 3: few_##name(p, first, end, 3); break;                                                              \
        case 4: few_##name(p, first, end, 4); break;                                                              \
        case 5: few_##name(p, first, end, 5); break;                                                              \
        case 6: few_##name(p, first, end, 6); break;                                                              \
        case 7: few_##name(p, first, end, 7); break;                                                              \
        default: few_##name(p, first, end, 8); break;                                                             \
        }                                                                                                         \
    }

#endif
