#include "conformance/harness/objects.h"

#include <algorithm>
#include <cctype>
#include <functional>

#include "conformance/harness/unresolved.h"

namespace mp::conformance {
namespace {

std::string lower_case(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

// Replaces every handle in a value, to any depth.
void replace_handles(Value& value, const std::function<Value(Handle)>& replace);
void replace_handles(Values& items, const std::function<Value(Handle)>& replace) {
  for (Value& item : items) replace_handles(item, replace);
}
void replace_handles(Value& value, const std::function<Value(Handle)>& replace) {
  if (const auto* handle = value.as<Handle>()) {
    value = replace(*handle);
  } else if (auto* list = value.as<List>()) {
    replace_handles(list->items, replace);
  } else if (auto* tuple = value.as<Tuple>()) {
    replace_handles(tuple->items, replace);
  } else if (auto* set = value.as<Set>()) {
    replace_handles(set->items, replace);
  } else if (auto* dict = value.as<Dict>()) {
    for (auto& [key, item] : dict->items) replace_handles(key, replace), replace_handles(item, replace);
  }
}

const Values* items_of(const Value& value) {
  if (const auto* list = value.as<List>()) return &list->items;
  if (const auto* tuple = value.as<Tuple>()) return &tuple->items;
  return nullptr;
}

const std::uint64_t* find(const std::map<std::uint64_t, std::uint64_t>& map, std::uint64_t key) {
  const auto found = map.find(key);
  return found == map.end() ? nullptr : &found->second;
}

}  // namespace

void HandleMap::add(Ref ref, Handle handle) {
  handles_[ref.id()] = handle.number;
  refs_[handle.number] = ref.id();
}

void HandleMap::drop(Ref ref) {
  const auto found = handles_.find(ref.id());
  if (found == handles_.end()) return;
  refs_.erase(found->second);
  handles_.erase(found);
}

const std::uint64_t* HandleMap::handle_of(std::uint64_t ref) const { return find(handles_, ref); }
const std::uint64_t* HandleMap::ref_of(std::uint64_t handle) const { return find(refs_, handle); }

Value Objects::to_process(const HandleMap& handles, const std::string& process, Value value) const {
  replace_handles(value, [&](Handle ref) -> Value {
    if (const std::uint64_t* found = handles.handle_of(ref.number)) return Handle{*found};
    throw Unresolved("not given", "process '" + process + "' does not have " + named(ref));
  });
  return value;
}

Value Objects::from_process(HandleMap& handles, Value value, const std::string& hint) {
  replace_handles(value, [&](Handle handle) -> Value { return know(handles, handle, hint); });
  return value;
}

Ref Objects::know(HandleMap& handles, Handle handle, const std::string& hint) {
  if (const std::uint64_t* found = handles.ref_of(handle.number)) return Ref(*found);
  std::string kind = hint.substr(0, hint.find('('));
  kind = lower_case(kind.substr(kind.rfind('.') + 1));
  if (kind == "pipe") kind = "connection";
  const Ref ref(names_.size() + 1);
  names_[ref.id()] = kind + std::to_string(++counts_[kind]);
  handles.add(ref, handle);
  return ref;
}

void Objects::adopt(HandleMap& handles, const Value& sent, const Value& arrived) {
  const auto *ref = sent.as<Handle>(), *handle = arrived.as<Handle>();
  if (ref != nullptr && handle != nullptr) handles.add(Ref(ref->number), *handle);
  const Values *many_sent = items_of(sent), *many_arrived = items_of(arrived);
  if (many_sent == nullptr || many_arrived == nullptr) return;
  for (std::size_t i = 0; i < std::min(many_sent->size(), many_arrived->size()); ++i) {
    adopt(handles, (*many_sent)[i], (*many_arrived)[i]);
  }
}

std::string Objects::named(const Value& value) const {
  Value shown = value;
  replace_handles(shown, [&](Handle ref) -> Value {
    const auto found = names_.find(ref.number);
    return found == names_.end() ? Value(ref) : Value(Function{found->second});
  });
  return printed(shown);
}

}  // namespace mp::conformance
