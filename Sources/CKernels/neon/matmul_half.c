#include "CKernels/level.h"
#if defined(CK_ARM)
#include <math.h>
#include <string.h>
#include "../prefetch.h"
#include "../section.h"
#include "matmul.h"

#pragma STDC FP_CONTRACT OFF

#define CK_LANES 4
#define CK_NAME(name) ck_neon_##name
#include "../generic/half_body.h"
#endif
