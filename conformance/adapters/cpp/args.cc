#include "conformance/adapters/cpp/args.h"

#include <charconv>
#include <locale>
#include <sstream>
#include <stdexcept>

namespace mp::conformance {
namespace {

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

std::optional<Value> integer(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return Value(value);
}

// std::from_chars() knows no such numbers in libc++.
std::optional<Value> real(std::string_view text) {
  std::istringstream in{std::string(text)};
  in.imbue(std::locale::classic());
  double value = 0;
  if (!(in >> std::noskipws >> value) || in.peek() != std::istringstream::traits_type::eof()) return std::nullopt;
  return Value(value);
}

Value literal(std::string_view text) {
  if (text == "None") return None;
  if (text == "True") return true;
  if (text == "False") return false;
  if (text == "()") return Tuple{};
  if (text == "{}") return Dict{};
  if (text.size() >= 2 && text.front() == '\'' && text.back() == '\'') return text.substr(1, text.size() - 2);
  if (const auto whole = integer(text)) return *whole;
  if (const auto number = real(text)) return *number;
  throw std::logic_error("a default that is no literal: " + std::string(text));
}

template <class Read>
auto converted(const Signature& signature, std::string_view name, const Value& value, Read read) {
  try {
    return read();
  } catch (const WrongKind&) {
    type_error(signature.name() + "(): " + std::string(name) + " cannot be " + printed(value));
  }
}

}  // namespace

Signature::Signature(std::string_view text) {
  const std::size_t open = text.find('(');
  if (open == std::string_view::npos || !text.ends_with(')'))
    throw std::logic_error("not NAME(PARAMETERS): " + std::string(text));
  name_ = text.substr(0, open);
  std::string_view rest = trimmed(text.substr(open + 1, text.size() - open - 2));
  while (!rest.empty()) {
    const std::size_t comma = rest.find(',');
    read(trimmed(rest.substr(0, comma)));
    rest = comma == std::string_view::npos ? std::string_view() : trimmed(rest.substr(comma + 1));
  }
}

void Signature::read(std::string_view parameter) {
  if (parameter.starts_with("**")) {
    takes_more_by_name_ = true;
  } else if (parameter.starts_with("*")) {
    takes_more_ = parameter.size() > 1;
    by_name_only_ = true;
  } else {
    const std::size_t equals = parameter.find('=');
    Parameter made{std::string(parameter.substr(0, equals)), std::nullopt, by_name_only_};
    if (equals != std::string_view::npos) made.fallback = literal(parameter.substr(equals + 1));
    parameters_.push_back(std::move(made));
  }
}

Args::Args(const Signature& signature, const Values& args, const Kwargs& kwargs, Handles& handles)
    : signature_(signature), handles_(handles), values_(signature.parameters().size()) {
  for (std::size_t i = 0; i < args.size(); ++i) place(i, args[i]);
  for (const auto& [name, value] : kwargs.items) place(name, value);
  for (std::size_t i = 0; i < values_.size(); ++i) {
    const Signature::Parameter& parameter = signature.parameters()[i];
    if (!values_[i]) values_[i] = parameter.fallback;
    if (!values_[i]) type_error(signature.name() + "() needs the argument " + parameter.name);
  }
}

void Args::place(std::size_t index, const Value& value) {
  if (index < values_.size() && !signature_.parameters()[index].by_name_only) {
    values_[index] = value;
  } else if (signature_.takes_more()) {
    more_.push_back(value);
  } else {
    type_error(signature_.name() + "() does not take so many arguments");
  }
}

void Args::place(const std::string& name, const Value& value) {
  for (std::size_t i = 0; i < values_.size(); ++i) {
    if (signature_.parameters()[i].name != name) continue;
    if (values_[i]) type_error(signature_.name() + "() got two values for " + name);
    values_[i] = value;
    return;
  }
  if (!signature_.takes_more_by_name()) type_error(signature_.name() + "() has no parameter " + name);
  more_by_name_.items.emplace_back(name, value);
}

Value& Args::operator[](std::string_view name) {
  for (std::size_t i = 0; i < values_.size(); ++i) {
    if (signature_.parameters()[i].name == name) return *values_[i];
  }
  throw std::logic_error("the signature of " + signature_.name() + " has no parameter " + std::string(name));
}

bool Args::flag(std::string_view name) {
  const Value& value = (*this)[name];
  if (value.is_none()) return false;
  if (const bool* truth = value.as<bool>()) return *truth;
  return integer(name) != 0;
}

std::int64_t Args::integer(std::string_view name) {
  const Value& value = (*this)[name];
  return converted(signature_, name, value, [&] { return value.integer(); });
}

double Args::number(std::string_view name) {
  const Value& value = (*this)[name];
  return converted(signature_, name, value, [&] { return value.number(); });
}

const std::string& Args::text(std::string_view name) {
  const std::string* text = (*this)[name].as<std::string>();
  if (text == nullptr) type_error(signature_.name() + "(): " + std::string(name) + " must be a str");
  return *text;
}

const std::string& Args::bytes(std::string_view name) {
  const Bytes* bytes = (*this)[name].as<Bytes>();
  if (bytes == nullptr) type_error(signature_.name() + "(): " + std::string(name) + " must be bytes");
  return bytes->data;
}

std::optional<double> Args::seconds(std::string_view name) {
  if ((*this)[name].is_none()) return std::nullopt;
  return number(name);
}

}  // namespace mp::conformance
