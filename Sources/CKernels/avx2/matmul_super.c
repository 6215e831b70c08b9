// Q4_K, Q5_K, Q6_K.
#include "CKernels/level.h"
#if defined(CK_X86)
#include "panel.h"

#pragma STDC FP_CONTRACT OFF

CK_TARGET_AVX2_BEGIN

// What a super-block of eight rows has besides its quants. Q6_K has 16 scales per row and no minima.
typedef struct {
    __m256i scales[16];  // [sub-block][row][2]: the scale twice, as 16-bit
    __m256i minima[4];   // [pair of sub-blocks][row][2]
    __m256 scale, minimum_scale;
} head;

typedef struct {
    __m256i quants[64];  // [group of four columns][row][4], unsigned
    head head;
} panel_super;

_Static_assert(CK_PANEL_COLUMNS / CK_SUPER_BLOCK * sizeof(panel_super) <= CK_SCRATCH_BYTES, "scratch");

// Bytes `a` and `b` of every 32-bit lane as two 16-bit numbers.
CK_INLINE __m256i bytes_of(__m256i x, int a, int b) {
    char p = (char)a, q = (char)b;
    __m128i pattern = _mm_setr_epi8(p, -1, q, -1, p + 4, -1, q + 4, -1, p + 8, -1, q + 8, -1, p + 12, -1, q + 12, -1);
    return _mm256_shuffle_epi8(x, _mm256_broadcastsi128_si256(pattern));
}

// The lower halves of eight 32-bit lanes, from half precision.
CK_INLINE __m256 halves_of(__m256i x) {
    __m256i low = _mm256_and_si256(x, _mm256_set1_epi32(0xffff));
    __m256i packed = _mm256_permute4x64_epi64(_mm256_packus_epi32(low, low), 0x08);
    return _mm256_cvtph_ps(_mm256_castsi256_si128(packed));
}

// The first 16 bytes of a Q4_K or Q5_K block: two halves, then twelve bytes of packed scales and minima (scales.h).
CK_INLINE void unpack_head(const uint8_t *const rows[8], size_t offset, head *out) {
    __m256i x[4];
    ck_transpose_16_bytes(rows, offset, x);
    out->scale = halves_of(x[0]);
    out->minimum_scale = halves_of(_mm256_srli_epi32(x[0], 16));
    const __m256i six = _mm256_set1_epi8(63), four = _mm256_set1_epi8(15), top = _mm256_set1_epi8(48);
    __m256i scales[2], minima[2];
    scales[0] = _mm256_and_si256(x[1], six);
    minima[0] = _mm256_and_si256(x[2], six);
    scales[1] = _mm256_or_si256(_mm256_and_si256(x[3], four), _mm256_and_si256(_mm256_srli_epi32(x[1], 2), top));
    minima[1] = _mm256_or_si256(_mm256_and_si256(_mm256_srli_epi32(x[3], 4), four),
                                _mm256_and_si256(_mm256_srli_epi32(x[2], 2), top));
    CK_UNROLL for (int j = 0; j < 8; j++) out->scales[j] = bytes_of(scales[j / 4], j % 4, j % 4);
    CK_UNROLL for (int j = 0; j < 4; j++) out->minima[j] = bytes_of(minima[j / 2], j % 2 * 2, j % 2 * 2 + 1);
}

CK_INLINE void head_q4_k(const uint8_t *const rows[8], size_t offset, head *out) {
    unpack_head(rows, offset, out);
}

CK_INLINE void head_q5_k(const uint8_t *const rows[8], size_t offset, head *out) {
    unpack_head(rows, offset, out);
}

CK_INLINE void head_q6_k(const uint8_t *const rows[8], size_t offset, head *out) {
    __m256i x[4];
    out->scale = ck_gather_halves(rows, offset + offsetof(ck_q6_k, scale));
    ck_transpose_16_bytes(rows, offset + offsetof(ck_q6_k, scales), x);
    CK_UNROLL for (int j = 0; j < 16; j++) {
        // The byte to the top of both halves of the lane, then down with its sign.
        __m256i twice = _mm256_slli_epi16(bytes_of(x[j / 4], j % 4, j % 4), 8);
        out->scales[j] = _mm256_srai_epi16(twice, 8);
    }
}

// A quarter of a block's quants: sixteen groups of four columns. Q4_K, Q5_K: sub-blocks 2 · part and 2 · part + 1.
CK_INLINE void part_q4_k(const uint8_t *const rows[8], size_t offset, int part, __m256i out[16]) {
    const __m256i four = _mm256_set1_epi8(15);
    __m256i x[8];
    ck_transpose_32_bytes(rows, offset + offsetof(ck_q4_k, quants) + 32 * (size_t)part, x);
    CK_UNROLL for (int k = 0; k < 8; k++) {
        out[k] = _mm256_and_si256(x[k], four);
        out[8 + k] = _mm256_and_si256(_mm256_srli_epi32(x[k], 4), four);
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
        out[8 + k] = _mm256_or_si256(_mm256_and_si256(_mm256_srli_epi32(x[k], 4), four), _mm256_and_si256(b, fifth));
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
        out[8 + k] = _mm256_or_si256(_mm256_and_si256(_mm256_srli_epi32(a[k], 4), four), _mm256_and_si256(h, top));
        out[12 + k] = _mm256_or_si256(_mm256_and_si256(_mm256_srli_epi32(b[k], 4), four),
                                      _mm256_and_si256(_mm256_srli_epi32(h, 2), top));
    }
}

// totals += scale · Σ quants · activations over `groups` groups. 16-bit sums hold `split` groups: 8 of nibbles (8 · 2 ·
// 15 · 127), 4 of five bits, 2 of six bits stay below 2^15.
CK_INLINE void dots(const __m256i *quants, int groups, int split, __m256i scale, const uint8_t *activations, size_t stride,
                    __m256i *totals, int count) {
    CK_UNROLL for (int s = 0; s < groups; s += split) {
        __m256i sums[CK_TILE_COUNT];
        CK_UNROLL for (int k = s; k < s + split; k++) {
            CK_UNROLL for (int c = 0; c < count; c++) {
                __m256i x = _mm256_maddubs_epi16(quants[k], ck_broadcast(activations + (size_t)c * stride + 4 * k));
                sums[c] = k == s ? x : _mm256_add_epi16(sums[c], x);
            }
        }
        CK_UNROLL for (int c = 0; c < count; c++)
            totals[c] = _mm256_add_epi32(totals[c], _mm256_madd_epi16(sums[c], scale));
    }
}

CK_INLINE void dots_q4_k(const __m256i quants[16], const head *h, int part, const uint8_t *a, size_t stride,
                         __m256i *totals, int count) {
    dots(quants, 8, 8, h->scales[2 * part], a + 64 * part, stride, totals, count);
    dots(quants + 8, 8, 8, h->scales[2 * part + 1], a + 64 * part + 32, stride, totals, count);
}

CK_INLINE void dots_q5_k(const __m256i quants[16], const head *h, int part, const uint8_t *a, size_t stride,
                         __m256i *totals, int count) {
    dots(quants, 8, 4, h->scales[2 * part], a + 64 * part, stride, totals, count);
    dots(quants + 8, 8, 4, h->scales[2 * part + 1], a + 64 * part + 32, stride, totals, count);
}

CK_INLINE void dots_q6_k(const __m256i quants[16], const head *h, int part, const uint8_t *a, size_t stride,
                         __m256i *totals, int count) {
    CK_UNROLL for (int q = 0; q < 4; q++) {
        int j = 8 * (part / 2) + part % 2 + 2 * q;
        dots(quants + 4 * q, 4, 2, h->scales[j], a + 16 * j, stride, totals, count);
        CK_UNROLL for (int c = 0; c < count; c++) {
            const ck_activation_super *x = (const ck_activation_super *)(a + (size_t)c * stride);
            // The lower 16 bits of the lane are the scale: multiply in 32 bits by the offset's sum.
            __m256i scale = _mm256_srai_epi32(h->scales[j], 16);
            totals[c] = _mm256_add_epi32(totals[c], _mm256_mullo_epi32(scale, ck_broadcast(x->minus_32_sums + j)));
        }
    }
}

// Adds a super-block's exact totals, scaled, to one activation row's results.
CK_INLINE __m256 finish(const head *h, const ck_activation_super *a, __m256i total, __m256 result, bool minima) {
    __m256 t;
    if (minima) {
        __m256i m = _mm256_madd_epi16(h->minima[0], ck_broadcast(a->sums));
        CK_UNROLL for (int j = 1; j < 4; j++)
            m = _mm256_add_epi32(m, _mm256_madd_epi16(h->minima[j], ck_broadcast(a->sums + 2 * j)));
        t = _mm256_mul_ps(h->minimum_scale, _mm256_cvtepi32_ps(m));
        t = _mm256_fmsub_ps(h->scale, _mm256_cvtepi32_ps(total), t);
    } else {
        t = _mm256_mul_ps(h->scale, _mm256_cvtepi32_ps(total));
    }
    return _mm256_fmadd_ps(t, _mm256_set1_ps(a->scale), result);
}

#define MULTIPLY(name, block, minima)                                                                              \
    /* Few activation rows: quants stay in registers. */                                                           \
    CK_INLINE void few_##name(const ck_product *p, size_t first, size_t end, int count) {                         \
        for (size_t row = first; row < end; row += CK_PANEL_ROWS) {                                               \
            const uint8_t *rows[8];                                                                               \
            ck_panel_rows(p, row, end, rows);                                                                     \
            __m256 results[CK_FEW];                                                                               \
            CK_UNROLL for (int c = 0; c < count; c++) results[c] = _mm256_setzero_ps();                           \
            const uint8_t *a = p->activations;                                                                    \
            uintptr_t next = ck_prefetch_next(p, row, CK_PANEL_ROWS);                                             \
            size_t blocks = p->columns / CK_SUPER_BLOCK;                                                          \
            CK_ROLLED for (size_t b = 0; b < blocks; b++, a += sizeof(ck_activation_super)) {                     \
                head h;                                                                                           \
                head_##name(rows, b * sizeof(block), &h);                                                         \
                __m256i totals[CK_FEW];                                                                           \
                CK_UNROLL for (int c = 0; c < count; c++) totals[c] = _mm256_setzero_si256();                     \
                CK_UNROLL for (int part = 0; part < 4; part++) {                                                  \
                    __m256i quants[16];                                                                           \
                    ck_prefetch(next, 8 * sizeof(block), part, 4);                                                \
                    part_##name(rows, b * sizeof(block), part, quants);                                           \
                    dots_##name(quants, &h, part, a, p->activation_bytes, totals, count);                         \
                }                                                                                                 \
                next += 8 * sizeof(block);                                                                        \
                CK_UNROLL for (int c = 0; c < count; c++)                                                         \
                    results[c] = finish(&h, (const ck_activation_super *)(a + (size_t)c * p->activation_bytes),   \
                                        totals[c], results[c], minima);                                           \
            }                                                                                                     \
            CK_UNROLL for (int c = 0; c < count; c++)                                                             \
                _mm256_maskstore_ps(p->output + (size_t)c * p->output_stride + row, ck_panel_mask(row, end),      \
                                    results[c]);                                                                  \
        }                                                                                                         \
    }                                                                                                             \
    CK_INLINE void tile_##name(const panel_super *panel, const uint8_t *a, size_t stride, float *out,             \
                               size_t output_stride, __m256i mask, bool start, int count) {                       \
        __m256i totals[CK_TILE_COUNT];                                                                            \
        CK_UNROLL for (int c = 0; c < count; c++) totals[c] = _mm256_setzero_si256();                             \
        CK_ROLLED for (int part = 0; part < 4; part++)                                                            \
            dots_##name(panel->quants + 16 * part, &panel->head, part, a, stride, totals, count);                 \
        CK_UNROLL for (int c = 0; c < count; c++) {                                                               \
            float *o = out + (size_t)c * output_stride;                                                           \
            __m256 result = start ? _mm256_setzero_ps() : _mm256_maskload_ps(o, mask);                            \
            result = finish(&panel->head, (const ck_activation_super *)(a + (size_t)c * stride), totals[c],       \
                            result, minima);                                                                      \
            _mm256_maskstore_ps(o, mask, result);                                                                 \
        }                                                                                                         \
    }                                                                                                             \
    void ck_avx2_multiply_##name(const ck_product *p, size_t first, size_t end, void *scratch) {                  \
        ck_prefetch_start(p, first, end, CK_PANEL_ROWS);                                                          \
        if (p->count == 1) return few_##name(p, first, end, 1);                                                   \
        if (p->count == 2) return few_##name(p, first, end, 2);                                                   \
        panel_super *panel = scratch;                                                                             \
        size_t tiles = (p->count + CK_TILE_COUNT - 1) / CK_TILE_COUNT;                                            \
        for (size_t row = first; row < end; row += CK_PANEL_ROWS) {                                               \
            const uint8_t *rows[8];                                                                               \
            ck_panel_rows(p, row, end, rows);                                                                     \
            __m256i mask = ck_panel_mask(row, end);                                                               \
            uintptr_t next = ck_prefetch_next(p, row, CK_PANEL_ROWS);                                             \
            for (size_t column = 0; column < p->columns; column += CK_PANEL_COLUMNS) {                            \
                size_t left = p->columns - column;                                                                \
                size_t blocks = (left < CK_PANEL_COLUMNS ? left : CK_PANEL_COLUMNS) / CK_SUPER_BLOCK;             \
                CK_ROLLED for (size_t b = 0; b < blocks; b++, next += 8 * sizeof(block)) {                        \
                    size_t offset = (column / CK_SUPER_BLOCK + b) * sizeof(block);                                \
                    ck_prefetch(next, 8 * sizeof(block), 0, 1);                                                   \
                    head_##name(rows, offset, &panel[b].head);                                                    \
                    CK_UNROLL for (int part = 0; part < 4; part++)                                                \
                        part_##name(rows, offset, part, panel[b].quants + 16 * part);                             \
                }                                                                                                 \
                for (size_t t = 0; t < tiles; t++) {                                                              \
                    size_t at = p->count * t / tiles, count = p->count * (t + 1) / tiles - at;                    \
                    const uint8_t *a = p->activations + at * p->activation_bytes +                                \
                                       column / CK_SUPER_BLOCK * sizeof(ck_activation_super);                     \
                    float *out = p->output + at * p->output_stride + row;                                         \
                    for (size_t b = 0; b < blocks; b++, a += sizeof(ck_activation_super)) {                       \
                        bool start = column == 0 && b == 0;                                                       \
                        if (count == 4)                                                                           \
                            tile_##name(panel + b, a, p->activation_bytes, out, p->output_stride, mask, start, 4); \
                        else if (count == 3)                                                                      \
                            tile_##name(panel + b, a, p->activation_bytes, out, p->output_stride, mask, start, 3); \
                        else                                                                                      \
                            tile_##name(panel + b, a, p->activation_bytes, out, p->output_stride, mask, start, 2); \
                    }                                                                                             \
                }                                                                                                 \
            }                                                                                                     \
        }                                                                                                         \
    }

MULTIPLY(q4_k, ck_q4_k, true)
MULTIPLY(q5_k, ck_q5_k, true)
MULTIPLY(q6_k, ck_q6_k, false)

CK_TARGET_END
#endif
