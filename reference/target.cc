#include "reference/target.h"

#include "platform/code.h"
#include "reference/error.h"

namespace mp {

void save_target(const Target* target, Writer& writer) {
  if (target == nullptr) {
    writer(target_internal::Load{nullptr});
  } else {
    target->save(writer);
  }
}

std::unique_ptr<Target> load_target(Reader& reader) {
  const auto load = reader.read<target_internal::Load>();
  return load == nullptr ? nullptr : load(reader);
}

void target_internal::refuse(const std::string& what, const std::type_info& type) {
  throw PickleError(
      what + " (of type " + platform::readable_name(type) +
      ") cannot travel to a process that is not forked: use a plain function or a lambda without captures, give it "
      "what it needs as arguments, and give classes a serialize() member");
}

}  // namespace mp
