#include "reference/registry.h"

#include "reference/error.h"

namespace mp {

Description Registry::Entry::description() const {
  Description described;
  if (travelling != nullptr) described = travelling();
  if (here) described = here();
  if (options.exposed) described.exposed = *options.exposed;
  for (const auto& [method, type_id] : options.method_to_typeid) described.method_to_typeid[method] = type_id;
  return described;
}

void Registry::Entry::save(Writer& writer) const {
  if (here) {
    throw PickleError(
        "a manager of this process was given a function that keeps variables of its creator: its server can only be started by fork, or "
        "run here by get_server()");
  }
  writer(travelling, options.exposed, options.method_to_typeid, options.create_method);
}

void Registry::Entry::load(Reader& reader) {
  reader(travelling, options.exposed, options.method_to_typeid, options.create_method);
}

const Registry::Entry* Registry::find(const std::string& type_id) const {
  const auto found = entries_.find(type_id);
  return found == entries_.end() ? nullptr : &found->second;
}

}  // namespace mp
