#ifndef CONFORMANCE_HARNESS_WIDE_TEXT_WINDOWS_H_
#define CONFORMANCE_HARNESS_WIDE_TEXT_WINDOWS_H_

#include <string>

namespace mp::conformance {

// From UTF-8 to what Windows wants, and back. What is no text becomes U+FFFD.
std::wstring wide(const std::string& text);
std::string narrow(const std::wstring& text);

}  // namespace mp::conformance

#endif  // CONFORMANCE_HARNESS_WIDE_TEXT_WINDOWS_H_
