#include "reference/referent.h"

namespace mp {

std::vector<std::string> Description::public_methods() const {
  std::vector<std::string> names;
  for (const auto& [method, _] : methods) {
    if (!method.starts_with('_')) names.push_back(method);
  }
  return names;
}

namespace referent_internal {
namespace {

std::string trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(' ');
  if (first == text.npos) return "";
  return std::string(text.substr(first, text.find_last_not_of(' ') - first + 1));
}

}  // namespace

Signature::Signature(std::string_view text) {
  const auto open = text.find('(');
  name = trimmed(text.substr(0, open));
  if (open == text.npos) return;
  if (text.back() != ')') throw ValueError("a signature is written as name(first, second), not " + std::string(text));
  std::string_view rest = text.substr(open + 1, text.size() - open - 2);
  while (!trimmed(rest).empty()) {
    const auto comma = rest.find(',');
    parameters.push_back(trimmed(rest.substr(0, comma)));
    rest = comma == rest.npos ? std::string_view() : rest.substr(comma + 1);
  }
}

std::vector<std::optional<Object>> arrange(const Signature& signature, std::size_t count, const Arguments& arguments) {
  if (arguments.args.size() > count) {
    throw TypeError(signature.name + "() takes at most " + std::to_string(count) + " arguments, but " +
                    std::to_string(arguments.args.size()) + " were given");
  }
  std::vector<std::optional<Object>> values(arguments.args.begin(), arguments.args.end());
  values.resize(count);
  for (const Dict::Entry& entry : arguments.kwds) {
    std::size_t place = 0;
    while (place < signature.parameters.size() && !(entry.key == Object(signature.parameters[place]))) ++place;
    if (place >= count || place >= signature.parameters.size()) {
      throw TypeError(signature.name + "() got an unexpected keyword argument " + entry.key.brief());
    }
    if (values[place]) throw TypeError(signature.name + "() got multiple values for argument " + entry.key.brief());
    values[place] = entry.value;
  }
  return values;
}

void throw_missing(const Signature& signature, std::size_t place) {
  const std::string which = place < signature.parameters.size() ? "'" + signature.parameters[place] + "'" : std::to_string(place + 1);
  throw TypeError(signature.name + "() is missing the argument " + which);
}

}  // namespace referent_internal
}  // namespace mp
