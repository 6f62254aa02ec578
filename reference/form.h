#ifndef REFERENCE_FORM_H_
#define REFERENCE_FORM_H_

#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "reference/error.h"
#include "reference/object.h"

// How the containers of the standard library stand in an Object: vector as list, pair and tuple as tuple, maps as dict, sets as
// set, optional as None or its value.
namespace mp {

template <class T>
concept Objectlike = std::convertible_to<T, Object>;

template <Objectlike T>
struct Form<std::vector<T>> {
  static Object wrap(std::vector<T> values) {
    List list;
    list.reserve(values.size());
    for (auto&& value : values) list.emplace_back(T(std::move(value)));
    return list;
  }
  // A tuple will do.
  static std::vector<T> unwrap(const Object& object) {
    const auto* tuple = object.get_if<Tuple>();
    const List& list = tuple != nullptr ? tuple->items : object.get<List>();
    std::vector<T> values;
    values.reserve(list.size());
    for (const Object& item : list) values.push_back(item.as<T>());
    return values;
  }
};

template <Objectlike... T>
struct Form<std::tuple<T...>> {
  static Object wrap(std::tuple<T...> values) {
    return std::apply([](T&... each) { return tuple(std::move(each)...); }, values);
  }
  // A list will do.
  static std::tuple<T...> unwrap(const Object& object) {
    const auto* list = object.get_if<List>();
    const List& items = list != nullptr ? *list : object.get<Tuple>().items;
    if (items.size() != sizeof...(T)) {
      throw TypeError("wanted a tuple of " + std::to_string(sizeof...(T)) + ", but this one has " + std::to_string(items.size()));
    }
    return [&]<std::size_t... kAt>(std::index_sequence<kAt...>) {
      return std::tuple<T...>(items[kAt].template as<T>()...);
    }(std::index_sequence_for<T...>());
  }
};

template <Objectlike First, Objectlike Second>
struct Form<std::pair<First, Second>> {
  static Object wrap(std::pair<First, Second> value) { return tuple(std::move(value.first), std::move(value.second)); }
  static std::pair<First, Second> unwrap(const Object& object) {
    auto [first, second] = Form<std::tuple<First, Second>>::unwrap(object);
    return {std::move(first), std::move(second)};
  }
};

template <Objectlike T>
struct Form<std::optional<T>> {
  static Object wrap(std::optional<T> value) { return value ? Object(*std::move(value)) : Object(); }
  static std::optional<T> unwrap(const Object& object) {
    return object.is_none() ? std::nullopt : std::optional<T>(object.as<T>());
  }
};

namespace object_internal {

template <class Map>
struct FormOfMap {
  static Object wrap(Map values) {
    Dict dict;
    for (auto& [key, value] : values) dict.set(key, std::move(value));
    return dict;
  }
  static Map unwrap(const Object& object) {
    Map values;
    for (const Dict::Entry& entry : object.get<Dict>()) {
      values.insert_or_assign(entry.key.as<typename Map::key_type>(), entry.value.as<typename Map::mapped_type>());
    }
    return values;
  }
};

template <class SetOf>
struct FormOfSet {
  static Object wrap(SetOf values) {
    Set set;
    for (const auto& value : values) set.insert(value);
    return set;
  }
  static SetOf unwrap(const Object& object) {
    SetOf values;
    const auto* frozen = object.get_if<FrozenSet>();
    for (const Object& member : frozen != nullptr ? *frozen : object.get<Set>()) {
      values.insert(member.as<typename SetOf::key_type>());
    }
    return values;
  }
};

}  // namespace object_internal

template <Objectlike Key, Objectlike Value>
struct Form<std::map<Key, Value>> : object_internal::FormOfMap<std::map<Key, Value>> {};
template <Objectlike Key, Objectlike Value>
struct Form<std::unordered_map<Key, Value>> : object_internal::FormOfMap<std::unordered_map<Key, Value>> {};
template <Objectlike T>
struct Form<std::set<T>> : object_internal::FormOfSet<std::set<T>> {};
template <Objectlike T>
struct Form<std::unordered_set<T>> : object_internal::FormOfSet<std::unordered_set<T>> {};

}  // namespace mp

#endif  // REFERENCE_FORM_H_
