#include "platform/named_region.h"

#include <utility>

#include "platform/windows/system.h"

// The names are those of CPython, which has them without a prefix: of the session of this user.
namespace mp::platform {
namespace {

std::byte* map(const Handle& handle) {
  void* const data = ::MapViewOfFile(system_handle(handle), FILE_MAP_READ | FILE_MAP_WRITE, 0, 0, 0);
  if (data == nullptr) refuse("map named shared memory");
  return static_cast<std::byte*>(data);
}

std::size_t size_of(const std::byte* data) {
  MEMORY_BASIC_INFORMATION view;
  if (::VirtualQuery(data, &view, sizeof(view)) == 0) refuse("ask for the size of named shared memory");
  return view.RegionSize;
}

}  // namespace

std::optional<NamedRegion> NamedRegion::create(const std::string& name, std::size_t size) {
  const std::uint64_t whole = size;
  Handle handle = owned(::CreateFileMappingW(INVALID_HANDLE_VALUE, nullptr, PAGE_READWRITE, static_cast<DWORD>(whole >> 32),
                                             static_cast<DWORD>(whole), wide(name).c_str()),
                        "create named shared memory");
  if (::GetLastError() == ERROR_ALREADY_EXISTS) return std::nullopt;
  View view(map(handle), size);
  return NamedRegion(std::move(view), std::move(handle));
}

std::optional<NamedRegion> NamedRegion::open(const std::string& name) {
  const HANDLE found = ::OpenFileMappingW(FILE_MAP_READ | FILE_MAP_WRITE, FALSE, wide(name).c_str());
  if (found == nullptr && ::GetLastError() == ERROR_FILE_NOT_FOUND) return std::nullopt;
  Handle handle = owned(found, "open named shared memory");
  std::byte* const data = map(handle);
  return NamedRegion(View(data, size_of(data)), std::move(handle));
}

bool NamedRegion::remove(const std::string&) { return true; }

}  // namespace mp::platform
