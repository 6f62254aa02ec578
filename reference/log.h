#ifndef REFERENCE_LOG_H_
#define REFERENCE_LOG_H_

#include <optional>
#include <string>

namespace mp {

// The weights of messages; numbers between them are levels, too.
namespace log_level {
inline constexpr int kNotSet = 0, kSubDebug = 5, kDebug = 10, kInfo = 20, kSubWarning = 25, kWarning = 30, kError = 40, kCritical = 50;
}  // namespace log_level

// The log of this process: lines of the form "[LEVEL/name of the process] message".
//
// Owns:    nothing; all are the same one.
// Shares:  its level, and whether it writes to standard error, with the children that are started later.
// Threads: every method in any thread at once; a line is written in one piece.
// Blocks:  as standard error does.
// Throws:  nothing but for want of memory.
class Logger {
 public:
  // Lighter messages are not written. Not set: as for warnings.
  void set_level(int level) const;
  int level() const;
  void log(int level, const std::string& message) const;
  void debug(const std::string& message) const { log(log_level::kDebug, message); }
  void info(const std::string& message) const { log(log_level::kInfo, message); }
  void warning(const std::string& message) const { log(log_level::kWarning, message); }
  void error(const std::string& message) const { log(log_level::kError, message); }
  void critical(const std::string& message) const { log(log_level::kCritical, message); }
};

// The log, which writes nowhere until log_to_stderr() was called here or in the process that started this one.
Logger get_logger();
// Has it write to standard error, and sets the level if one is given.
Logger log_to_stderr(std::optional<int> level = {});

}  // namespace mp

#endif  // REFERENCE_LOG_H_
