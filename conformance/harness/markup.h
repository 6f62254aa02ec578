#ifndef CONFORMANCE_HARNESS_MARKUP_H_
#define CONFORMANCE_HARNESS_MARKUP_H_

#include <string>
#include <string_view>

namespace mp::conformance {

// Any bytes as text or as an attribute of XML and HTML; what cannot be said there becomes a question mark.
std::string escaped(std::string_view text);

}  // namespace mp::conformance

#endif  // CONFORMANCE_HARNESS_MARKUP_H_
