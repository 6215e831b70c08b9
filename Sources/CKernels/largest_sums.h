// How large sums of products with quantised activations can become, whatever the weights.
#ifndef CK_LARGEST_SUMS_H
#define CK_LARGEST_SUMS_H
#include "CKernels/quants.h"
#include "inline.h"

// Takes 32 quants of a super-block into account: Σ |quants| of their first 16 and of their last, and Σ quants of all.
CK_INLINE void ck_note_sums(ck_activation_super *block, int32_t first, int32_t last, int32_t sum) {
    const int32_t half = first > last ? first : last;
    // All magnitudes and the magnitude of the sum are together twice the larger sign's.
    const int32_t sign = (first + last + (sum < 0 ? -sum : sum)) / 2;
    if (half > block->largest_16) block->largest_16 = half;
    if (sign > block->largest_32) block->largest_32 = sign;
}

#endif
