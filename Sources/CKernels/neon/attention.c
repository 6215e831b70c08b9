#include "../vector_tables.h"
#if defined(CK_ARM)
#include <math.h>
#include <string.h>
#include "../scalar/attention_rounding.h"
#define CK_LANES 4
#define CK_LEVEL CK_LEVEL_NEON
#define CK_TABLE ck_neon_attention
#include "../generic/attention_body.h"
#endif
