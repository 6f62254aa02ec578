#include "reference/log.h"

#include "reference/log_line.h"
#include "reference/process.h"

namespace mp {

void Logger::set_level(int level) const { log_internal::set({level, log_internal::settings().to_stderr}); }

int Logger::level() const { return log_internal::settings().level; }

void Logger::log(int level, const std::string& message) const {
  if (log_internal::passes(level)) log_internal::write(level, current_process().name(), message);
}

Logger get_logger() { return {}; }

Logger log_to_stderr(std::optional<int> level) {
  log_internal::set({level.value_or(log_internal::settings().level), true});
  return get_logger();
}

}  // namespace mp
