#ifndef CONFORMANCE_ADAPTERS_CPP_ARGS_H_
#define CONFORMANCE_ADAPTERS_CPP_ARGS_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/adapters/cpp/handles.h"
#include "conformance/protocol/value.h"

namespace mp::conformance {

// What a function is called and takes, as the documentation writes it: "put(obj, block=True, timeout=None)".
//
// Owns:    its text. Shares: nothing. Threads: any, once made. Blocks: never.
// Throws:  std::logic_error for a text that it cannot read.
//
// After a lone `*` parameters go by name only; `*args` takes what is left over by place, `**kwargs` by name. Defaults are
// None, True, False, numbers, 'text', () and {}.
class Signature {
 public:
  struct Parameter {
    std::string name;
    std::optional<Value> fallback;
    bool by_name_only = false;
  };

  explicit Signature(std::string_view text);

  const std::string& name() const { return name_; }
  const std::vector<Parameter>& parameters() const { return parameters_; }
  bool takes_more() const { return takes_more_; }              // *args
  bool takes_more_by_name() const { return takes_more_by_name_; }  // **kwargs

 private:
  void read(std::string_view parameter);

  std::string name_;
  std::vector<Parameter> parameters_;
  bool takes_more_ = false;
  bool takes_more_by_name_ = false;
  bool by_name_only_ = false;
};

// The arguments of one call, by the names of the signature, defaults filled in.
//
// Owns:    the values.
// Shares:  the table of handles, which outlives it.
// Threads: one.
// Blocks:  never.
// Throws:  Raised (TypeError) for arguments that do not fit, here or when they are asked for as what they are not.
class Args {
 public:
  Args(const Signature& signature, const Values& args, const Kwargs& kwargs, Handles& handles);

  // As it came, to be read or changed. A name that the signature does not have is a std::logic_error.
  Value& operator[](std::string_view name);
  bool flag(std::string_view name);
  std::int64_t integer(std::string_view name);
  double number(std::string_view name);
  const std::string& text(std::string_view name);
  const std::string& bytes(std::string_view name);
  // Nothing for None: no time-out.
  std::optional<double> seconds(std::string_view name);
  // The object behind a handle; a value that is no handle, or of something else, is a TypeError.
  template <class T>
  std::shared_ptr<T> object(std::string_view name) {
    return object_of<T>((*this)[name]);
  }
  template <class T>
  std::shared_ptr<T> object_of(const Value& value) {
    const Handle* handle = value.as<Handle>();
    std::shared_ptr<T> object = handle == nullptr ? nullptr : handles_.find(*handle).as<T>();
    if (object == nullptr) type_error(signature_.name() + "(): not an object of the right class: " + printed(value));
    return object;
  }
  // What *args and **kwargs took.
  Values& more() { return more_; }
  Kwargs& more_by_name() { return more_by_name_; }

  Handles& handles() { return handles_; }

 private:
  void place(std::size_t index, const Value& value);
  void place(const std::string& name, const Value& value);

  const Signature& signature_;
  Handles& handles_;
  std::vector<std::optional<Value>> values_;
  Values more_;
  Kwargs more_by_name_;
};

}  // namespace mp::conformance

#endif  // CONFORMANCE_ADAPTERS_CPP_ARGS_H_
