// The numbers of the sampling kernels, which all levels round alike: nothing is fused.
#ifndef CK_SAMPLING_NUMBERS_H
#define CK_SAMPLING_NUMBERS_H
#include "vector_tables.h"
#pragma STDC FP_CONTRACT OFF

// e^x for x ≤ 0: ln 2 is taken off in two parts (Cody and Waite), and the rest is a polynomial of degree 5 whose
// relative error is nearly the least possible with e^0 = 1; relative error of the whole below 2^-22. It never falls as x
// grows. From -87.3 on it is subnormal, then, from -87.7 on, 0; 0 for NaN too.
#define CK_EXP_LOWEST -88.0f
#define CK_EXP_LOG2_E 1.44269504f
#define CK_EXP_ROUND 12582912.0f
#define CK_EXP_LN2_HIGH 0.693359375f
#define CK_EXP_LN2_LOW 2.1219444e-4f
#define CK_EXP_5 8.312516e-3f
#define CK_EXP_4 4.189020e-2f
#define CK_EXP_3 1.6667114e-1f
#define CK_EXP_2 4.9999231e-1f

// The bits of 1.
#define CK_ONE 0x3f800000

#endif
