// Sums of products of 16 signed bytes, in four lanes; which products share a lane does not matter to the callers.
#include "../inline.h"
#include <arm_neon.h>

#if defined(CK_DOT_PRODUCTS)
CK_INLINE int32x4_t add_products(int32x4_t sum, int8x16_t a, int8x16_t b) {
    return vdotq_s32(sum, a, b);
}
#else
CK_INLINE int32x4_t add_products(int32x4_t sum, int8x16_t a, int8x16_t b) {
    sum = vpadalq_s16(sum, vmull_s8(vget_low_s8(a), vget_low_s8(b)));
    return vpadalq_s16(sum, vmull_high_s8(a, b));
}
#endif

// The four sums' totals, one a lane.
CK_INLINE int32x4_t totals(const int32x4_t sums[4]) {
    return vpaddq_s32(vpaddq_s32(sums[0], sums[1]), vpaddq_s32(sums[2], sums[3]));
}
