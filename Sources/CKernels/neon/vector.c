#include "../vector_tables.h"
#if defined(CK_ARM)
#include <math.h>
#include <string.h>
#define CK_LANES 4
#define CK_LEVEL CK_LEVEL_NEON
#define CK_TABLE ck_neon_vector
#include "../generic/vector_body.h"
#endif
