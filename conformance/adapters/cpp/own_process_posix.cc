#include <pthread.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <mutex>
#include <string_view>
#include <vector>

#include "conformance/adapters/cpp/own_process.h"

namespace mp::conformance {
namespace {

struct Lines {
  std::mutex mutex;
  std::vector<Line*> open;
};

Lines& lines() {
  static Lines* const made = new Lines;  // lives as long as any thread, so it is never destroyed
  return *made;
}

}  // namespace

std::int64_t process_id() { return ::getpid(); }

std::int64_t host_process_id() { return 0; }

std::string platform_name() {
  utsname system{};
  ::uname(&system);
  return std::string_view(system.sysname) == "Darwin" ? "macos" : "linux";
}

void close_in_copies(Line& line) {
  static const int registered = pthread_atfork([] { lines().mutex.lock(); }, [] { lines().mutex.unlock(); }, [] {
    for (Line* inherited : lines().open) inherited->abandon();
    lines().open.clear();
    lines().mutex.unlock();
  });
  static_cast<void>(registered);
  const std::lock_guard lock(lines().mutex);
  lines().open.push_back(&line);
}

void forget_in_copies(Line& line) {
  const std::lock_guard lock(lines().mutex);
  std::erase(lines().open, &line);
}

}  // namespace mp::conformance
