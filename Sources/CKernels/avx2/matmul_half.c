#include "CKernels/level.h"
#if defined(CK_X86)
#include <math.h>
#include <string.h>
#include "../prefetch.h"
#include "../section.h"
#include "matmul.h"

#pragma STDC FP_CONTRACT OFF

CK_TARGET_AVX2_BEGIN
#define CK_LANES 8
#define CK_NAME(name) ck_avx2_##name
#include "../generic/half_body.h"
CK_TARGET_END
#endif
