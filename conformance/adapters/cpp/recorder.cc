#include "conformance/adapters/cpp/recorder.h"

#include <algorithm>
#include <cstring>

namespace mp::conformance {

Value Recorder::operator()(Values args) {
  const std::lock_guard lock(mutex_);
  seen_.push_back(Tuple::of(std::move(args)));
  changed_.notify_all();
  if (results_.empty()) return None;
  const Value& result = results_[std::min(seen_.size(), results_.size()) - 1];
  if (const Error* error = result.as<Error>()) throw Raised(*error);
  return result;
}

Value Recorder::calls() const {
  const std::lock_guard lock(mutex_);
  return List::of(seen_);
}

void Recorder::wait(std::size_t count) const {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return seen_.size() >= count; });
}

void offer_recorder_and_bytearray(Adapter& adapter) {
  adapter.type<Recorder>("recorder")
      .make("recorder(*results)", [](Args& args) { return std::make_shared<Recorder>(std::move(args.more())); })
      .method("calls()", [](Recorder& recorder, Args&) { return recorder.calls(); })
      .method("wait(n)", [](Recorder& recorder, Args& args) { recorder.wait(static_cast<std::size_t>(args.integer("n"))); });
  adapter.type<ByteBuffer>("bytearray")
      .make("bytearray(content)",
            [](Args& args) {
              auto buffer = std::make_shared<ByteBuffer>();
              if (const Bytes* bytes = args["content"].as<Bytes>()) {
                buffer->bytes.resize(bytes->data.size());
                std::memcpy(buffer->bytes.data(), bytes->data.data(), bytes->data.size());
              } else {
                buffer->bytes.resize(static_cast<std::size_t>(args.integer("content")));
              }
              return buffer;
            })
      .method("bytes()", [](ByteBuffer& buffer, Args&) {
        return Bytes(std::string_view(reinterpret_cast<const char*>(buffer.bytes.data()), buffer.bytes.size()));
      });
}

}  // namespace mp::conformance
