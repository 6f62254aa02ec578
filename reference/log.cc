#include "reference/log.h"

#include "reference/log_line.h"
#include "reference/process.h"

namespace mp {

void Logger::set_level(int level) const { log_internal::set_level(level); }

int Logger::level() const { return log_internal::settings().level; }

void Logger::log(int level, const std::string& message) const {
  if (log_internal::passes(level)) log_internal::write(level, current_process().name(), message);
}

Logger get_logger() { return {}; }

Logger log_to_stderr(std::optional<int> level) {
  if (level) log_internal::set_level(*level);
  log_internal::set_to_stderr();
  return get_logger();
}

}  // namespace mp
