// Q8_0 and Q4_0 with one activation row.
#include "CKernels/level.h"
#if defined(CK_X86)
#include "matmul.h"
#include "rows.h"

#pragma STDC FP_CONTRACT OFF

CK_TARGET_AVX512_BEGIN

CK_INLINE __m256i load_32(const uint8_t *bytes) {
    return _mm256_loadu_si256((const __m256i *)bytes);
}

// The activations of up to CK_ROWS_BLOCKS blocks, each of their fields by itself.
typedef struct {
    uint8_t quants[CK_ROWS_COLUMNS];  // in the order that the weights want
    int32_t offsets[CK_ROWS_BLOCKS];  // what takes the weights' offset away
    float scales[CK_ROWS_BLOCKS];
} blocks_of_row;

CK_INLINE void keep_eight(float *terms, __m256i sums, const int32_t *offsets, __m128i scales) {
    sums = _mm256_add_epi32(sums, _mm256_loadu_si256((const __m256i *)offsets));
    _mm256_storeu_ps(terms, _mm256_mul_ps(_mm256_cvtph_ps(scales), _mm256_cvtepi32_ps(sums)));
}

// The scales of eight blocks of Q8_0. Put together in general registers: small stores with a wide load behind them would
// stall.
CK_INLINE __m128i scales_of_q8_0(const uint8_t *block) {
    uint64_t bits[2] = {0};
    CK_UNROLL for (size_t i = 0; i < 8; i++) {
        uint16_t half;
        memcpy(&half, block + i * sizeof(ck_q8_0), sizeof half);
        bits[i / 4] |= (uint64_t)half << 16 * (i % 4);
    }
    return _mm_set_epi64x((int64_t)bits[1], (int64_t)bits[0]);
}

// Eight blocks of Q8_0, two in a register.
CK_INLINE void keep_q8_0_blocks(float *terms, const uint8_t *block, const blocks_of_row *x, size_t b) {
    const uint8_t *quants = block + offsetof(ck_q8_0, quants), *a = x->quants + CK_BLOCK * b;
    __m512i parts[4];
    CK_UNROLL for (size_t i = 0; i < 4; i++, quants += 2 * sizeof(ck_q8_0), a += 64) {
        __m512i w = _mm512_inserti64x4(_mm512_castsi256_si512(load_32(quants)), load_32(quants + sizeof(ck_q8_0)), 1);
        w = _mm512_xor_si512(w, _mm512_set1_epi8(-128));
        parts[i] = _mm512_dpbusd_epi32(_mm512_setzero_si512(), w, _mm512_load_si512(a));
    }
    __m512i lanes = ck_sums_of_lanes(parts);
    // A block fills two lanes: half of the sums of 0 2 4 6, the other half; then of 1 3 5 7.
    const __m256i turned = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7);
    __m256i low = _mm512_castsi512_si256(lanes), high = _mm512_extracti64x4_epi64(lanes, 1);
    __m256i sums = _mm256_add_epi32(_mm256_permute2x128_si256(low, high, 0x20),
                                    _mm256_permute2x128_si256(low, high, 0x31));
    keep_eight(terms, _mm256_permutevar8x32_epi32(sums, turned), x->offsets + b, scales_of_q8_0(block));
}

// The 16-bit words, of the 36 that four blocks of Q4_0 have, with their quants: block after block. From 32 on they are
// those of a second register, four words behind the first.
static const int16_t q4_0_quants[32] = {1,  2,  3,  4,  5,  6,  7,  8,  10, 11, 12, 13, 14, 15, 16, 17,
                                        19, 20, 21, 22, 23, 24, 25, 26, 28, 29, 30, 31, 60, 61, 62, 63};
// The words with the scales of eight blocks, in the first registers of four each.
static const int16_t q4_0_scales[32] = {0, 9, 18, 27, 32, 41, 50, 59};

// Sixteen blocks of Q4_0, four in a register: `a` has the activations of their low halves, then of the high ones.
CK_INLINE void keep_q4_0_blocks(float *terms, const uint8_t *block, const blocks_of_row *x, size_t b) {
    const __m512i four = _mm512_set1_epi8(15), words = _mm512_loadu_si512(q4_0_quants);
    const __m512i scale_words = _mm512_loadu_si512(q4_0_scales);
    const uint8_t *a = x->quants + CK_BLOCK * b;
    __m512i first[4], parts[4];
    CK_UNROLL for (size_t i = 0; i < 4; i++, block += 4 * sizeof(ck_q4_0), a += 128) {
        first[i] = _mm512_loadu_si512(block);
        __m512i w = _mm512_permutex2var_epi16(first[i], words, _mm512_loadu_si512(block + 8));
        __m512i sums = _mm512_setzero_si512();
        sums = _mm512_dpbusd_epi32(sums, _mm512_and_si512(w, four), _mm512_load_si512(a));
        w = _mm512_and_si512(_mm512_srli_epi16(w, 4), four);
        parts[i] = _mm512_dpbusd_epi32(sums, w, _mm512_load_si512(a + 64));
    }
    const __m512i turned = _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
    __m512i sums = _mm512_permutexvar_epi32(turned, ck_sums_of_lanes(parts));
    const __m256i halves[2] = {_mm512_castsi512_si256(sums), _mm512_extracti64x4_epi64(sums, 1)};
    CK_UNROLL for (size_t i = 0; i < 2; i++) {
        __m512i scales = _mm512_permutex2var_epi16(first[2 * i], scale_words, first[2 * i + 1]);
        keep_eight(terms + 8 * i, halves[i], x->offsets + b + 8 * i, _mm512_castsi512_si128(scales));
    }
}

#define KEEP(name, step)                                                                                             \
    CK_INLINE void keep_##name(ck_row_sums *kept, size_t r, const uint8_t *row, const uint8_t *activations,          \
                               const uint8_t *ordered, size_t blocks, const uint8_t *end) {                          \
        (void)activations;                                                                                           \
        const blocks_of_row *x = (const blocks_of_row *)ordered;                                                     \
        size_t b = 0;                                                                                                \
        for (; b + step <= blocks; b += step, row += step * sizeof(ck_##name)) {                                     \
            ck_prefetch_row(row, step * sizeof(ck_##name), end);                                                     \
            keep_##name##_blocks(&kept->terms[r][b], row, x, b);                                                     \
        }                                                                                                            \
        if (b == blocks) return;                                                                                     \
        uint8_t last[step * sizeof(ck_##name)] = {0};                                                                \
        memcpy(last, row, (blocks - b) * sizeof(ck_##name));                                                         \
        keep_##name##_blocks(&kept->terms[r][b], last, x, b);                                                        \
    }

KEEP(q8_0, 8)
KEEP(q4_0, 16)

CK_INLINE __m128 add_blocks(const ck_row_sums *kept, const uint8_t *const rows[CK_ROWS], const uint8_t *activations,
                            const uint8_t *ordered, size_t blocks, __m128 results) {
    (void)rows, (void)activations;  // `ordered` has all
    const blocks_of_row *x = (const blocks_of_row *)ordered;
    for (size_t b = 0; b < blocks; b += 4) {
        __m128i terms[4];
        ck_turn((const int32_t *)&kept->terms[0][b], CK_ROWS_BLOCKS, terms);
        CK_UNROLL for (size_t i = 0; i < 4; i++) {
            if (b + i >= blocks) break;
            results = _mm_fmadd_ps(_mm_castsi128_ps(terms[i]), _mm_set1_ps(x->scales[b + i]), results);
        }
    }
    return results;
}

CK_INLINE void order_q8_0(const uint8_t *activations, size_t blocks, uint8_t *ordered) {
    const ck_activation_block *from = (const ck_activation_block *)activations;
    blocks_of_row *x = (blocks_of_row *)ordered;
    for (size_t b = 0; b < blocks; b++) {
        memcpy(x->quants + b * CK_BLOCK, from[b].quants, CK_BLOCK);
        x->offsets[b] = from[b].minus_128_sum;
        x->scales[b] = from[b].scale;
    }
}

CK_INLINE void order_q4_0(const uint8_t *activations, size_t blocks, uint8_t *ordered) {
    const ck_activation_block *from = (const ck_activation_block *)activations;
    blocks_of_row *x = (blocks_of_row *)ordered;
    for (size_t b = 0; b < blocks; b++) {
        uint8_t *to = x->quants + b / 4 * 128 + b % 4 * 16;
        memcpy(to, from[b].quants, 16);
        memcpy(to + 64, from[b].quants + 16, 16);
        x->offsets[b] = from[b].minus_8_sum;
        x->scales[b] = from[b].scale;
    }
}

#define ROWS(name)                                                                                                   \
    void ck_avx512_rows_##name(const ck_product *p, size_t first, size_t end, void *scratch) {                       \
        ck_each_row(p, first, end, scratch, CK_BLOCK, sizeof(ck_##name), sizeof(ck_activation_block), order_##name,  \
                    keep_##name, add_blocks);                                                                        \
    }

ROWS(q8_0)
ROWS(q4_0)

CK_TARGET_END
#endif
