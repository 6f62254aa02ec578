#include "platform/posix/output.h"

#include <cstdio>
#include <iostream>

namespace mp::platform {

void flush_output() {
  std::cout.flush();
  std::clog.flush();
  std::fflush(stdout);
  std::fflush(stderr);
}

}  // namespace mp::platform
