// Products with F16 and BF16 for one level: CK_LANES and CK_NAME (of its functions) are defined by the including file.
// scalar/matmul_half.c says what is computed.
#include "simd.h"
#include "pairs.h"
#include "half_lanes.h"
#include "half_sections.h"
#include "half_few.h"
#include "half_many.h"
#include "half_quantize.h"

void CK_NAME(multiply_f16)(const ck_product *p, size_t first, size_t end, void *scratch) {
    if (p->count <= MOST_FEW) return few_f16[p->count - 1](p, first, end);
    many(p, first, end, scratch, HALF);
}

void CK_NAME(multiply_bf16)(const ck_product *p, size_t first, size_t end, void *scratch) {
    if (p->count <= MOST_FEW) return few_bf16[p->count - 1](p, first, end);
    many(p, first, end, scratch, BRAIN);
}

void CK_NAME(quantize_section)(const float *values, size_t columns, void *out) {
    quantize_sections(values, columns, out);
}
