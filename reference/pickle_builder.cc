#include "reference/pickle_builder.h"

#include <algorithm>
#include <string>
#include <utility>

#include "reference/pickle.h"
#include "reference/pickle_internal.h"

namespace mp::pickle {
namespace {

using Kind = Object::Kind;

}  // namespace

void Builder::place(const Object& child, object_internal::Box& parent) {
  object_internal::Box* box = ObjectInside::box(child);
  if (box == nullptr) return;
  if (box == &parent) refuse("a " + std::string(child.type_name()) + " contains itself");
  box->placed = true;
  parent.nesting = std::max(parent.nesting, box->nesting + 1);
  if (parent.nesting > kDeepest) refuse("values nest more than " + std::to_string(kDeepest) + " deep");
}

object_internal::Box& Builder::open(const Object& container) {
  object_internal::Box* box = ObjectInside::box(container);
  if (box == nullptr) refuse("items are put into a " + std::string(container.type_name()));
  if (box->placed) {
    refuse("a " + std::string(container.type_name()) +
           " that was put into another one changes: it would contain itself");
  }
  return *box;
}

template <class Container, class Parts>
Object Builder::closed(Container container, const Parts& parts) {
  Object object(std::move(container));
  for (const Object& part : parts(object)) place(part, *ObjectInside::box(object));
  return object;
}

Object Builder::tuple(List items) {
  return closed(Tuple{std::move(items)}, [](const Object& made) -> const List& { return made.get<Tuple>().items; });
}

Object Builder::list(List items) {
  return closed(std::move(items), [](const Object& made) -> const List& { return made.get<List>(); });
}

Object Builder::frozen_set(List members) {
  FrozenSet set;
  for (Object& member : members) {
    ration(member);
    set.insert(std::move(member));
  }
  return closed(std::move(set), [](const Object& made) -> const Set& { return made.get<FrozenSet>(); });
}

Object Builder::set(List members) {
  Object set = Set();
  insert(set, std::move(members));
  return set;
}

Object Builder::dict(List flat) {
  Object dict = Dict();
  set_items(dict, std::move(flat));
  return dict;
}

Object Builder::instance(const Object& callable, const Object& args) {
  Object object = Instance{callable, args, Object(), {}, {}};
  place(callable, *ObjectInside::box(object)), place(args, *ObjectInside::box(object));
  return object;
}

void Builder::append(const Object& container, List items) {
  auto& box = open(container);
  List* list = container.kind() == Kind::kList       ? &ObjectInside::value<List>(container)
               : container.kind() == Kind::kInstance ? &ObjectInside::value<Instance>(container).items
                                                     : nullptr;
  if (list == nullptr) refuse("items are appended to a " + std::string(container.type_name()));
  for (Object& item : items) {
    place(item, box);
    list->push_back(std::move(item));
  }
}

void Builder::set_items(const Object& container, List flat) {
  auto& box = open(container);
  Dict* dict = container.kind() == Kind::kDict       ? &ObjectInside::value<Dict>(container)
               : container.kind() == Kind::kInstance ? &ObjectInside::value<Instance>(container).entries
                                                     : nullptr;
  if (dict == nullptr) refuse("entries are put into a " + std::string(container.type_name()));
  if (flat.size() % 2 != 0) refuse("a key has no value");
  for (std::size_t i = 0; i < flat.size(); i += 2) {
    ration(flat[i]);
    place(flat[i], box), place(flat[i + 1], box);
    dict->set(std::move(flat[i]), std::move(flat[i + 1]));
  }
}

void Builder::insert(const Object& container, List members) {
  auto& box = open(container);
  if (container.kind() != Kind::kSet) refuse("members are added to a " + std::string(container.type_name()));
  for (Object& member : members) {
    ration(member);
    place(member, box);
    ObjectInside::value<Set>(container).insert(std::move(member));
  }
}

void Builder::set_state(const Object& instance, const Object& state) {
  if (instance.kind() != Kind::kInstance) refuse("a " + std::string(instance.type_name()) + " is given a state");
  place(state, open(instance));
  ObjectInside::value<Instance>(instance).state = state;
}

void Builder::spend(std::uint64_t work) {
  if (work > work_left_)
    refuse("the keys of dicts and sets, or other repeated values, are too large for a pickle of this length");
  work_left_ -= work;
}

void Builder::ration(const Object& key) {
  spend(1);
  if (const auto* text = key.get_if<std::string>()) return spend(text->size() / 64);
  if (const auto* bytes = key.get_if<Bytes>()) return spend(bytes->size() / 64);
  if (const auto* integer = key.get_if<Integer>()) return spend(integer->magnitude().size() / 16);
  if (const auto* array = key.get_if<ByteArray>()) return spend(array->bytes.size() / 64);
  if (const auto* global = key.get_if<Global>()) return spend((global->module.size() + global->name.size()) / 64);
  if (const auto* tuple = key.get_if<Tuple>()) return ration_all(tuple->items);
  if (const auto* list = key.get_if<List>()) return ration_all(*list);
  if (const auto* set = key.get_if<FrozenSet>()) return ration_all(*set);
  if (const auto* set = key.get_if<Set>()) return ration_all(*set);
  if (const auto* dict = key.get_if<Dict>()) return ration_entries(*dict);
  if (const auto* instance = key.get_if<Instance>()) {
    ration(instance->callable), ration(instance->args), ration(instance->state);
    ration_all(instance->items), ration_entries(instance->entries);
  }
}

void Builder::ration_entries(const Dict& entries) {
  for (const Dict::Entry& entry : entries) ration(entry.key), ration(entry.value);
}

template <class Parts>
void Builder::ration_all(const Parts& parts) {
  for (const Object& part : parts) ration(part);
}

}  // namespace mp::pickle
