#ifndef REFERENCE_ADDRESS_H_
#define REFERENCE_ADDRESS_H_

#include <optional>
#include <string>
#include <string_view>

#include "platform/endpoint.h"

namespace mp {

// Where a Listener is: {"localhost", 6000}, or "/tmp/a_file", or R"(\\.\pipe\a_name)"; Address() leaves it to the system.
//
// Owns:    its text.
// Shares:  nothing; a plain value.
// Threads: as a plain value.
// Blocks:  never.
// Throws:  OverflowError for a port outside of 0 to 65535; ValueError for a path that is empty or has a zero in it.
class Address {
 public:
  Address() = default;
  // [listener.family.pair] TCP. Port 0 is any that is free; the host "" is every interface of this machine.
  Address(std::string host, int port);
  // [listener.family.text] A Unix socket's path; [listener.family.backslashes] with two backslashes in front the name of a Windows pipe.
  Address(std::string path);
  Address(const char* path) : Address(std::string(path)) {}
  // As platform/ has it.
  explicit Address(platform::Address address) : place_(std::move(address)) {}

  bool is_arbitrary() const { return !place_; }
  // "AF_INET", "AF_UNIX", "AF_PIPE"; of an arbitrary one "".
  std::string_view family() const;
  // Of AF_INET.
  const std::string& host() const;
  int port() const;
  // Of the others.
  const std::string& path() const;
  // ('localhost', 6000)   '/tmp/a_file'   None
  std::string repr() const;

  const std::optional<platform::Address>& place() const { return place_; }
  friend bool operator==(const Address&, const Address&) = default;

 private:
  std::optional<platform::Address> place_;
};

// The family of that name; nothing for "", which leaves it to the address. ValueError for a name that is none, and for a family that
// this system does not have.
std::optional<platform::Address::Family> family_named(std::string_view name);

}  // namespace mp

#endif  // REFERENCE_ADDRESS_H_
