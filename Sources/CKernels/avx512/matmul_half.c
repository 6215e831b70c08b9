#include "CKernels/level.h"
#if defined(CK_X86)
#include <math.h>
#include <string.h>
#include "../prefetch.h"
#include "../section.h"
#include "matmul.h"
#include "transpose.h"

#pragma STDC FP_CONTRACT OFF

CK_TARGET_AVX512_BEGIN
#define CK_LANES 16
#define CK_NAME(name) ck_avx512_##name
#include "../generic/half_body.h"
#include "half_crosswise.h"

void ck_avx512_crosswise_multiply_f16(const ck_product *p, size_t first, size_t end, void *scratch) {
    if (p->count < CROSS_LEAST) return ck_avx512_multiply_f16(p, first, end, scratch);
    crosswise(p, first, end, scratch, HALF);
}

void ck_avx512_crosswise_multiply_bf16(const ck_product *p, size_t first, size_t end, void *scratch) {
    if (p->count < CROSS_LEAST) return ck_avx512_multiply_bf16(p, first, end, scratch);
    crosswise(p, first, end, scratch, BRAIN);
}
CK_TARGET_END
#endif
