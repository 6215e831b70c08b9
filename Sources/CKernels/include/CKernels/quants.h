// Weight types as GGUF stores them, and the types that activations are quantised to.
// The layouts as facts: docs/formats/quantisation.md.
#ifndef CKERNELS_QUANTS_H
#define CKERNELS_QUANTS_H
#include <stddef.h>
#include <stdint.h>

typedef enum ck_weight_type : int32_t {
    CK_F32 = 0,
    CK_F16 = 1,
    CK_BF16 = 2,
    CK_Q8_0 = 3,
    CK_Q4_0 = 4,
    CK_Q4_K = 5,
    CK_Q5_K = 6,
    CK_Q6_K = 7,
    CK_WEIGHT_TYPES = 8,
} ck_weight_type;

enum {
    CK_BLOCK = 32,         // elements of a Q8_0 or Q4_0 block
    CK_SUPER_BLOCK = 256,  // elements of a K-type block
    CK_SECTION_LANES = 16,
    CK_STEP = 2 * CK_SECTION_LANES,  // columns of which every lane owns a pair
    CK_STEPS = 2 * CK_STEP,          // columns of which every lane owns two pairs, which may be multiplied crosswise
    CK_SECTION = 16 * CK_STEPS,      // columns whose weights share a power of two, and activations their lanes' scales
};

// What a matrix of a weight type is multiplied with.
typedef enum ck_activation_type : int32_t {
    CK_ACTIVATION_F32 = 0,          // for F32: the floats as they are
    CK_ACTIVATION_Q8_BLOCK = 1,     // for Q8_0, Q4_0: `ck_activation_block`s of 32
    CK_ACTIVATION_Q8_SUPER = 2,     // for K types: `ck_activation_super`s of 256
    CK_ACTIVATION_I16_SECTION = 3,  // for F16, BF16: `ck_activation_section`s of 1,024, the last one may be cut short
    CK_ACTIVATION_TYPES = 4,
} ck_activation_type;

// Half precision is kept as its 16 bits; blocks lie at any address, so every field is an array of bytes or 2-byte
// values read through packed structures.
typedef struct __attribute__((packed)) {
    uint16_t scale;
    int8_t quants[32];
} ck_q8_0;

typedef struct __attribute__((packed)) {
    uint16_t scale;
    uint8_t quants[16];  // element i: low half of byte i, element i + 16: its high half
} ck_q4_0;

typedef struct __attribute__((packed)) {
    uint16_t scale;
    uint16_t minimum_scale;
    uint8_t scales[12];   // eight 6-bit scales and eight 6-bit minima
    uint8_t quants[128];  // 4 groups of 32 bytes: low halves sub-block 2g, high halves sub-block 2g + 1
} ck_q4_k;

typedef struct __attribute__((packed)) {
    uint16_t scale;
    uint16_t minimum_scale;
    uint8_t scales[12];
    uint8_t high[32];     // bit j of byte i: fifth bit of element i of sub-block j
    uint8_t quants[128];
} ck_q5_k;

typedef struct __attribute__((packed)) {
    uint8_t low[128];    // low four bits
    uint8_t high[64];    // high two bits
    int8_t scales[16];   // per 16 elements
    uint16_t scale;
} ck_q6_k;

// 32 activations: x[i] ≈ scale * quants[i], quants in -127…127.
typedef struct {
    int8_t quants[32];
    float scale;
    int32_t minus_128_sum;  // -128 Σ quants: what weights stored with an offset of 128 have too much
    int32_t minus_8_sum;    // -8 Σ quants: the same for nibbles with an offset of 8
    int32_t padding;
} ck_activation_block;

// 256 activations with one scale.
typedef struct {
    int8_t quants[256];
    int32_t minus_32_sums[16];  // per 16 elements: -32 Σ quants, for 6-bit weights with an offset of 32
    int16_t sums[8];            // per 32 elements: Σ quants, for the minima
    float scale;
    int32_t largest_16;         // the largest Σ |quants| of 16 elements
    int32_t largest_32;         // the largest |Σ quants of one sign| of 32 elements
    int32_t padding;
} ck_activation_super;

// 1,024 activations: x[i] ≈ scales[l] * integers[i], where l = i / 2 % 16 is the lane that owns column i. The last
// section of a row holds whole pairs of steps, 64 columns, zeros behind the row's own.
//
// Σ |integers| of a lane is 131,040 at most: with weights within ±16,384 no sum of products leaves an int32. Integers
// lie within ±16,383, so that a weight and an activation add up to 16 bits.
typedef struct {
    float scales[CK_SECTION_LANES];
    int32_t minus_products[CK_SECTION_LANES];  // -Σ integers[c] * integers[c + 32], c of even steps
    int16_t integers[CK_SECTION];
} ck_activation_section;

#endif
