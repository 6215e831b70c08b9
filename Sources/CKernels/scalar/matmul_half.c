#include "../rounding.h"
#include "../section.h"
#include "CKernels/quants.h"
#include "matmul.h"

#pragma STDC FP_CONTRACT OFF

// F16 and BF16, the specification. Columns are cut in sections of 1,024 and these in slices of 512. Lane l of sixteen
// owns the columns c with c / 2 mod 16 = l.
//
// 1. Activations are integers with a scale for each lane and slice: scalar/quantize_slice.c.
// 2. A section of a weight row becomes integers by one power of two: section.h.
// 3. Products of integers are summed exactly in each lane of a slice. The sums of all slices of a section, each times
//    its activation scale, are added in order by fused multiply-adds; then halves of the lanes are added onto halves.
// 4. result = fma(that, the section's power of two, result), section after section.
//
// A product is off by the rounding of its activation, half of 1/2,047th of the mean magnitude in the lane (or of
// 1/32,767th of the largest, if that is more), and by the rounding of small weights.

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
static float total(float sums[CK_LANES_OF_SLICE]) {
    for (int width = CK_LANES_OF_SLICE / 2; width > 0; width /= 2)
        for (int i = 0; i < width; i++) sums[i] += sums[i + width];
    return sums[0];
}

static float multiply_section(const section *w, const ck_activation_slice *a, size_t columns) {
    float sums[CK_LANES_OF_SLICE] = {0};
    for (size_t first = 0; first < columns; first += CK_SLICE, a++) {
        int32_t lanes[CK_LANES_OF_SLICE] = {0};
        for (size_t c = 0; c < CK_SLICE && first + c < columns; c++)
            lanes[c / 2 % CK_LANES_OF_SLICE] += w->integers[first + c] * a->integers[c];
        for (int l = 0; l < CK_LANES_OF_SLICE; l++) sums[l] = fmaf((float)lanes[l], a->scales[l], sums[l]);
    }
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
                float sum = multiply_section(&w, (const ck_activation_slice *)row + c / CK_SLICE, columns);
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
