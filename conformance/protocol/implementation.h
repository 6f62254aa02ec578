#ifndef CONFORMANCE_PROTOCOL_IMPLEMENTATION_H_
#define CONFORMANCE_PROTOCOL_IMPLEMENTATION_H_

#include <string>
#include <vector>

namespace mp::conformance {

// What a testee says of itself in its hello (protocol.md, section 2).
struct Implementation {
  std::string name;      // "CPython multiprocessing"
  std::string version;   // "3.11.7"
  std::string platform;  // "linux", "windows", "macos"
  std::string language;
  std::string edition;  // of the documentation that it claims to keep
  std::vector<std::string> start_methods;
  std::vector<std::string> profiles;
  std::vector<std::string> features;
};

}  // namespace mp::conformance

#endif  // CONFORMANCE_PROTOCOL_IMPLEMENTATION_H_
