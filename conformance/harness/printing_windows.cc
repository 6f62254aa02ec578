#include <windows.h>
//
#include <process.h>

#include <cerrno>
#include <cstdint>
#include <system_error>

#include "conformance/harness/printing_windows.h"

namespace mp::conformance {

// A process that nobody could end may hold the pipe open, and the reader may be about to read once more.
Printing::~Printing() {
  is_over_ = true;
  while (!await_end(std::chrono::milliseconds(10))) ::CancelSynchronousIo(reader_.get());
}

void Printing::begin() {
  const auto run = [](void* self) -> unsigned {
    static_cast<Printing*>(self)->drain();
    return 0;
  };
  reader_.reset(reinterpret_cast<HANDLE>(::_beginthreadex(nullptr, 0, run, this, 0, nullptr)));
  if (!reader_)
    throw std::system_error(errno, std::generic_category(), "there can be no thread for what the testee prints");
}

bool Printing::await_end(std::chrono::milliseconds patience) const {
  return !reader_ || ::WaitForSingleObject(reader_.get(), static_cast<DWORD>(patience.count())) == WAIT_OBJECT_0;
}

std::string Printing::text() const {
  const std::lock_guard lock(mutex_);
  return printed_.text();
}

void Printing::drain() {
  char bytes[16 * 1024];
  DWORD count;
  while (!is_over_ && ::ReadFile(pipe_.native_source(), bytes, sizeof bytes, &count, nullptr) && count > 0) {
    const std::lock_guard lock(mutex_);
    printed_.add({bytes, count});
  }
}

}  // namespace mp::conformance
