// Q4_K, Q5_K, Q6_K.
#include "CKernels/level.h"
#if defined(CK_X86)
#include "many.h"
#include "super.h"

#pragma STDC FP_CONTRACT OFF

CK_TARGET_AVX512_BEGIN

// Sixteen rows of a super-block.
typedef struct {
    __m512i quants[64];  // [group of four columns][row][4], unsigned
    __m512i scales[8];   // [pair of sub-blocks][row][2] as 16-bit; Q4_K and Q5_K have four of them
    __m512i minima[4];   // [pair of sub-blocks][row][2] as 16-bit; Q6_K has none
    __m512 scale, minimum_scale;
} panel_super;
_Static_assert(CK_MANY_PANELS * sizeof(panel_super) <= CK_PANEL_BYTES, "room");

enum { TILE_COUNT = 8 };  // activation rows of a tile: totals, sums of two sub-blocks

CK_INLINE void unpack_head(const uint8_t *const rows[16], size_t offset, panel_super *panel) {
    ck_head head;
    ck_unpack_head(rows, offset, &head);
    panel->scale = head.scale;
    panel->minimum_scale = head.minimum_scale;
    CK_UNROLL for (int j = 0; j < 4; j++) {
        panel->scales[j] = _mm512_or_si512(head.scales[2 * j], _mm512_slli_epi32(head.scales[2 * j + 1], 16));
        panel->minima[j] = head.minima[j];
    }
}

CK_INLINE void unpack_q4_k(const uint8_t *const rows[16], size_t offset, panel_super *panel) {
    const __m512i four = _mm512_set1_epi8(15);
    unpack_head(rows, offset, panel);
    CK_UNROLL for (int half = 0; half < 2; half++) {
        __m512i packed[16];
        ck_transpose_64_bytes(rows, offset + offsetof(ck_q4_k, quants) + 64 * (size_t)half, packed);
        __m512i *quants = panel->quants + 32 * half;
        CK_UNROLL for (int g = 0; g < 2; g++)
            CK_UNROLL for (int k = 0; k < 8; k++) {
                quants[16 * g + k] = _mm512_and_si512(packed[8 * g + k], four);
                quants[16 * g + 8 + k] = _mm512_and_si512(_mm512_srli_epi32(packed[8 * g + k], 4), four);
            }
    }
}

CK_INLINE void unpack_q5_k(const uint8_t *const rows[16], size_t offset, panel_super *panel) {
    const __m512i four = _mm512_set1_epi8(15), fifth = _mm512_set1_epi8(16);
    unpack_head(rows, offset, panel);
    __m512i high[8];
    ck_transpose_32_bytes(rows, offset + offsetof(ck_q5_k, high), high);
    CK_UNROLL for (int half = 0; half < 2; half++) {
        __m512i packed[16];
        ck_transpose_64_bytes(rows, offset + offsetof(ck_q5_k, quants) + 64 * (size_t)half, packed);
        CK_UNROLL for (int g = 0; g < 2; g++)
            CK_UNROLL for (int k = 0; k < 8; k++) {
                int j = 4 * half + 2 * g;  // the sub-block of the low halves, and the bit of `high` that is its fifth
                __m512i h = high[k];
                __m512i even = j < 4 ? _mm512_slli_epi32(h, (unsigned)(4 - j)) : _mm512_srli_epi32(h, (unsigned)(j - 4));
                __m512i odd = j < 3 ? _mm512_slli_epi32(h, (unsigned)(3 - j)) : _mm512_srli_epi32(h, (unsigned)(j - 3));
                __m512i low = packed[8 * g + k];
                panel->quants[8 * j + k] =
                    _mm512_or_si512(_mm512_and_si512(low, four), _mm512_and_si512(even, fifth));
                panel->quants[8 * j + 8 + k] = _mm512_or_si512(_mm512_and_si512(_mm512_srli_epi32(low, 4), four),
                                                               _mm512_and_si512(odd, fifth));
            }
    }
}

CK_INLINE void unpack_q6_k(const uint8_t *const rows[16], size_t offset, panel_super *panel) {
    const __m512i four = _mm512_set1_epi8(15), top = _mm512_set1_epi8(48);
    panel->scale = ck_gather_halves(rows, offset + offsetof(ck_q6_k, scale));
    __m512i packed_scales[4];
    ck_transpose_16_bytes(rows, offset + offsetof(ck_q6_k, scales), packed_scales);
    CK_UNROLL for (int j = 0; j < 8; j++) {
        __m512i two = j % 2 ? packed_scales[j / 2] : _mm512_slli_epi32(packed_scales[j / 2], 16);  // on top
        __m512i low = _mm512_srai_epi16(_mm512_slli_epi32(two, 8), 8);
        __m512i high = _mm512_srai_epi16(two, 8);
        panel->scales[j] = _mm512_mask_blend_epi16(0xaaaaaaaa, _mm512_srli_epi32(low, 16), high);
    }
    CK_UNROLL for (int half = 0; half < 2; half++) {
        __m512i low[16], high[8];
        ck_transpose_64_bytes(rows, offset + offsetof(ck_q6_k, low) + 64 * (size_t)half, low);
        ck_transpose_32_bytes(rows, offset + offsetof(ck_q6_k, high) + 32 * (size_t)half, high);
        __m512i *quants = panel->quants + 32 * half;
        CK_UNROLL for (int k = 0; k < 8; k++) {
            __m512i h = high[k], a = low[k], b = low[8 + k];
            quants[k] = _mm512_or_si512(_mm512_and_si512(a, four), _mm512_and_si512(_mm512_slli_epi32(h, 4), top));
            quants[8 + k] = _mm512_or_si512(_mm512_and_si512(b, four), _mm512_and_si512(_mm512_slli_epi32(h, 2), top));
            quants[16 + k] = _mm512_or_si512(_mm512_and_si512(_mm512_srli_epi32(a, 4), four), _mm512_and_si512(h, top));
            quants[24 + k] = _mm512_or_si512(_mm512_and_si512(_mm512_srli_epi32(b, 4), four),
                                             _mm512_and_si512(_mm512_srli_epi32(h, 2), top));
        }
    }
}

CK_INLINE void unpack(ck_weight_type type, const uint8_t *const rows[16], size_t offset, size_t blocks, void *panel) {
    (void)blocks;  // one
    switch (type) {
    case CK_Q4_K: unpack_q4_k(rows, offset, panel); break;
    case CK_Q5_K: unpack_q5_k(rows, offset, panel); break;
    default: unpack_q6_k(rows, offset, panel); break;
    }
}

// Adds a super-block of sixteen weight rows to the results: scales `total`, the sum over its sub-blocks.
CK_INLINE void finish(const panel_super *w, __m512i total, const ck_activation_super *a, const ck_results *results,
                      int c, bool minima) {
    __m512 t = _mm512_cvtepi32_ps(total);
    if (minima) {
        __m512i sum = _mm512_setzero_si512();
        CK_UNROLL for (int j = 0; j < 4; j++)
            sum = _mm512_dpwssd_epi32(sum, w->minima[j], ck_broadcast(a->sums + 2 * j));
        t = _mm512_fmsub_ps(w->scale, t, _mm512_mul_ps(w->minimum_scale, _mm512_cvtepi32_ps(sum)));
    } else {
        t = _mm512_mul_ps(w->scale, t);
    }
    __m512 result = ck_results_load(results, c);
    ck_results_store(results, c, _mm512_fmadd_ps(t, _mm512_set1_ps(a->scale), result));
}

// A tile whose sub-blocks' sums do not all fit 16 bits.
__attribute__((noinline, cold)) static void wide_tile(const panel_super *w, const uint8_t *activations,
                                                      size_t stride, const ck_results *results, int count, int pairs,
                                                      bool minima) {
    const int steps = 32 / pairs;
    CK_ROLLED for (int c = 0; c < count; c++) {
        const ck_activation_super *a = (const ck_activation_super *)(activations + (size_t)c * stride);
        __m512i total = _mm512_setzero_si512();
        CK_ROLLED for (int j = 0; j < 2 * pairs; j++) {
            __m512i sum = minima ? _mm512_setzero_si512() : ck_broadcast(a->minus_32_sums + j);
            CK_ROLLED for (int k = steps * j; k < steps * (j + 1); k++)
                sum = _mm512_dpbusd_epi32(sum, w->quants[k], ck_broadcast(a->quants + 4 * k));
            __m512i scale = j % 2 ? w->scales[j / 2] : _mm512_slli_epi32(w->scales[j / 2], 16);
            total = _mm512_add_epi32(total, _mm512_mullo_epi32(sum, _mm512_srai_epi32(scale, 16)));
        }
        finish(w, total, a, results, c, minima);
    }
}

// Sixteen weight rows × COUNT activation rows × one super-block. A sub-block's sum almost always fits 16 bits, although
// its bounds are up to four times as wide: so two of them are put side by side, and one multiplication of pairs scales
// both. `wide` gathers what does not fit; then all is computed again, with 32 bits.
CK_INLINE void tile(ck_weight_type type, const void *panel, size_t blocks, const uint8_t *activations, size_t stride,
                    const ck_results *results, int count) {
    (void)blocks;  // one
    const panel_super *w = panel;
    const bool offset = type == CK_Q6_K, minima = !offset;
    const int pairs = offset ? 8 : 4, steps = 32 / pairs;  // steps: of four columns in a sub-block
    // Sixteen steps of one activation row at a time spread the instructions that follow them; Q6_K's eight are too few.
    const int group = offset ? TILE_COUNT : 1;
    const __m512i bias = _mm512_set1_epi32(0x8000), both = _mm512_set1_epi32((int)0x80008000);
    __m512i totals[TILE_COUNT], wide = _mm512_setzero_si512();
    CK_UNROLL for (int c = 0; c < count; c++) totals[c] = _mm512_setzero_si512();
    CK_ROLLED for (int j = 0; j < pairs; j++) {
        CK_UNROLL for (int c = 0; c < count; c += group) {
            const int n = count - c < group ? count - c : group;
            __m512i sums[2][TILE_COUNT];
            CK_UNROLL for (int s = 0; s < 2; s++) {
                CK_UNROLL for (int i = 0; i < n; i++) {
                    const void *a = activations + (size_t)(c + i) * stride;
                    const int32_t *offsets = ((const ck_activation_super *)a)->minus_32_sums + 2 * j + s;
                    sums[s][i] = offset ? _mm512_add_epi32(bias, ck_broadcast(offsets)) : bias;
                }
                CK_UNROLL for (int k = 0; k < steps; k++) {
                    int step = steps * (2 * j + s) + k;
                    CK_UNROLL for (int i = 0; i < n; i++) {
                        const uint8_t *a = activations + (size_t)(c + i) * stride + 4 * step;
                        sums[s][i] = _mm512_dpbusd_epi32(sums[s][i], w->quants[step], ck_broadcast(a));
                    }
                }
            }
            CK_UNROLL for (int i = 0; i < n; i++) {
                wide = _mm512_or_si512(wide, _mm512_or_si512(sums[0][i], sums[1][i]));
                __m512i pair = _mm512_or_si512(sums[0][i], _mm512_slli_epi32(sums[1][i], 16));
                totals[c + i] = _mm512_dpwssd_epi32(totals[c + i], _mm512_xor_si512(pair, both), w->scales[j]);
            }
        }
    }
    if (__builtin_expect(_mm512_test_epi32_mask(wide, _mm512_set1_epi32((int)0xffff0000)) != 0, false)) {
        wide_tile(w, activations, stride, results, count, pairs, minima);
        return;
    }
    CK_UNROLL for (int c = 0; c < count; c++)
        finish(w, totals[c], (const ck_activation_super *)(activations + (size_t)c * stride), results, c, minima);
}

#include "many_body.h"

#define MULTIPLY(name, type)                                                                              \
    void ck_avx512_multiply_##name(const ck_product *p, size_t first, size_t end, void *scratch) {        \
        const ck_sizes sizes = {CK_SUPER_BLOCK, sizeof(ck_##name), sizeof(ck_activation_super),        \
                                   sizeof(panel_super), 1, TILE_COUNT};                                   \
        if (p->count <= CK_FEW)                                                                           \
            ck_avx512_few_##name(p, first, end, scratch);                                                 \
        else                                                                                              \
            many(p, first, end, scratch, type, sizes);                                                    \
    }

MULTIPLY(q4_k, CK_Q4_K)
MULTIPLY(q5_k, CK_Q5_K)
MULTIPLY(q6_k, CK_Q6_K)

CK_TARGET_END
#endif
