// Q8_0 and Q4_0 with few activation rows.
#include "CKernels/level.h"
#if defined(CK_X86)
#include "few_block.h"

#pragma STDC FP_CONTRACT OFF

CK_TARGET_AVX512_BEGIN

CK_INLINE void block(ck_weight_type type, const ck_panel_rows *rows, const ck_few_activations *x, uintptr_t next,
                     __m512 *results, int count) {
    ck_few_add_block(type, rows, x, next, results, count, NULL);
}

#define FEW(name, type) CK_FEW_COUNTS(name, type, CK_BLOCK, ck_activation_block)

FEW(q8_0, CK_Q8_0)
FEW(q4_0, CK_Q4_0)

CK_TARGET_END
#endif
