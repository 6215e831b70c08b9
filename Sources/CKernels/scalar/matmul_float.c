#include <math.h>
#include "../half.h"
#include "matmul.h"

#pragma STDC FP_CONTRACT OFF

// Sixteen partial sums, column c into sum c mod 16; then halves onto halves.
static float total(float sums[16]) {
    for (int width = 8; width > 0; width /= 2)
        for (int i = 0; i < width; i++) sums[i] += sums[i + width];
    return sums[0];
}

void ck_scalar_multiply_f32(const ck_product *p, size_t first, size_t end, void *scratch) {
    (void)scratch;
    for (size_t a = 0; a < p->count; a++)
        for (size_t r = first; r < end; r++) {
            const uint8_t *row = p->weights + r * p->row_bytes;
            const float *activation = (const float *)(p->activations + a * p->activation_bytes);
            float sums[16] = {0};
            for (size_t c = 0; c < p->columns; c++)
                sums[c % 16] = fmaf(ck_load_f32(row + 4 * c), activation[c], sums[c % 16]);
            p->output[a * p->output_stride + r] = total(sums);
        }
}
