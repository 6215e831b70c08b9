#include "../rounding.h"
#include "../section.h"
#include "CKernels/quants.h"
#include "matmul.h"

#pragma STDC FP_CONTRACT OFF

// F16 and BF16, the specification. Columns are cut in sections of 1,024. Lane l of sixteen owns the columns c with
// c / 2 mod 16 = l.
//
// 1. Activations are integers with a scale for each lane: scalar/quantize_section.c.
// 2. A section of a weight row becomes integers by one power of two: section.h.
// 3. Products of integers are summed exactly in each lane. Sums, each times its activation scale, are added, halves of
//    the lanes onto halves.
// 4. result = fma(that, the section's power of two, result), section after section.
//
// A product is off by the rounding of its activation, half of 1/2,046th of the mean magnitude in the lane (or of
// 1/16,383rd of the largest, if that is more), and by the rounding of small weights.

typedef struct {
    int16_t integers[CK_SECTION];
    float unit;
} section;

typedef float load_function(uint16_t bits);

static void round_section(const uint8_t *weights, size_t columns, load_function *load, section *out) {
    uint32_t largest = 0;
    for (size_t c = 0; c < columns; c++) {
        uint32_t bits = ck_to_bits(load(ck_load_u16(weights + 2 * c))) & 0x7fffffff;
        if (bits > largest) largest = bits;
    }
    ck_section_scale scale = ck_section_scale_of(largest);
    out->unit = scale.unit;
    for (size_t c = 0; c < columns; c++)
        out->integers[c] = scale.factor == 0 ? 0 : ck_rounded(load(ck_load_u16(weights + 2 * c)), scale.factor);
}

// Halves onto halves.
static float total(float sums[CK_SECTION_LANES]) {
    for (int width = CK_SECTION_LANES / 2; width > 0; width /= 2)
        for (int i = 0; i < width; i++) sums[i] += sums[i + width];
    return sums[0];
}

static float multiply_section(const section *w, const ck_activation_section *a, size_t columns) {
    int32_t lanes[CK_SECTION_LANES] = {0};
    for (size_t c = 0; c < columns; c++) lanes[c / 2 % CK_SECTION_LANES] += w->integers[c] * a->integers[c];
    float sums[CK_SECTION_LANES];
    for (int l = 0; l < CK_SECTION_LANES; l++) sums[l] = (float)lanes[l] * a->scales[l];
    return total(sums);
}

static void multiply(const ck_product *p, size_t first, size_t end, load_function *load) {
    for (size_t r = first; r < end; r++)
        for (size_t c = 0; c < p->columns; c += CK_SECTION) {
            size_t columns = p->columns - c < CK_SECTION ? p->columns - c : CK_SECTION;
            section w;
            round_section(p->weights + r * p->row_bytes + 2 * c, columns, load, &w);
            for (size_t a = 0; a < p->count; a++) {
                float *result = p->output + a * p->output_stride + r;
                const uint8_t *row = p->activations + a * p->activation_bytes;
                float sum = multiply_section(&w, (const ck_activation_section *)row + c / CK_SECTION, columns);
                *result = fmaf(sum, w.unit, c == 0 ? 0 : *result);
            }
        }
}

void ck_scalar_multiply_f16(const ck_product *p, size_t first, size_t end, void *scratch) {
    (void)scratch;
    multiply(p, first, end, ck_half_to_float);
}

void ck_scalar_multiply_bf16(const ck_product *p, size_t first, size_t end, void *scratch) {
    (void)scratch;
    multiply(p, first, end, ck_bfloat_to_float);
}
