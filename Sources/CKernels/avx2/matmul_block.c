// Q8_0 and Q4_0.
#include "CKernels/level.h"
#if defined(CK_X86)
#include "panels.h"

#pragma STDC FP_CONTRACT OFF

CK_TARGET_AVX2_BEGIN

// One block of 32 columns and eight rows, nibbles: [group of four columns][row][4]. A Q8_0 quant, offset by 128, is two
// nibbles: products of whole bytes would fit 16 bits once and no sum of them.
typedef struct {
    __m256i low[8], high[8];
    __m256 scale;
} panel_q8_0;

typedef struct {
    __m256i quants[8];
    __m256 scale;
} panel_q4_0;

CK_INLINE void unpack_q8_0(const uint8_t *const rows[8], size_t offset, void *panel) {
    const __m256i four = _mm256_set1_epi8(15), offset_128 = _mm256_set1_epi8(-128);
    panel_q8_0 *out = panel;
    __m256i x[8];
    out->scale = ck_gather_halves(rows, offset);
    ck_transpose_32_bytes(rows, offset + offsetof(ck_q8_0, quants), x);
    CK_UNROLL for (int k = 0; k < 8; k++) {
        __m256i w = _mm256_xor_si256(x[k], offset_128);
        out->low[k] = _mm256_and_si256(w, four);
        out->high[k] = _mm256_and_si256(_mm256_srli_epi16(w, 4), four);
    }
}

CK_INLINE void unpack_q4_0(const uint8_t *const rows[8], size_t offset, void *panel) {
    const __m256i four = _mm256_set1_epi8(15);
    panel_q4_0 *out = panel;
    __m256i x[4];
    out->scale = ck_gather_halves(rows, offset);
    ck_transpose_16_bytes(rows, offset + offsetof(ck_q4_0, quants), x);
    CK_UNROLL for (int k = 0; k < 4; k++) {
        out->quants[k] = _mm256_and_si256(x[k], four);
        out->quants[4 + k] = _mm256_and_si256(_mm256_srli_epi16(x[k], 4), four);
    }
}

// result += weight scale · (sum + what the offset of the weights has too much) · activation scale.
CK_INLINE __m256 finish(__m256i sum, int32_t minus, __m256 scale, const ck_activation_block *a, __m256 result) {
    sum = _mm256_add_epi32(sum, _mm256_set1_epi32(minus));
    return _mm256_fmadd_ps(_mm256_mul_ps(scale, _mm256_cvtepi32_ps(sum)), _mm256_set1_ps(a->scale), result);
}

// Sums of all eight groups' nibbles fit 16 bits: 8 · 2 · 15 · 127 < 2^15.
CK_INLINE void tile_q8_0(const void *panel, size_t blocks, const uint8_t *a, size_t stride, __m256 *results,
                         int count) {
    const panel_q8_0 *w = panel;
    CK_ROLLED for (size_t b = 0; b < blocks; b++, w++, a += sizeof(ck_activation_block)) {
        __m256i low[CK_TILE_COUNT], high[CK_TILE_COUNT];
        CK_UNROLL for (int k = 0; k < 8; k++) {
            CK_UNROLL for (int c = 0; c < count; c++) {
                __m256i x = ck_broadcast(a + (size_t)c * stride + 4 * k);
                __m256i l = _mm256_maddubs_epi16(w->low[k], x), h = _mm256_maddubs_epi16(w->high[k], x);
                low[c] = k == 0 ? l : _mm256_add_epi16(low[c], l);
                high[c] = k == 0 ? h : _mm256_add_epi16(high[c], h);
            }
            ck_in_order(low, count);
            ck_in_order(high, count);
        }
        CK_UNROLL for (int c = 0; c < count; c++) {
            const ck_activation_block *block = (const ck_activation_block *)(a + (size_t)c * stride);
            __m256i sum = _mm256_add_epi32(_mm256_madd_epi16(low[c], _mm256_set1_epi16(1)),
                                           _mm256_madd_epi16(high[c], _mm256_set1_epi16(16)));
            results[c] = finish(sum, block->minus_128_sum, w->scale, block, results[c]);
        }
    }
}

CK_INLINE void tile_q4_0(const void *panel, size_t blocks, const uint8_t *a, size_t stride, __m256 *results,
                         int count) {
    const panel_q4_0 *w = panel;
    CK_ROLLED for (size_t b = 0; b < blocks; b++, w++, a += sizeof(ck_activation_block)) {
        __m256i sums[CK_TILE_COUNT];
        CK_UNROLL for (int k = 0; k < 8; k++) {
            CK_UNROLL for (int c = 0; c < count; c++) {
                __m256i x = _mm256_maddubs_epi16(w->quants[k], ck_broadcast(a + (size_t)c * stride + 4 * k));
                sums[c] = k == 0 ? x : _mm256_add_epi16(sums[c], x);
            }
            ck_in_order(sums, count);
        }
        CK_UNROLL for (int c = 0; c < count; c++) {
            const ck_activation_block *block = (const ck_activation_block *)(a + (size_t)c * stride);
            __m256i sum = _mm256_madd_epi16(sums[c], _mm256_set1_epi16(1));
            results[c] = finish(sum, block->minus_8_sum, w->scale, block, results[c]);
        }
    }
}

enum { Q8_0_BLOCKS = 16, Q4_0_BLOCKS = 32 };
_Static_assert(Q8_0_BLOCKS * sizeof(panel_q8_0) <= CK_SCRATCH_BYTES, "scratch");
_Static_assert(Q4_0_BLOCKS * sizeof(panel_q4_0) <= CK_SCRATCH_BYTES, "scratch");

void ck_avx2_multiply_q8_0(const ck_product *p, size_t first, size_t end, void *scratch) {
    const ck_panel_shape shape = {.bytes = sizeof(ck_q8_0), .columns = CK_BLOCK,
                                  .activation_bytes = sizeof(ck_activation_block),
                                  .unpacked_bytes = sizeof(panel_q8_0), .blocks = Q8_0_BLOCKS, .tile = 4};
    if (p->count <= CK_FEW) return ck_avx2_rows_q8_0(p, first, end, scratch);
    ck_panels(p, first, end, scratch, shape, unpack_q8_0, tile_q8_0);
}

void ck_avx2_multiply_q4_0(const ck_product *p, size_t first, size_t end, void *scratch) {
    const ck_panel_shape shape = {.bytes = sizeof(ck_q4_0), .columns = CK_BLOCK,
                                  .activation_bytes = sizeof(ck_activation_block),
                                  .unpacked_bytes = sizeof(panel_q4_0), .blocks = Q4_0_BLOCKS, .tile = 4};
    if (p->count <= CK_FEW) return ck_avx2_rows_q4_0(p, first, end, scratch);
    ck_panels(p, first, end, scratch, shape, unpack_q4_0, tile_q4_0);
}

CK_TARGET_END
#endif
