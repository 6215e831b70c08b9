#include "../vector_tables.h"
#if defined(CK_X86)
#include <math.h>
#include <string.h>
#include "../scalar/attention_rounding.h"
CK_TARGET_AVX512_BEGIN
#define CK_LANES 16
#define CK_LEVEL CK_LEVEL_AVX512
#define CK_TABLE ck_avx512_attention
#include "../generic/attention_body.h"
CK_TARGET_END
#endif
