#include "CDemonstrationModels.h"
