#ifndef REFERENCE_REGISTRY_H_
#define REFERENCE_REGISTRY_H_

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "reference/codec.h"
#include "reference/referent.h"

namespace mp {

// How a registration differs from what the class says of itself.
struct RegisterOptions {
  std::optional<std::vector<std::string>> exposed = {};
  std::map<std::string, std::string> method_to_typeid = {};
  // Without: a client cannot ask for one by name; objects come out of methods only.
  bool create_method = true;
};

// What a manager's server can make, by typeid.
//
// Owns:    its entries.
// Shares:  travels to the server's process: a class by the name of a function that describes it.
// Threads: as a plain value.
// Blocks:  never.
// Throws:  PickleError when an entry is a function that keeps variables of its creator, and would have to travel.
class Registry {
 public:
  struct Entry {
    // At most one of the two. Neither: for a client, or for objects that are what a method gave.
    Description (*travelling)() = nullptr;
    std::function<Description()> here = {};
    RegisterOptions options = {};

    // With the options applied.
    Description description() const;

    void save(Writer& writer) const;
    void load(Reader& reader);
  };

  template <Described T>
  static Description describe() {
    return T::describe().description();
  }
  // A class that describes itself.
  template <Described T>
  void add(std::string type_id, RegisterOptions options = {}) {
    entries_[std::move(type_id)] = {&describe<T>, {}, std::move(options)};
  }
  // A function that gives a Class, or a std::shared_ptr of a class that describes itself: the same object for each client, or
  // a new one.
  template <class F>
  void add(std::string type_id, F callable, RegisterOptions options = {}) {
    if constexpr (std::is_empty_v<F> && std::is_default_constructible_v<F>) {
      entries_[std::move(type_id)] = {+[] { return describe_by(F{}); }, {}, std::move(options)};
    } else {
      entries_[std::move(type_id)] = {nullptr, [callable] { return describe_by(callable); }, std::move(options)};
    }
  }
  void add(std::string type_id, RegisterOptions options = {}) { entries_[std::move(type_id)] = {nullptr, {}, std::move(options)}; }

  const Entry* find(const std::string& type_id) const;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(entries_);
  }

 private:
  template <class F>
  static Description describe_by(F callable) {
    using Made = std::decay_t<std::invoke_result_t<F>>;
    if constexpr (referent_internal::IsShared<Made>::value) {
      using T = typename Made::element_type;
      static_assert(Described<T>, "the class of a shared object says what it can do: static mp::Class<T> describe()");
      Description described = T::describe().description();
      described.make = [callable](const Arguments& arguments) {
        if (!arguments.args.empty() || !arguments.kwds.empty()) throw TypeError("this function takes no arguments");
        return Instantiated{callable(), typeid(T)};
      };
      return described;
    } else {
      return callable().description();
    }
  }

  std::map<std::string, Entry> entries_;
};

}  // namespace mp

#endif  // REFERENCE_REGISTRY_H_
