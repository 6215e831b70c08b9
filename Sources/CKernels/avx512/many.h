// What kernels for many activation rows share; many_body.h drives them.
//
// Only multiplications share the two pipes that dot products need; loads, additions, shifts and conversions run beside
// them. So a kernel is as good as its dot products are a large part of its multiplications, as long as its operands
// arrive: two panels of 256 or 512 columns stay in the first-level cache, activations stream past them, results wait
// in `scratch`.
#ifndef CK_AVX512_MANY_H
#define CK_AVX512_MANY_H
#include <string.h>
#include "../scalar/matmul.h"
#include "panel.h"

CK_TARGET_AVX512_BEGIN

enum {
    CK_MANY_PANELS = 2,          // that activations stream past together
    CK_MANY_ROWS = CK_MANY_PANELS * CK_PANEL_ROWS,
    CK_PASS_COUNT = 1024,        // the most activation rows whose results wait together
    CK_PANEL_BYTES = 24 * 1024,  // of all panels: less than the first-level cache
};
_Static_assert(CK_PANEL_BYTES + CK_PASS_COUNT * CK_MANY_ROWS * sizeof(float) <= CK_SCRATCH_BYTES, "scratch");

// Where a tile's results come from and go to: of sixteen weight rows for every activation row.
typedef struct {
    const float *from;  // the results of earlier slices, CK_MANY_ROWS apart
    float *to;          // here, CK_MANY_ROWS apart, or after the last slice in the output
    size_t stride;      // of `to`
    __mmask16 load;     // nothing before the first slice
} ck_results;

CK_INLINE __m512 ck_results_load(const ck_results *r, int c) {
    return _mm512_maskz_loadu_ps(r->load, r->from + CK_MANY_ROWS * c);
}

CK_INLINE void ck_results_store(const ck_results *r, int c, __m512 value) {
    _mm512_storeu_ps(r->to + (size_t)c * r->stride, value);
}

CK_TARGET_END

#endif
