#include <string.h>
#include "../rounding.h"
#include "CKernels/quants.h"
#include "matmul.h"

#pragma STDC FP_CONTRACT OFF

// Activations for F16 and BF16: 16-bit integers with a scale for each lane of a section.
//
// A lane's integers lie within ±16,383, and the sum of their magnitudes is 131,040 at most. With the step
// max(largest / 16,383, sum / 131,000) magnitudes divided by it add up to 131,000 · (1 + 36 · 2^-24) at most (the
// roundings of 33 additions, of the constant, the step and its inverse), and rounding 64 of them to integers adds at
// most a half each: 131,032.3. A magnitude is 16,383 · (1 + 3 · 2^-24) at most, which is rounded to 16,383.

// Magnitudes are added up in one sum for each column of a step; then each lane's two are added.
static void measure(const float *values, size_t count, float largest[CK_STEP], float sums[CK_STEP]) {
    for (size_t i = 0; i < CK_STEP; i++) largest[i] = sums[i] = 0;
    for (size_t c = 0; c < count; c++) {
        float magnitude = fabsf(values[c]);
        sums[c % CK_STEP] += magnitude;
        if (magnitude > largest[c % CK_STEP]) largest[c % CK_STEP] = magnitude;
    }
}

static void quantize(const float *values, size_t count, ck_activation_section *out) {
    float largest[CK_STEP], sums[CK_STEP], factors[CK_SECTION_LANES];
    measure(values, count, largest, sums);
    for (size_t l = 0; l < CK_SECTION_LANES; l++) {
        float sum = sums[2 * l] + sums[2 * l + 1], most = fmaxf(largest[2 * l], largest[2 * l + 1]);
        float step = fmaxf(most * (1 / 16383.0f), sum * (1 / 131000.0f));
        bool finite = sum < INFINITY, some = finite && most >= 0x1p-100f;
        out->scales[l] = some ? step : finite ? 0 : NAN;
        factors[l] = some ? 1 / step : 0;
    }
    size_t whole = (count + CK_STEPS - 1) / CK_STEPS * CK_STEPS;
    for (size_t c = 0; c < whole; c++) {
        float factor = factors[c / 2 % CK_SECTION_LANES];
        out->integers[c] = factor == 0 || c >= count ? 0 : ck_rounded(values[c], factor);
    }
    // At most 16,383 · 65,520, so within an int32.
    memset(out->minus_products, 0, sizeof out->minus_products);
    for (size_t c = 0; c < whole; c++)
        if (c % CK_STEPS < CK_STEP)
            out->minus_products[c / 2 % CK_SECTION_LANES] -= out->integers[c] * out->integers[c + CK_STEP];
}

void ck_scalar_quantize_section(const float *values, size_t columns, void *out) {
    ck_activation_section *section = out;
    for (size_t c = 0; c < columns; c += CK_SECTION, section++)
        quantize(values + c, columns - c < CK_SECTION ? columns - c : CK_SECTION, section);
}
