#include "matmul.h"
#if defined(CK_ARM)
#pragma STDC FP_CONTRACT OFF
#define CK_NAME(name) ck_neon_plain_multiply_##name
#include "matmul_integer.h"
#endif
