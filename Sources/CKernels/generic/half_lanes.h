// What products of 16-bit floats need of vectors, after simd.h and pairs.h. A step of 32 columns is CK_PARTS registers
// of pairs; a lane's sum lies in register lane / CK_LANES.
#define CK_PARTS (CK_SECTION_LANES / CK_LANES)

typedef uint16_t words __attribute__((ext_vector_type(2 * CK_LANES)));
typedef _Float16 halves __attribute__((ext_vector_type(CK_LANES)));

#if CK_LANES == 16
#define EVENS(a, b) __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30)
#define ODDS(a, b) __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31)
#define LOW_TWICE(a) __builtin_shufflevector(a, a, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7)
#define HIGH_TWICE(a) __builtin_shufflevector(a, a, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13, 14, 14, 15, 15)
#elif CK_LANES == 8
#define EVENS(a, b) __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14)
#define ODDS(a, b) __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15)
#define LOW_TWICE(a) __builtin_shufflevector(a, a, 0, 0, 1, 1, 2, 2, 3, 3)
#define HIGH_TWICE(a) __builtin_shufflevector(a, a, 4, 4, 5, 5, 6, 6, 7, 7)
#else
#define EVENS(a, b) __builtin_shufflevector(a, b, 0, 2, 4, 6)
#define ODDS(a, b) __builtin_shufflevector(a, b, 1, 3, 5, 7)
#define LOW_TWICE(a) __builtin_shufflevector(a, a, 0, 0, 1, 1)
#define HIGH_TWICE(a) __builtin_shufflevector(a, a, 2, 2, 3, 3)
#endif

CK_INLINE size_t smaller(size_t a, size_t b) {
    return a < b ? a : b;
}

// The first and the second half of the lanes onto each other until four are left.
CK_INLINE vf4 four_of(const vf sums[CK_PARTS]) {
#if CK_LANES == 16
    vf8 eight = sums[0].lo + sums[0].hi;
    return eight.lo + eight.hi;
#elif CK_LANES == 8
    vf8 eight = sums[0] + sums[1];
    return eight.lo + eight.hi;
#else
    return (sums[0] + sums[2]) + (sums[1] + sums[3]);
#endif
}

CK_INLINE float total(const vf sums[CK_PARTS]) {
    vf4 four = four_of(sums);
    vf2 two = four.lo + four.hi;
    return two.x + two.y;
}

// The same of four vectors of lanes.
CK_INLINE vf4 totals(const vf sums[4][CK_PARTS]) {
    vf4 four[4];
    CK_UNROLL for (int i = 0; i < 4; i++) four[i] = four_of(sums[i]);
    vf4 two[2];  // of each of two vectors
    CK_UNROLL for (int i = 0; i < 2; i++) {
        vf4 a = four[2 * i], b = four[2 * i + 1];
        two[i] = __builtin_shufflevector(a, b, 0, 1, 4, 5) + __builtin_shufflevector(a, b, 2, 3, 6, 7);
    }
    return __builtin_shufflevector(two[0], two[1], 0, 2, 4, 6) + __builtin_shufflevector(two[0], two[1], 1, 3, 5, 7);
}
