#include "platform/posix/output.h"

#include <stdio_ext.h>
#include <ext/stdio_sync_filebuf.h>

#include <cstdio>
#include <iostream>
#include <typeinfo>

namespace mp::platform {
namespace {

// What has nothing to write is left alone: a forked child, which copies each page that it writes to, is a tenth faster for it.
void flush(std::FILE* file) {
  if (::__fpending(file) > 0) std::fflush(file);
}

// Unless the program separated them, the streams of C++ hand on each character to those of C, and keep none.
void flush(std::ostream& stream) {
  const std::streambuf* const buffer = stream.rdbuf();
  if (buffer == nullptr || typeid(*buffer) != typeid(__gnu_cxx::stdio_sync_filebuf<char>)) stream.flush();
}

}  // namespace

void flush_output() {
  flush(std::cout);
  flush(std::clog);
  flush(stdout);
  flush(stderr);
}

}  // namespace mp::platform
