#include "matmul.h"
#if defined(CK_ARM)
#include <arm_neon.h>
#pragma STDC FP_CONTRACT OFF
CK_TARGET_NEON_BEGIN
#define CK_DOT_PRODUCTS 1
#define CK_NAME(name) ck_neon_dot_multiply_##name
#include "matmul_integer.h"
CK_TARGET_END
#endif
