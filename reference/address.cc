#include "reference/address.h"

#include <utility>

#include "reference/error.h"

namespace mp {
namespace {

using Family = platform::Address::Family;

constexpr std::pair<std::string_view, Family> kFamilies[] = {
    {"AF_INET", Family::kInet},
    {"AF_UNIX", Family::kUnix},
    {"AF_PIPE", Family::kPipe},
};

}  // namespace

Address::Address(std::string host, int port) {
  if (port < 0 || port > 65535) throw OverflowError("the port " + std::to_string(port) + " is not in 0 to 65535");
  if (host.find('\0') != std::string::npos) throw ValueError("there is a zero in the name of the host");
  place_ = platform::Address{Family::kInet, std::move(host), port};
}

Address::Address(std::string path) {
  if (path.empty())
    throw ValueError("an address is a host and a port, or a path that is not empty; Address() is an arbitrary one");
  if (path.find('\0') != std::string::npos) throw ValueError("there is a zero in the path");
  const Family family = path.starts_with("\\\\") ? Family::kPipe : Family::kUnix;
  place_ = platform::Address{family, std::move(path), 0};
}

std::string_view Address::family() const {
  for (const auto& [name, family] : kFamilies) {
    if (place_ && place_->family == family) return name;
  }
  return "";
}

const std::string& Address::host() const {
  if (!place_ || place_->family != Family::kInet) throw TypeError("the address " + repr() + " has no host");
  return place_->name;
}

int Address::port() const {
  host();
  return place_->port;
}

const std::string& Address::path() const {
  if (!place_ || place_->family == Family::kInet) throw TypeError("the address " + repr() + " has no path");
  return place_->name;
}

std::string Address::repr() const {
  if (!place_) return "None";
  const std::string quoted = "'" + place_->name + "'";
  return place_->family == Family::kInet ? "(" + quoted + ", " + std::to_string(place_->port) + ")" : quoted;
}

std::optional<Family> family_named(std::string_view name) {
  if (name.empty()) return std::nullopt;
  for (const auto& [each, family] : kFamilies) {
    if (name != each) continue;
    if (platform::Endpoint::offers(family)) return family;
    throw ValueError("this system does not have the family " + std::string(name));
  }
  throw ValueError("there is no family '" + std::string(name) + "'; there are AF_INET, AF_UNIX and AF_PIPE");
}

}  // namespace mp
