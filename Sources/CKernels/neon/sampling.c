#include "../sampling_numbers.h"
#if defined(CK_ARM)
#include <math.h>
#include <string.h>
#define CK_LEVEL CK_LEVEL_NEON
#define CK_TABLE ck_neon_sampling
#include "../generic/sampling_body.h"
#endif
