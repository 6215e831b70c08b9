// What the kernels of the K types share: heads and quants of super-blocks of sixteen rows, unpacked.
#ifndef CK_AVX512_SUPER_H
#define CK_AVX512_SUPER_H
#include "matmul.h"
#include "panel.h"

CK_TARGET_AVX512_BEGIN

enum { CK_MINIMA = 8 };  // where minima begin among factors

// Scales of sixteen rows.
typedef struct {
    // [pair of sub-blocks][row][2] as 16-bit: eight of scales for Q6_K, else four, and four of minima.
    __m512i factors[CK_MINIMA + 4];
    __m512 scale, minimum_scale;
} ck_head;

// A super-block of sixteen rows.
typedef struct {
    __m512i quants[64];  // [group of four columns][row][4], unsigned
    ck_head head;
} ck_panel_super;

// Bytes `index` and `index + 1` of every 32-bit lane as two 16-bit numbers.
CK_INLINE __m512i ck_pair_of(__m512i x, int index) {
    char a = (char)index, b = (char)(index + 1);
    __m128i pattern = _mm_setr_epi8(a, -1, b, -1, a + 4, -1, b + 4, -1, a + 8, -1, b + 8, -1, a + 12, -1, b + 12, -1);
    return _mm512_shuffle_epi8(x, _mm512_broadcast_i32x4(pattern));
}

// The same with their signs.
CK_INLINE __m512i ck_signed_pair_of(__m512i x, int index) {
    char a = (char)index, b = (char)(index + 1);
    __m128i pattern = _mm_setr_epi8(-1, a, -1, b, -1, a + 4, -1, b + 4, -1, a + 8, -1, b + 8, -1, a + 12, -1, b + 12);
    return _mm512_srai_epi16(_mm512_shuffle_epi8(x, _mm512_broadcast_i32x4(pattern)), 8);
}

// total += the two products of 16-bit numbers in each lane, as one instruction: clang makes two of the intrinsic.
CK_INLINE __m512i ck_add_pairs(__m512i total, __m512i a, __m512i b) {
    __asm__("vpdpwssd %2, %1, %0" : "+v"(total) : "v"(a), "v"(b));
    return total;
}

CK_INLINE void ck_unpack_head(ck_weight_type type, const ck_panel_rows *rows, ck_head *out) {
    __m512i head[4];
    if (type == CK_Q6_K) {
        ck_transpose_16_bytes(rows, offsetof(ck_q6_k, scales), head);
        CK_UNROLL for (int j = 0; j < 8; j++) out->factors[j] = ck_signed_pair_of(head[j / 2], j % 2 * 2);
        out->scale = ck_gather_halves(rows, offsetof(ck_q6_k, scale));
        return;
    }
    // The first 16 bytes of a Q4_K or Q5_K block: two halves, then twelve bytes of packed scales and minima (scales.h).
    ck_transpose_16_bytes(rows, 0, head);
    out->scale = _mm512_cvtph_ps(_mm512_cvtepi32_epi16(head[0]));
    out->minimum_scale = _mm512_cvtph_ps(_mm512_cvtepi32_epi16(_mm512_srli_epi32(head[0], 16)));
    const __m512i six = _mm512_set1_epi8(63), four = _mm512_set1_epi8(15), top = _mm512_set1_epi8(48);
    __m512i scales[2], minima[2];
    scales[0] = _mm512_and_si512(head[1], six);
    minima[0] = _mm512_and_si512(head[2], six);
    scales[1] = _mm512_or_si512(_mm512_and_si512(head[3], four),
                                _mm512_and_si512(_mm512_srli_epi32(head[1], 2), top));
    minima[1] = _mm512_or_si512(_mm512_and_si512(_mm512_srli_epi32(head[3], 4), four),
                                _mm512_and_si512(_mm512_srli_epi32(head[2], 2), top));
    CK_UNROLL for (int j = 0; j < 4; j++) {
        out->factors[j] = ck_pair_of(scales[j / 2], j % 2 * 2);
        out->factors[CK_MINIMA + j] = ck_pair_of(minima[j / 2], j % 2 * 2);
    }
}

// Bits `low` and up of every byte, brought to bit 0 (to the left where `low` is negative). Others come along.
CK_INLINE __m512i ck_shift(__m512i x, int low) {
    return low == 0 ? x : low > 0 ? _mm512_srli_epi32(x, (unsigned)low) : _mm512_slli_epi32(x, (unsigned)-low);
}

// Quants from bytes with four bits of each: their low (`half` 0) or high nibbles (1), for Q5_K with bit `bit` of `high`
// above them, for Q6_K with bits `bit` and `bit` + 1.
CK_INLINE __m512i ck_quants(ck_weight_type type, __m512i nibbles, int half, const __m512i *high, int bit) {
    __m512i quants = _mm512_and_si512(ck_shift(nibbles, 4 * half), _mm512_set1_epi8(15));
    if (type == CK_Q4_K) return quants;
    __m512i above = _mm512_and_si512(ck_shift(*high, bit - 4), _mm512_set1_epi8(type == CK_Q5_K ? 16 : 48));
    return _mm512_or_si512(quants, above);
}

CK_INLINE size_t ck_nibbles_offset(ck_weight_type type) {
    return type == CK_Q4_K   ? offsetof(ck_q4_k, quants)
           : type == CK_Q5_K ? offsetof(ck_q5_k, quants)
                             : offsetof(ck_q6_k, low);
}

// The sum of minima · Σ quants over the sub-blocks; 0 for Q6_K, which has none.
CK_INLINE __m512i ck_minima_sum(ck_weight_type type, const ck_head *head, const ck_activation_super *a) {
    __m512i sum = _mm512_setzero_si512();
    if (type == CK_Q6_K) return sum;
    CK_UNROLL for (int j = 0; j < 4; j++)
        sum = _mm512_dpwssd_epi32(sum, head->factors[CK_MINIMA + j], ck_broadcast(a->sums + 2 * j));
    return sum;
}

// t of a super-block of sixteen rows (scalar/matmul_integer.c), from its exact sums over sub-blocks.
CK_INLINE __m512 ck_super_product(ck_weight_type type, const ck_head *head, __m512i total, __m512i minima) {
    const __m512 t = _mm512_cvtepi32_ps(total);
    if (type == CK_Q6_K) return _mm512_mul_ps(head->scale, t);
    return _mm512_fmsub_ps(head->scale, t, _mm512_mul_ps(head->minimum_scale, _mm512_cvtepi32_ps(minima)));
}

// Not negative where sub-blocks' sums with these activations fit 16 bits, whatever the weights: unsigned ones of up to 15
// or 31, or -32 to 31. Almost always they do.
CK_INLINE int32_t ck_sums_room(ck_weight_type type, const ck_activation_super *a) {
    int32_t room = type == CK_Q6_K   ? INT16_MAX / 32 - a->largest_16
                   : type == CK_Q5_K ? INT16_MAX / 31 - a->largest_32
                                     : INT16_MAX / 15 - a->largest_32;
    __asm__("" : "+r"(room));  // else clang gathers those of several rows in a vector, one by one
    return room;
}

// The sums of two sub-blocks, which fit 16 bits, side by side: one multiplication of pairs scales both.
// `low`: ck_low_halves(), made once.
CK_INLINE __m512i ck_side_by_side(__m512i first, __m512i second, __mmask32 low) {
    return _mm512_mask_blend_epi16(low, _mm512_slli_epi32(second, 16), first);
}

CK_INLINE __mmask32 ck_low_halves(void) {
    __mmask32 low = 0x55555555;
    __asm__("" : "+Yk"(low));  // else clang makes it again for each use
    return low;
}

// The exact sum over the sub-blocks, whatever they sum to.
CK_INLINE __m512i ck_wide_total(const ck_panel_super *w, const ck_activation_super *a, int pairs, bool offset) {
    const int steps = 32 / pairs;
    __m512i total = _mm512_setzero_si512();
    CK_ROLLED for (int j = 0; j < 2 * pairs; j++) {
        __m512i sum = offset ? ck_broadcast(a->minus_32_sums + j) : _mm512_setzero_si512();
        CK_ROLLED for (int k = steps * j; k < steps * (j + 1); k++)
            sum = _mm512_dpbusd_epi32(sum, w->quants[k], ck_broadcast(a->quants + 4 * k));
        __m512i scale = j % 2 ? w->head.factors[j / 2] : _mm512_slli_epi32(w->head.factors[j / 2], 16);
        total = _mm512_add_epi32(total, _mm512_mullo_epi32(sum, _mm512_srai_epi32(scale, 16)));
    }
    return total;
}

CK_TARGET_END

#endif
