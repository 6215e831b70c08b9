#include "../vector_tables.h"
#if defined(CK_X86)
#include <math.h>
#include <string.h>
#include "../scalar/attention_rounding.h"
CK_TARGET_AVX2_BEGIN
#define CK_LANES 8
#define CK_LEVEL CK_LEVEL_AVX2
#define CK_TABLE ck_avx2_attention
#include "../generic/attention_body.h"
CK_TARGET_END
#endif
