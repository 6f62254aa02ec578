#ifndef CONFORMANCE_PROTOCOL_SURROGATES_H_
#define CONFORMANCE_PROTOCOL_SURROGATES_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mp::conformance {

// A str of the protocol may hold lone surrogates, which UTF-8 forbids. In memory they take the three bytes that UTF-8 would
// give them (ED A0..BF xx); on the wire such a text is written as its code points.
bool has_surrogates(std::string_view text);
// Ill-formed bytes stand for themselves.
std::vector<std::uint32_t> code_points(std::string_view text);
std::string from_code_points(const std::vector<std::uint32_t>& points);

}  // namespace mp::conformance

#endif  // CONFORMANCE_PROTOCOL_SURROGATES_H_
