#include "reference/log_line.h"

#include <atomic>
#include <cstdio>

namespace mp::log_internal {
namespace {

constexpr int kWarning = 30;

std::atomic<int> the_level = 0;
std::atomic<bool> is_to_stderr = false;

std::string name_of(int level) {
  switch (level) {
    case 5: return "SUBDEBUG";
    case 10: return "DEBUG";
    case 20: return "INFO";
    case 25: return "SUBWARNING";
    case 30: return "WARNING";
    case 40: return "ERROR";
    case 50: return "CRITICAL";
    default: return "Level " + std::to_string(level);
  }
}

}  // namespace

Settings settings() { return {the_level.load(std::memory_order_relaxed), is_to_stderr.load(std::memory_order_relaxed)}; }

void set(Settings settings) {
  set_level(settings.level);
  is_to_stderr.store(settings.to_stderr, std::memory_order_relaxed);
}

void set_level(int level) { the_level.store(level, std::memory_order_relaxed); }

void set_to_stderr() { is_to_stderr.store(true, std::memory_order_relaxed); }

bool passes(int level) {
  const Settings now = settings();
  return now.to_stderr && level >= (now.level == 0 ? kWarning : now.level);
}

void write(int level, const std::string& process, const std::string& text) {
  if (!passes(level)) return;
  const std::string line = "[" + name_of(level) + "/" + process + "] " + text + "\n";
  std::fputs(line.c_str(), stderr);
  std::fflush(stderr);  // not every library writes it at once where nobody looks at a terminal
}

}  // namespace mp::log_internal
