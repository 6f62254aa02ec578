#ifndef REFERENCE_TOKEN_H_
#define REFERENCE_TOKEN_H_

#include <optional>
#include <string>
#include <vector>

#include "reference/address.h"
#include "reference/object.h"

namespace mp {

// Which object of which server: CPython's multiprocessing.managers.Token.
struct Token {
  std::string type_id;
  Address address;
  std::string id;

  Object object() const;
  // TypeError for what is none.
  static Token from(const Object& object);
};

// A proxy as it travels inside of data: the call of RebuildProxy that CPython's proxies are pickled as.
struct ProxyRecipe {
  std::string proxy_type;  // "ListProxy" ..., or "AutoProxy"
  Token token;
  std::optional<std::vector<std::string>> exposed;
  std::optional<std::string> authkey;

  Object object() const;
  // Nothing for what is no proxy.
  static std::optional<ProxyRecipe> from(const Object& object);
};

Object address_object(const Address& address);
Address address_from(const Object& object);
std::vector<std::string> names_from(const Object& sequence);
Object names_object(const std::vector<std::string>& names);  // a tuple

}  // namespace mp

#endif  // REFERENCE_TOKEN_H_
