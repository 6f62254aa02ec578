#include <optional>
#include <string>
#include <vector>

#include "conformance/adapters/reference/adapter.h"
#include "conformance/adapters/reference/ctype.h"
#include "conformance/adapters/reference/parcel.h"
#include "reference/error.h"
#include "reference/memory_map.h"
#include "reference/shareable_list.h"
#include "reference/shared_memory.h"

namespace mp::conformance {
namespace {

std::optional<std::int64_t> number_or_none(Args& args, std::string_view name) {
  return args[name].is_none() ? std::nullopt : std::optional(args.integer(name));
}

std::optional<std::string> text_or_none(Args& args, std::string_view name) {
  return args[name].is_none() ? std::nullopt : std::optional(args.text(name));
}

// ---- SharedMemory. Python's buf is a memoryview; C++ has a span, and the slices are made here.

std::string_view characters_of(std::span<std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

Value get_bytes(SharedMemory& block, Args& args) {
  const auto buf = block.buf();
  const Slice* slice = args["index"].as<Slice>();
  if (slice == nullptr) return std::to_integer<int>(buf[place_of(args.integer("index"), buf.size())]);
  const Places places = places_of(slice_of(*slice), buf.size());
  std::string bytes;
  for (std::size_t i = 0; i < places.count; ++i) bytes += characters_of(buf)[places[i]];
  return Bytes(bytes);
}

void set_bytes(SharedMemory& block, Args& args) {
  const auto buf = block.buf();
  const Slice* slice = args["index"].as<Slice>();
  if (slice == nullptr) {
    buf[place_of(args.integer("index"), buf.size())] = static_cast<std::byte>(args.integer("value"));
    return;
  }
  const Places places = places_of(slice_of(*slice), buf.size());
  const std::string& bytes = args.bytes("value");
  if (bytes.size() != places.count) throw ValueError("a slice of another size");
  for (std::size_t i = 0; i < places.count; ++i) buf[places[i]] = static_cast<std::byte>(bytes[i]);
}

void offer_shared_memory(Adapter& adapter) {
  Luggage::travels<SharedMemory>();
  adapter.type<SharedMemory>("SharedMemory")
      .make("SharedMemory(name=None, create=False, size=0)",
            [](Args& args) {
              return SharedMemory({text_or_none(args, "name"), args.flag("create"), args.integer("size")});
            })
      .method("__getitem__(index)", get_bytes)
      .method("__setitem__(index, value)", set_bytes)
      .method("close()", [](SharedMemory& block, Args&) { block.close(); })
      .method("unlink()", [](SharedMemory& block, Args&) { block.unlink(); })
      .get("name", [](SharedMemory& block, Args&) { return Value(block.name()); })
      .get("size", [](SharedMemory& block, Args&) { return block.size(); });
}

// ---- ShareableList.

Object object_of(Args& args, std::string_view name) { return to_object(args[name], args.handles()); }

ShareableList make_list(Args& args) {
  const Value& sequence = args["sequence"];
  if (sequence.is_none() && !args["name"].is_none()) return ShareableList::attach(args.text("name"));
  std::vector<Object> values;
  if (!sequence.is_none()) {
    for (const Value& value : sequence.items()) values.push_back(to_object(value, args.handles()));
  }
  return ShareableList(values, text_or_none(args, "name"));
}

void offer_shareable_list(Adapter& adapter) {
  Luggage::travels<ShareableList>();
  adapter.type<ShareableList>("ShareableList")
      .make("ShareableList(sequence=None, *, name=None)", make_list)
      .method("__len__()", [](ShareableList& list, Args&) { return list.size(); })
      .method(
          "__getitem__(position)",
          [](ShareableList& list, Args& args) { return to_value(list.get(args.integer("position")), args.handles()); })
      .method("__setitem__(position, value)",
              [](ShareableList& list, Args& args) { list.set(args.integer("position"), object_of(args, "value")); })
      .method("count(value)", [](ShareableList& list, Args& args) { return list.count(object_of(args, "value")); })
      .method("index(value)", [](ShareableList& list, Args& args) { return list.index(object_of(args, "value")); })
      .get("format", [](ShareableList& list, Args&) { return Value(list.format()); })
      .get("shm", [](ShareableList& list, Args&) { return SharedMemory(list.shm()); });
}

// ---- mmap.

MemoryMap make_map(Args& args) {
  const auto length = static_cast<std::size_t>(args.integer("length"));
  if (!args["path"].is_none()) return MemoryMap(args.text("path"), length);
  if (args.integer("fileno") != -1) throw NotOffered{"a map of a descriptor: C++ maps a file by its path"};
  return MemoryMap::anonymous(length);
}

Value get_part(MemoryMap& map, Args& args) {
  if (const Slice* slice = args["index"].as<Slice>()) return Bytes(map.get(slice_of(*slice)));
  return map.get(args.integer("index"));
}

void set_part(MemoryMap& map, Args& args) {
  if (const Slice* slice = args["index"].as<Slice>()) {
    map.set(slice_of(*slice), args.bytes("value"));
  } else {
    map.set(args.integer("index"), static_cast<std::uint8_t>(args.integer("value")));
  }
}

void offer_memory_map(Adapter& adapter) {
  adapter.type<MemoryMap>("mmap")
      .make("mmap(fileno=-1, length=0, path=None)", make_map)
      .method("__len__()", [](MemoryMap& map, Args&) { return map.length(); })
      .method("__getitem__(index)", get_part)
      .method("__setitem__(index, value)", set_part)
      .method("read(n=None)",
              [](MemoryMap& map, Args& args) { return Bytes(map.read(number_or_none(args, "n").value_or(-1))); })
      .method("read_byte()", [](MemoryMap& map, Args&) { return map.read_byte(); })
      .method("readline()", [](MemoryMap& map, Args&) { return Bytes(map.readline()); })
      .method("write(bytes)", [](MemoryMap& map, Args& args) { return map.write(args.bytes("bytes")); })
      .method("write_byte(byte)",
              [](MemoryMap& map, Args& args) { map.write_byte(static_cast<std::uint8_t>(args.integer("byte"))); })
      .method("seek(pos, whence=0)",
              [](MemoryMap& map, Args& args) {
                map.seek(args.integer("pos"), static_cast<MemoryMap::Whence>(args.integer("whence")));
              })
      .method("tell()", [](MemoryMap& map, Args&) { return map.tell(); })
      .method("find(sub, start=None, end=None)",
              [](MemoryMap& map, Args& args) {
                return map.find(args.bytes("sub"), number_or_none(args, "start"), number_or_none(args, "end"));
              })
      .method("rfind(sub, start=None, end=None)",
              [](MemoryMap& map, Args& args) {
                return map.rfind(args.bytes("sub"), number_or_none(args, "start"), number_or_none(args, "end"));
              })
      .method("move(dest, src, count)",
              [](MemoryMap& map, Args& args) {
                map.move(static_cast<std::size_t>(args.integer("dest")), static_cast<std::size_t>(args.integer("src")),
                         static_cast<std::size_t>(args.integer("count")));
              })
      .method("flush()", [](MemoryMap& map, Args&) { map.flush(); })
      .method("size()", [](MemoryMap& map, Args&) { return map.size(); })
      .method("close()", [](MemoryMap& map, Args&) { map.close(); })
      .method("__enter__()", [](MemoryMap& map, Args&) { map.length(); })
      .method("__exit__()", [](MemoryMap& map, Args&) { map.close(); })
      .get("closed", [](MemoryMap& map, Args&) { return map.closed(); });
}

}  // namespace

void offer_named_memory(Adapter& adapter) {
  offer_shared_memory(adapter);
  offer_shareable_list(adapter);
  offer_memory_map(adapter);
}

}  // namespace mp::conformance
