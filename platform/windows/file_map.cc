#include "platform/file_map.h"

#include <utility>

#include "platform/windows/system.h"

namespace mp::platform {

// Others may do with the file meanwhile what they like, as on other systems.
Handle FileMap::open(const std::filesystem::path& file, Access access) {
  const DWORD rights = access == Access::kWrite ? GENERIC_READ | GENERIC_WRITE : GENERIC_READ;
  const HANDLE opened = ::CreateFileW(file.c_str(), rights, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr,
                                      OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, nullptr);
  if (opened == INVALID_HANDLE_VALUE) refuse("open the file " + narrow(file.native()));
  return owned(opened, "open a file");
}

std::uint64_t FileMap::size_of(const Handle& file) {
  LARGE_INTEGER size;
  if (!::GetFileSizeEx(system_handle(file), &size)) refuse("ask for the size of a file");
  return static_cast<std::uint64_t>(size.QuadPart);
}

FileMap FileMap::create(Handle file, std::uint64_t offset, std::size_t length, Access access) {
  if (!file) refuse("map a file", ERROR_INVALID_HANDLE);  // the system would take it for memory without a file
  const DWORD protection = access == Access::kRead    ? PAGE_READONLY
                           : access == Access::kWrite ? PAGE_READWRITE
                                                      : PAGE_WRITECOPY;
  const DWORD rights = access == Access::kRead    ? FILE_MAP_READ
                       : access == Access::kWrite ? FILE_MAP_READ | FILE_MAP_WRITE
                                                  : FILE_MAP_COPY;
  const Handle mapping =
      owned(::CreateFileMappingW(system_handle(file), nullptr, protection, 0, 0, nullptr), "map a file");
  void* const data = ::MapViewOfFile(system_handle(mapping), rights, static_cast<DWORD>(offset >> 32),
                                     static_cast<DWORD>(offset), length);
  if (data == nullptr) refuse("map a file");
  return FileMap(std::move(file), View(data, length));
}

std::size_t FileMap::granularity() {
  SYSTEM_INFO info;
  ::GetSystemInfo(&info);
  return info.dwAllocationGranularity;
}

// A file that was opened for reading has no changes to keep: then the second call is refused, and nothing is lost.
void FileMap::flush(std::size_t offset, std::size_t length) {
  if (!::FlushViewOfFile(data() + offset, length)) refuse("flush a mapped file");
  if (!::FlushFileBuffers(system_handle(file_)) && ::GetLastError() != ERROR_ACCESS_DENIED) refuse("flush a mapped file");
}

}  // namespace mp::platform
