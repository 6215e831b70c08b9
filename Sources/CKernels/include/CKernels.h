#ifndef CKERNELS_H
#define CKERNELS_H
#include "spin.h"
#endif
