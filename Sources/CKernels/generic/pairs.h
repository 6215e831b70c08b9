// Products of pairs of 16-bit integers, summed in 32 bits: one sum a pair, CK_LANES pairs at once. After simd.h.
//
// `pair_sums` is what a level adds up best; `total_of` makes it a vector of CK_LANES sums.
#if defined(CK_X86)
#include <immintrin.h>
#else
#include <arm_neon.h>
#endif

typedef int16_t pairs __attribute__((ext_vector_type(2 * CK_LANES)));

CK_INLINE pairs load_pairs(const int16_t *from) {
    pairs v;
    memcpy(&v, from, sizeof v);
    return v;
}

// One pair in all lanes.
CK_INLINE pairs splat_pair(const int16_t *from) {
    int32_t both;
    memcpy(&both, from, sizeof both);
    vi lanes = (vi)both;
    pairs v;
    memcpy(&v, &lanes, sizeof v);
    return v;
}

#if CK_LANES == 16
typedef vi pair_sums;

CK_INLINE pair_sums add_products(pair_sums sums, pairs a, pairs b) {
    // The compiler makes two instructions of the intrinsic, at half the speed.
    __asm__("vpdpwssd %2, %1, %0" : "+v"(sums) : "v"(a), "v"(b));
    return sums;
}
#elif CK_LANES == 8
typedef vi pair_sums;

CK_INLINE pair_sums add_products(pair_sums sums, pairs a, pairs b) {
    return sums + (vi)_mm256_madd_epi16((__m256i)a, (__m256i)b);
}
#else
// Two sums a pair, one of its first and one of its second products: two instructions less for each product.
typedef int32_t pair_sums __attribute__((ext_vector_type(8)));

CK_INLINE pair_sums add_products(pair_sums sums, pairs a, pairs b) {
    sums.lo = vmlal_s16(sums.lo, vget_low_s16(a), vget_low_s16(b));
    sums.hi = vmlal_high_s16(sums.hi, a, b);
    return sums;
}
#endif

CK_INLINE pair_sums no_pairs(void) {
    return (pair_sums)0;
}

CK_INLINE vi total_of(pair_sums sums) {
#if CK_LANES == 4
    return vpaddq_s32(sums.lo, sums.hi);
#else
    return sums;
#endif
}

// The nearest integers, ties to even, of numbers within ±32767: what is left in the low bits of 1.5·2^23 + x.
// NaNs give anything.
CK_INLINE vi rounded(vf x, vf factor) {
    return bits_of(fused(x, factor, splat(0x1.8p23f)));
}

CK_INLINE void store_low_halves(int16_t *to, vi v) {
    typedef int16_t halves __attribute__((ext_vector_type(CK_LANES)));
    halves low = __builtin_convertvector(v, halves);
    memcpy(to, &low, sizeof low);
}

// What `rounded` left in two vectors, one's integers after the other's.
CK_INLINE pairs integers_in(vi a, vi b) {
#if CK_LANES == 8
    vi magic = bits_of(splat(0x1.8p23f));
    return (pairs)_mm256_permute4x64_epi64(_mm256_packs_epi32((__m256i)(a - magic), (__m256i)(b - magic)), 0xd8);
#else
    pairs first, second;
    memcpy(&first, &a, sizeof first);
    memcpy(&second, &b, sizeof second);
#if CK_LANES == 16
    return __builtin_shufflevector(first, second, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30, 32, 34, 36,
                                   38, 40, 42, 44, 46, 48, 50, 52, 54, 56, 58, 60, 62);
#else
    return __builtin_shufflevector(first, second, 0, 2, 4, 6, 8, 10, 12, 14);
#endif
#endif
}
