// Vectors of CK_LANES floats in the compiler's own vector types, for code that is the same at every level but the scalar
// one. Included between CK_TARGET_..._BEGIN and CK_TARGET_END, once per source file.
//
// Every operation is elementwise and rounds as written (products and sums are fused only where `fused` says so), so a
// number's bits do not depend on the loop that it is computed in.
#ifndef CK_LANES
#error "Define CK_LANES (4, 8 or 16) before this file."
#endif

#include "../inline.h"

typedef float vf __attribute__((ext_vector_type(CK_LANES)));
typedef int32_t vi __attribute__((ext_vector_type(CK_LANES)));

CK_INLINE vf load(const float *from) {
    vf v;
    memcpy(&v, from, sizeof v);
    return v;
}

CK_INLINE void store(float *to, vf v) {
    memcpy(to, &v, sizeof v);
}

// The first `count` < CK_LANES floats, `filler` in the other lanes.
CK_INLINE vf load_some(const float *from, size_t count, float filler) {
    float lanes[CK_LANES];
    for (size_t i = 0; i < CK_LANES; i++) lanes[i] = filler;
    for (size_t i = 0; i < count; i++) lanes[i] = from[i];
    return load(lanes);
}

CK_INLINE void store_some(float *to, size_t count, vf v) {
    float lanes[CK_LANES];
    store(lanes, v);
    for (size_t i = 0; i < count; i++) to[i] = lanes[i];
}

CK_INLINE vf splat(float x) {
    return (vf)x;
}

CK_INLINE vi bits_of(vf v) {
    vi bits;
    memcpy(&bits, &v, sizeof bits);
    return bits;
}

CK_INLINE vf of_bits(vi bits) {
    vf v;
    memcpy(&v, &bits, sizeof v);
    return v;
}

// a · b + c, rounded once.
CK_INLINE vf fused(vf a, vf b, vf c) {
    return __builtin_elementwise_fma(a, b, c);
}

// If one of them is a NaN: b.
CK_INLINE vf larger(vf a, vf b) {
    return a > b ? a : b;
}

CK_INLINE vi lane_numbers(void) {
    vi v;
    for (int32_t i = 0; i < CK_LANES; i++) v[i] = i;
    return v;
}

typedef float vf2 __attribute__((ext_vector_type(2)));
typedef float vf4 __attribute__((ext_vector_type(4)));
typedef float vf8 __attribute__((ext_vector_type(8)));

// Halves onto halves, always in the same order.
CK_INLINE float sum_of_lanes(vf v) {
#if CK_LANES == 16
    vf8 eight = v.lo + v.hi;
    vf4 four = eight.lo + eight.hi;
#elif CK_LANES == 8
    vf4 four = v.lo + v.hi;
#else
    vf4 four = v;
#endif
    vf2 two = four.lo + four.hi;
    return two.x + two.y;
}

CK_INLINE float largest_lane(vf v) {
#if CK_LANES == 16
    vf8 eight = v.lo > v.hi ? v.lo : v.hi;
    vf4 four = eight.lo > eight.hi ? eight.lo : eight.hi;
#elif CK_LANES == 8
    vf4 four = v.lo > v.hi ? v.lo : v.hi;
#else
    vf4 four = v;
#endif
    vf2 two = four.lo > four.hi ? four.lo : four.hi;
    return two.x > two.y ? two.x : two.y;
}

// exp(r) · 2^n for |r| ≤ ln(2)/2: a polynomial of degree 6 fitted to the relative error (3·10^-9 before rounding).
// `shifted` is 1.5·2^23 + n, which holds n in its low bits.
CK_INLINE vf exp_of_rest(vf r, vf shifted) {
    vf q = fused(r, splat(0x1.6a242cp-10f), splat(0x1.1239e4p-7f));
    q = fused(q, r, splat(0x1.5558f2p-5f));
    q = fused(q, r, splat(0x1.555492p-3f));
    q = fused(q, r, splat(0x1.fffffcp-2f));
    vf p = fused(q, r * r, r) + splat(1.0f);
    return of_bits(bits_of(p) + (bits_of(shifted) << 23));
}

// At most 2 ulp off. Below -87.33: 0 (no subnormals). Above 88.72: infinity. NaN stays NaN.
CK_INLINE vf exponential_of(vf x) {
    const vf shift = splat(0x1.8p23f);
    vf shifted = fused(x, splat(0x1.715476p0f), shift);
    vf n = shifted - shift;
    vf r = fused(n, splat(-0x1.62e400p-1f), x);  // ln 2 in two parts; the first has zeros enough for exact products
    r = fused(n, splat(-0x1.7f7d1cp-20f), r);
    vf y = exp_of_rest(r, shifted);
    y = x < splat(-87.3365f) ? splat(0.0f) : y;
    y = x > splat(88.722839f) ? splat(INFINITY) : y;
    return x == x ? y : x;
}
