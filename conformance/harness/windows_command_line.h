#ifndef CONFORMANCE_HARNESS_WINDOWS_COMMAND_LINE_H_
#define CONFORMANCE_HARNESS_WINDOWS_COMMAND_LINE_H_

#include <string>
#include <string_view>
#include <vector>

namespace mp::conformance {

// On Windows a program gets its arguments as one text, which CommandLineToArgvW() and the C runtime take apart again. This is the text that
// becomes these words. platform/windows/ has the like: judge and accused share no code.
std::string windows_command_line(const std::vector<std::string>& words);

}  // namespace mp::conformance

#endif  // CONFORMANCE_HARNESS_WINDOWS_COMMAND_LINE_H_
