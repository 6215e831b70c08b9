#include "../rounding.h"
#include "CKernels/quants.h"
#include "matmul.h"

#pragma STDC FP_CONTRACT OFF

// Activations for F16 and BF16: 16-bit integers with a scale for each lane of a slice.
//
// A lane's integers lie within ±32,767, and the sum of their magnitudes is 65,536 at most. With the step
// max(largest / 32,767, sum / 65,500) magnitudes divided by it add up to 65,500 · (1 + 36 · 2^-24) at most (the roundings
// of 32 additions, of the constant, the step and its inverse), and rounding 32 of them to integers adds at
// most a half each: 65,516.2. A magnitude is 32,767 · (1 + 3 · 2^-24) at most, which is rounded to 32,767.

// Magnitudes are added up in one sum for each column of a step; then each lane's two are added.
static void measure(const float *values, size_t count, float largest[CK_STEP], float sums[CK_STEP]) {
    for (size_t i = 0; i < CK_STEP; i++) largest[i] = sums[i] = 0;
    for (size_t c = 0; c < count; c++) {
        float magnitude = fabsf(values[c]);
        sums[c % CK_STEP] += magnitude;
        if (magnitude > largest[c % CK_STEP]) largest[c % CK_STEP] = magnitude;
    }
}

static void quantize(const float *values, size_t count, ck_activation_slice *out) {
    float largest[CK_STEP], sums[CK_STEP], factors[CK_LANES_OF_SLICE];
    measure(values, count, largest, sums);
    for (size_t l = 0; l < CK_LANES_OF_SLICE; l++) {
        float sum = sums[2 * l] + sums[2 * l + 1], most = fmaxf(largest[2 * l], largest[2 * l + 1]);
        float step = fmaxf(most * (1 / 32767.0f), sum * (1 / 65500.0f));
        bool finite = sum < INFINITY, some = finite && most >= 0x1p-100f;
        out->scales[l] = some ? step : finite ? 0 : NAN;
        factors[l] = some ? 1 / step : 0;
    }
    for (size_t c = 0; c < (count + CK_STEP - 1) / CK_STEP * CK_STEP; c++) {
        float factor = factors[c / 2 % CK_LANES_OF_SLICE];
        out->integers[c] = factor == 0 || c >= count ? 0 : ck_rounded(values[c], factor);
    }
}

void ck_scalar_quantize_slice(const float *values, size_t columns, void *out) {
    ck_activation_slice *slice = out;
    for (size_t c = 0; c < columns; c += CK_SLICE, slice++)
        quantize(values + c, columns - c < CK_SLICE ? columns - c : CK_SLICE, slice);
}
