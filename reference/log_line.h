#ifndef REFERENCE_LOG_LINE_H_
#define REFERENCE_LOG_LINE_H_

#include <string>

// What of the log has no process in it: what is to be written, and how a line looks. See log.h.
namespace mp::log_internal {

// Travels to each child, under every start method.
struct Settings {
  int level = 0;  // zero: not set, which is as good as a warning's
  bool to_stderr = false;
};

Settings settings();
void set(Settings settings);  // a child's, at its beginning
// Each leaves the other setting alone, whoever changes that at the same time.
void set_level(int level);
void set_to_stderr();
bool passes(int level);
// [LEVEL/process] text, as one piece on standard error, if the settings let it pass.
void write(int level, const std::string& process, const std::string& text);

}  // namespace mp::log_internal

#endif  // REFERENCE_LOG_LINE_H_
