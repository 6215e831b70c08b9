// How attention rounds queries, keys, values and weights to integers: CKernels/attention.h says what for. The same
// bits at every level.
#ifndef CK_SCALAR_ATTENTION_ROUNDING_H
#define CK_SCALAR_ATTENTION_ROUNDING_H
#include <stddef.h>
#include "../rounding.h"

// Sums of squares go into so many partial sums, one after another; then halves are added to halves.
enum { CK_PARTIAL_SUMS = 16 };

static inline float ck_smaller(float a, float b) {
    return a < b ? a : b;  // if one of them is a NaN: b
}

// Factor of a query or key; NaN if its elements have no finite sum of squares, 0 if they are too small for one of the
// results.
static inline float ck_norm_factor(float squares, float largest) {
    if (!(squares < INFINITY)) return NAN;
    float factor = ck_smaller(46000.0f / sqrtf(squares), 32767.0f / largest);
    return factor < INFINITY ? factor : 0;
}

static inline float ck_value_factor(float largest) {
    if (!(largest < INFINITY)) return NAN;
    float factor = 8191.0f / largest;
    return factor < INFINITY ? factor : 0;
}

// Of weights with this largest one and this sum.
static inline float ck_weight_factor(float largest, float sum) {
    float factor = ck_smaller(32767.0f / largest, 262000.0f / sum);
    return factor == INFINITY ? 0 : factor;
}

static inline float ck_inverse(float factor) {
    return factor == 0 ? 0 : 1 / factor;
}

#endif
