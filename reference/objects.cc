#include "reference/objects.h"

#include <algorithm>
#include <cstdio>
#include <random>
#include <typeinfo>
#include <utility>

#include "reference/error.h"
#include "reference/managed.h"
#include "reference/token.h"

namespace mp {

std::string Objects::random_mark() {
  std::random_device device;
  char text[32];
  std::snprintf(text, sizeof(text), "%08x%08x", device(), device());
  return text;
}

std::shared_ptr<const Objects::Referent> Objects::find(const std::string& id) const {
  const std::lock_guard lock(mutex_);
  if (const auto found = objects_.find(id); found != objects_.end()) return found->second;
  if (const auto found = nested_.find(id); found != nested_.end()) return found->second;
  return nullptr;
}

// The object that a proxy of ours stands for.
Instantiated Objects::resolve(const Object& object) const {
  const auto recipe = ProxyRecipe::from(object);
  if (!recipe) return {};
  const auto referent = find(recipe->token.id);
  return referent == nullptr ? Instantiated() : referent->object;
}

// Condition(lock), where the lock is one of ours behind its proxy.
Instantiated Objects::make_condition(const Arguments& arguments) const {
  const Object* given = arguments.args.empty() ? arguments.kwds.find("lock") : &arguments.args[0];
  std::shared_ptr<managed::Mutex> lock;
  if (given == nullptr || given->is_none()) {
    lock = std::make_shared<managed::RLock>();
  } else {
    const Instantiated found = resolve(*given);
    if (found.type == typeid(managed::Lock)) lock = std::static_pointer_cast<managed::Lock>(found.object);
    if (found.type == typeid(managed::RLock)) lock = std::static_pointer_cast<managed::RLock>(found.object);
    if (lock == nullptr) throw AttributeError("the lock of a Condition is a Lock or RLock of the same manager");
  }
  return {std::make_shared<managed::Condition>(std::move(lock)), typeid(managed::Condition)};
}

const Registry::Entry& Objects::entry(const std::string& type_id) const {
  const Registry::Entry* found = registry_.find(type_id);
  if (found == nullptr) throw KeyError("'" + type_id + "'");
  return *found;
}

Objects::Made Objects::create(const std::string& type_id, const Arguments& arguments, Ties* ties) {
  Description type = entry(type_id).description();
  keep_nested(Tuple{arguments.args});
  keep_nested(arguments.kwds);
  if (type.type == typeid(managed::Condition)) return add(make_condition(arguments), std::move(type), ties);
  if (!type.make) throw ValueError("no object of '" + type_id + "' can be made by its name");
  Instantiated object = type.make(arguments);
  return add(std::move(object), std::move(type), ties);
}

Objects::Made Objects::create_from(const std::string& type_id, const Result& given, Ties* ties) {
  Description type = entry(type_id).description();
  if (given.object.object == nullptr) return create(type_id, {{given.value}, {}}, ties);
  if (type.type != given.object.type) throw TypeError("what the method gave is no '" + type_id + "'");
  return add(given.object, std::move(type), ties);
}

Objects::Made Objects::add(Instantiated object, Description type, Ties* ties) {
  auto exposed = type.exposed.empty() ? type.public_methods() : type.exposed;
  for (const auto& [method, _] : type.method_to_typeid) {
    if (std::ranges::find(exposed, method) == exposed.end()) exposed.push_back(method);
  }
  const std::lock_guard lock(mutex_);
  std::string& id = ids_[object.object.get()];
  if (id.empty()) {
    char number[32];
    std::snprintf(number, sizeof(number), "%llx", static_cast<unsigned long long>(++last_id_));
    id = mark_ + number;
  }
  auto shared = std::make_shared<const Description>(std::move(type));
  objects_[id] = std::make_shared<const Referent>(
      Referent{std::move(object), std::move(shared), {exposed.begin(), exposed.end()}});
  ++references_[id];
  if (ties != nullptr) ++(*ties)[id];
  return {id, exposed};
}

void Objects::incref(const std::string& id, Ties* ties) {
  const std::lock_guard lock(mutex_);
  if (!references_.contains(id)) {
    // Nobody outside had it any more, but a container of ours still has.
    const auto nested = nested_.find(id);
    if (nested == nested_.end()) throw KeyError("'" + id + "'");
    objects_[id] = nested->second;
  }
  ++references_[id];
  if (ties != nullptr) ++(*ties)[id];
}

void Objects::adopt(const std::string& id, Ties& ties) {
  const std::lock_guard lock(mutex_);
  if (!references_.contains(id)) throw KeyError("'" + id + "'");
  ++ties[id];
}

// As many as there still are: another client may have given back what was not his.
void Objects::release(Ties& ties) {
  for (const auto& [id, count] : std::exchange(ties, {})) {
    for (std::uint64_t i = 0; i < count; ++i) {
      try {
        decref(id, nullptr);
      } catch (const KeyError&) {
        break;
      }
    }
  }
}

void Objects::decref(const std::string& id, Ties* ties) {
  std::shared_ptr<const Referent> last;  // ends without the mutex
  const std::lock_guard lock(mutex_);
  const auto found = references_.find(id);
  if (found == references_.end()) {
    if (nested_.contains(id)) return;
    throw KeyError("'" + id + "'");
  }
  if (ties != nullptr) {
    if (const auto tied = ties->find(id); tied != ties->end() && --tied->second == 0) ties->erase(tied);
  }
  if (--found->second > 0) return;
  references_.erase(found);
  last = std::move(objects_.at(id));
  objects_.erase(id);
  if (!nested_.contains(id)) ids_.erase(last->object.object.get());
}

void Objects::keep_nested(const Object& object) {
  Seen seen;
  keep_nested(object, seen);
}

// As deep as values come out of a pickle.
void Objects::keep_nested(const Object& object, Seen& seen) {
  if (const auto* list = object.get_if<List>()) {
    if (!seen.insert(list).second) return;
    for (const Object& item : *list) keep_nested(item, seen);
  } else if (const auto* tuple = object.get_if<Tuple>()) {
    if (!seen.insert(tuple).second) return;
    for (const Object& item : tuple->items) keep_nested(item, seen);
  } else if (const auto* dict = object.get_if<Dict>()) {
    if (!seen.insert(dict).second) return;
    for (const auto& entry : *dict) keep_nested(entry.value, seen);
  } else if (object.get_if<Instance>() != nullptr) {
    const auto recipe = ProxyRecipe::from(object);
    if (!recipe) return;
    const std::lock_guard lock(mutex_);
    if (const auto found = objects_.find(recipe->token.id); found != objects_.end()) nested_.insert(*found);
  }
}

std::size_t Objects::size() const {
  const std::lock_guard lock(mutex_);
  return references_.size();
}

std::string Objects::debug_info() const {
  std::map<std::string, std::pair<std::uint64_t, std::shared_ptr<const Referent>>> all;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [id, count] : references_) all[id] = {count, objects_.at(id)};
  }
  std::string text;
  for (const auto& [id, entry] : all) {
    const auto& [count, referent] = entry;
    const Description& type = *referent->type;
    const std::string printed = type.repr ? type.repr(referent->object.object.get()) : "<" + type.name + " object>";
    text += (text.empty() ? "  " : "\n  ") + id + ":       refcount=" + std::to_string(count) + "\n    " +
            printed.substr(0, 75);
  }
  return text;
}

}  // namespace mp
