#ifndef CONFORMANCE_PROTOCOL_BASE64_H_
#define CONFORMANCE_PROTOCOL_BASE64_H_

#include <optional>
#include <string>
#include <string_view>

namespace mp::conformance {

// RFC 4648, section 4, with padding.
std::string to_base64(std::string_view bytes);
// Nothing when the text is not base64.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace mp::conformance

#endif  // CONFORMANCE_PROTOCOL_BASE64_H_
