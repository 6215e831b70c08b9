// Q4_K, Q5_K, Q6_K.
#include "CKernels/level.h"
#if defined(CK_X86)
#include "head.h"
#include "panels.h"

#pragma STDC FP_CONTRACT OFF

CK_TARGET_AVX2_BEGIN

// A super-block of eight rows.
typedef struct {
    __m256i quants[64];  // [group of four columns][row][4], unsigned
    __m256i scales[16];  // [sub-block][row][2]: the scale twice, as 16-bit; Q4_K and Q5_K have eight
    __m256i pairs[8];    // Q6_K: [pair of sub-blocks][row][2]: their scales
    ck_head head;        // Q6_K: its scale only
} panel_super;

CK_INLINE void head_4_or_5(const uint8_t *const rows[8], size_t offset, panel_super *out) {
    ck_unpack_head(rows, offset, &out->head);
    CK_UNROLL for (int j = 0; j < 8; j++) out->scales[j] = ck_bytes_of(out->head.scales[j / 4], j % 4, j % 4);
}

// The signs of bytes that stand in 16-bit lanes.
CK_INLINE __m256i with_sign(__m256i x) {
    return _mm256_srai_epi16(_mm256_slli_epi16(x, 8), 8);
}

CK_INLINE void head_6(const uint8_t *const rows[8], size_t offset, panel_super *out) {
    __m256i x[4];
    out->head.scale = ck_gather_halves(rows, offset + offsetof(ck_q6_k, scale));
    ck_transpose_16_bytes(rows, offset + offsetof(ck_q6_k, scales), x);
    CK_UNROLL for (int j = 0; j < 16; j++) out->scales[j] = with_sign(ck_bytes_of(x[j / 4], j % 4, j % 4));
    CK_UNROLL for (int j = 0; j < 8; j++) out->pairs[j] = with_sign(ck_bytes_of(x[j / 2], j % 2 * 2, j % 2 * 2 + 1));
}

// A quarter of a block's quants: sixteen groups of four columns. Q4_K, Q5_K: sub-blocks 2 · part and 2 · part + 1.
CK_INLINE void part_q4_k(const uint8_t *const rows[8], size_t offset, int part, __m256i out[16]) {
    const __m256i four = _mm256_set1_epi8(15);
    __m256i x[8];
    ck_transpose_32_bytes(rows, offset + offsetof(ck_q4_k, quants) + 32 * (size_t)part, x);
    CK_UNROLL for (int k = 0; k < 8; k++) {
        out[k] = _mm256_and_si256(x[k], four);
        out[8 + k] = _mm256_and_si256(_mm256_srli_epi16(x[k], 4), four);
    }
}

CK_INLINE void part_q5_k(const uint8_t *const rows[8], size_t offset, int part, __m256i out[16]) {
    const __m256i four = _mm256_set1_epi8(15), fifth = _mm256_set1_epi8(16);
    __m256i x[8], high[8];
    ck_transpose_32_bytes(rows, offset + offsetof(ck_q5_k, quants) + 32 * (size_t)part, x);
    ck_transpose_32_bytes(rows, offset + offsetof(ck_q5_k, high), high);
    CK_UNROLL for (int k = 0; k < 8; k++) {
        // Bits 2 · part and 2 · part + 1, moved to bit 4.
        __m256i a = part < 2 ? _mm256_slli_epi32(high[k], 4 - 2 * part) : _mm256_srli_epi32(high[k], 2 * part - 4);
        __m256i b = part < 2 ? _mm256_slli_epi32(high[k], 3 - 2 * part) : _mm256_srli_epi32(high[k], 2 * part - 3);
        out[k] = _mm256_or_si256(_mm256_and_si256(x[k], four), _mm256_and_si256(a, fifth));
        out[8 + k] = _mm256_or_si256(_mm256_and_si256(_mm256_srli_epi16(x[k], 4), four), _mm256_and_si256(b, fifth));
    }
}

// Sub-blocks f, f + 2, f + 4, f + 6 of sixteen columns each, f = 8 · (part / 2) + part % 2.
CK_INLINE void part_q6_k(const uint8_t *const rows[8], size_t offset, int part, __m256i out[16]) {
    const __m256i four = _mm256_set1_epi8(15), top = _mm256_set1_epi8(48);
    __m256i a[4], b[4], high[4];
    size_t low = offset + offsetof(ck_q6_k, low) + (size_t)(64 * (part / 2) + 16 * (part % 2));
    ck_transpose_16_bytes(rows, low, a);
    ck_transpose_16_bytes(rows, low + 32, b);
    ck_transpose_16_bytes(rows, offset + offsetof(ck_q6_k, high) + (size_t)(32 * (part / 2) + 16 * (part % 2)), high);
    CK_UNROLL for (int k = 0; k < 4; k++) {
        __m256i h = high[k];
        out[k] = _mm256_or_si256(_mm256_and_si256(a[k], four), _mm256_and_si256(_mm256_slli_epi32(h, 4), top));
        out[4 + k] = _mm256_or_si256(_mm256_and_si256(b[k], four), _mm256_and_si256(_mm256_slli_epi32(h, 2), top));
        out[8 + k] = _mm256_or_si256(_mm256_and_si256(_mm256_srli_epi16(a[k], 4), four), _mm256_and_si256(h, top));
        out[12 + k] = _mm256_or_si256(_mm256_and_si256(_mm256_srli_epi16(b[k], 4), four),
                                      _mm256_and_si256(_mm256_srli_epi32(h, 2), top));
    }
}

#define UNPACK(name, head)                                                                \
    CK_INLINE void unpack_##name(const uint8_t *const rows[8], size_t offset, void *panel) { \
        panel_super *out = panel;                                                         \
        head(rows, offset, out);                                                          \
        CK_UNROLL for (int part = 0; part < 4; part++)                                    \
            part_##name(rows, offset, part, out->quants + 16 * part);                     \
    }

UNPACK(q4_k, head_4_or_5)
UNPACK(q5_k, head_4_or_5)
UNPACK(q6_k, head_6)

// totals += scale · Σ quants · activations over `groups` groups. 16-bit sums hold `split` groups: 8 of nibbles (8 · 2 ·
// 15 · 127), 4 of five bits, 2 of six bits stay below 2^15.
CK_INLINE void dots(const __m256i *quants, int groups, int split, __m256i scale, const uint8_t *activations,
                    size_t stride, __m256i *totals, int count) {
    CK_UNROLL for (int s = 0; s < groups; s += split) {
        __m256i sums[CK_TILE_COUNT];
        CK_UNROLL for (int k = s; k < s + split; k++) {
            CK_UNROLL for (int c = 0; c < count; c++) {
                __m256i x = _mm256_maddubs_epi16(quants[k], ck_broadcast(activations + (size_t)c * stride + 4 * k));
                sums[c] = k == s ? x : _mm256_add_epi16(sums[c], x);
            }
            ck_in_order(sums, count);
        }
        CK_UNROLL for (int c = 0; c < count; c++)
            totals[c] = _mm256_add_epi32(totals[c], _mm256_madd_epi16(sums[c], scale));
    }
}

CK_INLINE void tile_4_or_5(const void *panel, size_t blocks, const uint8_t *a, size_t stride, __m256 *results,
                           int split, int count) {
    const panel_super *w = panel;
    CK_ROLLED for (size_t b = 0; b < blocks; b++, w++, a += sizeof(ck_activation_super)) {
        __m256i totals[CK_TILE_COUNT];
        CK_UNROLL for (int c = 0; c < count; c++) totals[c] = _mm256_setzero_si256();
        CK_ROLLED for (int j = 0; j < 8; j++)
            dots(w->quants + 8 * j, 8, split, w->scales[j], a + 32 * j, stride, totals, count);
        CK_UNROLL for (int c = 0; c < count; c++)
            results[c] = ck_finish_minima(&w->head, (const ck_activation_super *)(a + (size_t)c * stride), totals[c],
                                          results[c]);
    }
}

CK_INLINE void tile_q4_k(const void *panel, size_t blocks, const uint8_t *a, size_t stride, __m256 *results,
                         int count) {
    tile_4_or_5(panel, blocks, a, stride, results, 8, count);
}

CK_INLINE void tile_q5_k(const void *panel, size_t blocks, const uint8_t *a, size_t stride, __m256 *results,
                         int count) {
    tile_4_or_5(panel, blocks, a, stride, results, 4, count);
}

// What the offset of 32 has too much: -Σ scale · Σ activations, in steps of 32.
CK_INLINE __m256i offset_of(const panel_super *w, const ck_activation_super *a) {
    __m256i pairs = ck_minus_sums(a), sum = _mm256_setzero_si256();
    int32_t pair[8];
    _mm256_storeu_si256((__m256i *)pair, pairs);
    CK_UNROLL for (int j = 0; j < 8; j++)
        sum = _mm256_add_epi32(sum, _mm256_madd_epi16(w->pairs[j], _mm256_set1_epi32(pair[j])));
    return _mm256_slli_epi32(sum, 5);
}

CK_INLINE void tile_q6_k(const void *panel, size_t blocks, const uint8_t *a, size_t stride, __m256 *results,
                         int count) {
    const panel_super *w = panel;
    CK_ROLLED for (size_t b = 0; b < blocks; b++, w++, a += sizeof(ck_activation_super)) {
        __m256i totals[CK_TILE_COUNT];
        CK_UNROLL for (int c = 0; c < count; c++)
            totals[c] = offset_of(w, (const ck_activation_super *)(a + (size_t)c * stride));
        CK_ROLLED for (int part = 0; part < 4; part++) {
            CK_UNROLL for (int q = 0; q < 4; q++) {
                int j = 8 * (part / 2) + part % 2 + 2 * q;
                dots(w->quants + 16 * part + 4 * q, 4, 2, w->scales[j], a + 16 * j, stride, totals, count);
            }
        }
        CK_UNROLL for (int c = 0; c < count; c++) {
            __m256 t = _mm256_mul_ps(w->head.scale, _mm256_cvtepi32_ps(totals[c]));
            __m256 scale = _mm256_set1_ps(((const ck_activation_super *)(a + (size_t)c * stride))->scale);
            results[c] = _mm256_fmadd_ps(t, scale, results[c]);
        }
    }
}

enum { BLOCKS = 4 };
_Static_assert(BLOCKS * sizeof(panel_super) <= CK_SCRATCH_BYTES, "scratch");

#define MULTIPLY(name, block)                                                                                   \
    void ck_avx2_multiply_##name(const ck_product *p, size_t first, size_t end, void *scratch) {                \
        const ck_panel_shape shape = {.bytes = sizeof(block), .columns = CK_SUPER_BLOCK,                        \
                                      .activation_bytes = sizeof(ck_activation_super),                          \
                                      .unpacked_bytes = sizeof(panel_super), .blocks = BLOCKS, .tile = 4};      \
        if (p->count <= CK_FEW) return ck_avx2_rows_##name(p, first, end, scratch);                                    \
        ck_panels(p, first, end, scratch, shape, unpack_##name, tile_##name);                                   \
    }

MULTIPLY(q4_k, ck_q4_k)
MULTIPLY(q5_k, ck_q5_k)
MULTIPLY(q6_k, ck_q6_k)

CK_TARGET_END
#endif
