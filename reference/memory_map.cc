#include "reference/memory_map.h"

#include <algorithm>
#include <cstring>
#include <utility>
#include <variant>

#include "platform/error.h"
#include "platform/file_map.h"
#include "platform/region.h"
#include "reference/error.h"

namespace mp {
namespace {

using platform::FileMap;
using platform::Region;

FileMap::Access access_of(MemoryMap::Access access) {
  switch (access) {
    case MemoryMap::Access::kRead: return FileMap::Access::kRead;
    case MemoryMap::Access::kCopy: return FileMap::Access::kCopy;
    case MemoryMap::Access::kWrite: break;
  }
  return FileMap::Access::kWrite;
}

template <class F>
auto asking_the_system(F&& ask) {
  try {
    return ask();
  } catch (const platform::OsError& error) {
    raise(error);
    throw;  // not reached: raise throws
  }
}

std::size_t length_of(std::uint64_t file_size, std::size_t length, std::uint64_t offset) {
  if (offset % FileMap::granularity() != 0) throw ValueError("the offset of a map is a multiple of its granularity");
  if (offset > file_size || length > file_size - offset) {
    throw ValueError("the file has " + std::to_string(file_size) + " bytes, fewer than were to be mapped");
  }
  const std::uint64_t mapped = length == 0 ? file_size - offset : length;
  if (mapped == 0) throw ValueError("an empty file cannot be mapped");
  return static_cast<std::size_t>(mapped);
}

}  // namespace

struct MemoryMap::Local {
  std::variant<std::monostate, FileMap, Region> memory;  // nothing: closed
  bool is_writable = true;
  std::size_t position = 0;

  std::span<std::byte> span() const {
    if (const auto* file = std::get_if<FileMap>(&memory)) return {file->data(), file->size()};
    const Region& region = std::get<Region>(memory);
    return {region.data(), region.size()};
  }
};

MemoryMap::MemoryMap(const std::filesystem::path& file, std::size_t length, Access access, std::uint64_t offset)
    : local_(std::make_shared<Local>()) {
  asking_the_system([&] {
    platform::Handle handle = FileMap::open(file, access_of(access));
    const std::size_t mapped = length_of(FileMap::size_of(handle), length, offset);
    local_->memory = FileMap::create(std::move(handle), offset, mapped, access_of(access));
  });
  local_->is_writable = access != Access::kRead;
}

MemoryMap MemoryMap::anonymous(std::size_t length) {
  if (length == 0) throw ValueError("memory without a file needs a length");
  auto local = std::make_shared<Local>();
  asking_the_system([&] { local->memory = Region::create(length); });
  return MemoryMap(std::move(local));
}

std::size_t MemoryMap::granularity() { return FileMap::granularity(); }

MemoryMap::Local& MemoryMap::open() const {
  if (closed()) throw ValueError("the memory map was closed");
  return *local_;
}

void MemoryMap::close() { local_->memory = std::monostate(); }
bool MemoryMap::closed() const { return std::holds_alternative<std::monostate>(local_->memory); }

std::span<std::byte> MemoryMap::span() const { return open().span(); }
std::size_t MemoryMap::length() const { return span().size(); }

std::string_view MemoryMap::text() const {
  const auto bytes = span();
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::span<std::byte> MemoryMap::writable() const {
  if (!open().is_writable) throw TypeError("this memory map is for reading only");
  return span();
}

std::uint64_t MemoryMap::size() const {
  const auto* file = std::get_if<FileMap>(&open().memory);
  return file != nullptr ? asking_the_system([&] { return file->file_size(); }) : length();
}

std::uint8_t MemoryMap::get(std::int64_t index) const {
  return static_cast<std::uint8_t>(text()[place_of(index, length())]);
}

void MemoryMap::set(std::int64_t index, std::uint8_t byte) { writable()[place_of(index, length())] = std::byte{byte}; }

std::string MemoryMap::get(const Slice& slice) const {
  const Places places = places_of(slice, length());
  if (places.step == 1) return std::string(text().substr(places.count == 0 ? 0 : places[0], places.count));
  std::string bytes;
  for (std::size_t i = 0; i < places.count; ++i) bytes += text()[places[i]];
  return bytes;
}

void MemoryMap::set(const Slice& slice, std::string_view bytes) {
  const auto memory = writable();
  const Places places = places_of(slice, memory.size());
  if (bytes.size() != places.count) {
    throw IndexError("a slice of " + std::to_string(places.count) + " bytes cannot become " +
                     std::to_string(bytes.size()));
  }
  const std::string copied(bytes);  // they may be part of this map
  for (std::size_t i = 0; i < places.count; ++i) memory[places[i]] = static_cast<std::byte>(copied[i]);
}

std::string MemoryMap::read(std::int64_t count) {
  const std::string_view rest = text().substr(open().position);
  const std::string_view taken = count < 0 ? rest : rest.substr(0, static_cast<std::size_t>(count));
  local_->position += taken.size();
  return std::string(taken);
}

std::uint8_t MemoryMap::read_byte() {
  const std::string byte = read(1);
  if (byte.empty()) throw ValueError("no byte is left to be read");
  return static_cast<std::uint8_t>(byte[0]);
}

std::string MemoryMap::readline() {
  const std::size_t end = text().find('\n', open().position);
  return read(end == std::string_view::npos ? -1 : static_cast<std::int64_t>(end + 1 - local_->position));
}

std::size_t MemoryMap::write(std::string_view bytes) {
  const auto rest = writable().subspan(open().position);
  if (bytes.size() > rest.size())
    throw ValueError("the map has room for " + std::to_string(rest.size()) + " more bytes only");
  std::memmove(rest.data(), bytes.data(), bytes.size());
  local_->position += bytes.size();
  return bytes.size();
}

void MemoryMap::write_byte(std::uint8_t byte) {
  const char character = static_cast<char>(byte);
  write({&character, 1});
}

void MemoryMap::seek(std::int64_t offset, Whence whence) {
  const auto size = static_cast<std::int64_t>(length());
  const std::int64_t origin = whence == Whence::kBegin ? 0
                              : whence == Whence::kEnd ? size
                                                       : static_cast<std::int64_t>(tell());
  if (offset < -origin || offset > size - origin) throw ValueError("this position is outside of the map");
  local_->position = static_cast<std::size_t>(origin + offset);
}

std::size_t MemoryMap::tell() const { return open().position; }

// Bounds as of a slice.
std::string_view MemoryMap::part(std::optional<std::int64_t> start, std::optional<std::int64_t> end,
                                 std::size_t& begin) const {
  const Places places = places_of({.start = start.value_or(static_cast<std::int64_t>(tell())), .stop = end}, length());
  begin = places.count == 0 ? static_cast<std::size_t>(places.first) : places[0];
  return text().substr(begin, places.count);
}

std::int64_t MemoryMap::find(std::string_view bytes, std::optional<std::int64_t> start,
                             std::optional<std::int64_t> end) const {
  std::size_t begin;
  const std::size_t found = part(start, end, begin).find(bytes);
  return found == std::string_view::npos ? -1 : static_cast<std::int64_t>(begin + found);
}

std::int64_t MemoryMap::rfind(std::string_view bytes, std::optional<std::int64_t> start,
                              std::optional<std::int64_t> end) const {
  std::size_t begin;
  const std::size_t found = part(start, end, begin).rfind(bytes);
  return found == std::string_view::npos ? -1 : static_cast<std::int64_t>(begin + found);
}

void MemoryMap::move(std::size_t destination, std::size_t source, std::size_t count) {
  const auto memory = writable();
  const std::size_t last = std::max(destination, source);
  if (last > memory.size() || count > memory.size() - last)
    throw ValueError("source or destination is outside of the map");
  std::memmove(memory.data() + destination, memory.data() + source, count);
}

void MemoryMap::flush(std::size_t offset, std::size_t length) {
  const std::size_t all = this->length();
  if (offset > all || offset % granularity() != 0)
    throw ValueError("a flush begins at a multiple of the granularity inside of the map");
  if (auto* file = std::get_if<FileMap>(&local_->memory)) {
    asking_the_system([&] { file->flush(offset, std::min(length, all - offset)); });
  }
}

}  // namespace mp
