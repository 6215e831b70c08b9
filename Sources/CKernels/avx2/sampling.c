#include "../sampling_numbers.h"
#if defined(CK_X86)
#include <math.h>
#include <string.h>
CK_TARGET_AVX2_BEGIN
#define CK_LEVEL CK_LEVEL_AVX2
#define CK_TABLE ck_avx2_sampling
#include "../generic/sampling_body.h"
CK_TARGET_END
#endif
