// Matrix products of activations with weights that stay in their file's layout.
#ifndef CKERNELS_MATMUL_H
#define CKERNELS_MATMUL_H
#include <stddef.h>
#include <stdint.h>
#include "CKernels/level.h"
#include "CKernels/quants.h"

// output[a * output_stride + row] = Σ over columns of activations[a] · weights[row].
//
// Every kernel of every level gives the same bits for a pair (activation row, weight row), whatever `count` is and
// wherever a range of rows is cut:
// - integer types: exact integer sums per block (32 or 256 columns), blocks in order, one fused multiply-add per block
//   (K types with minima: a second one): scalar/matmul.c;
// - F32: sixteen partial sums, column c into sum c mod 16 in order by fused multiply-adds, then halves added onto halves
//   (8, 4, 2, 1);
// - F16, BF16: products of 16-bit integers with exact sums in sixteen lanes: scalar/matmul_half.c.
typedef struct ck_product {
    const uint8_t *weights;     // row 0; any alignment
    size_t row_bytes;           // from one weight row to the next
    size_t rows;                // weight rows
    size_t columns;             // multiple of the type's block
    const uint8_t *activations; // `count` rows in the weight type's activation type; 4-byte aligned at least
    size_t activation_bytes;    // from one activation row to the next
    size_t count;               // activation rows
    float *output;
    size_t output_stride;       // in floats, from one activation row's results to the next
    const void *then;           // what the calling thread reads after the rows of a call, a hint; NULL: nobody knows
} ck_product;

// Computes weight rows `first ..< end` for all activation rows. `scratch`: CK_SCRATCH_BYTES, 64-byte aligned, one per
// thread.
typedef void ck_multiply_function(const ck_product *product, size_t first, size_t end, void *scratch);

// Quantises `columns` floats into an activation type. What shares a scale becomes exact zeros if all of it is below
// 2^-100; with a NaN or an infinity among it the scale is NaN, so that it shows in every result that depends on it.
typedef void ck_quantize_function(const float *values, size_t columns, void *out);

// One weight row as floats, exactly as the format defines them.
typedef void ck_dequantize_function(const void *row, size_t columns, float *out);

enum { CK_SCRATCH_BYTES = 256 * 1024 };

typedef struct ck_matmul_kernels {
    ck_level level;
    ck_multiply_function *multiply[CK_WEIGHT_TYPES];
    ck_quantize_function *quantize_block;    // into ck_activation_block
    ck_quantize_function *quantize_super;    // into ck_activation_super
    ck_quantize_function *quantize_section;  // into ck_activation_section
} ck_matmul_kernels;

// The table of a level, or NULL where this build has none (another architecture).
const ck_matmul_kernels *ck_matmul_kernels_for(ck_level level);

// Facts about the types.
size_t ck_block_elements(ck_weight_type type);
size_t ck_block_bytes(ck_weight_type type);
ck_activation_type ck_activation_for(ck_weight_type type);
size_t ck_activation_bytes(ck_activation_type type, size_t columns);  // from one row to the next

void ck_dequantize_row(ck_weight_type type, const void *row, size_t columns, float *out);

// Call through a table: arrays of functions do not import into Swift.
static inline void ck_multiply(const ck_matmul_kernels *table, ck_weight_type type, const ck_product *product,
                               size_t first, size_t end, void *scratch) {
    table->multiply[type](product, first, end, scratch);
}

void ck_quantize(const ck_matmul_kernels *table, ck_activation_type type, const float *values, size_t columns,
                 void *out);

#endif
