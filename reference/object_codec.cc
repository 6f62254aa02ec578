#include "reference/codec.h"
#include "reference/object.h"
#include "reference/pickle.h"

namespace mp {

void Object::save(Writer& writer) const {
  platform::Message message = pickle::dump_message(*this);
  writer(message.bytes, std::uint64_t{message.handles.size()});
  for (platform::Handle& handle : message.handles) writer.attach(std::move(handle));
}

void Object::load(Reader& reader) {
  platform::Message message;
  message.bytes = reader.read<std::vector<std::byte>>();
  // No reserve(): a false count ends at the first handle that is not there.
  for (auto count = reader.read<std::uint64_t>(); count > 0; --count) message.handles.push_back(reader.detach());
  *this = pickle::load_message(std::move(message));
}

}  // namespace mp
