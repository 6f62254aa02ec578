#include "platform/region.h"

#include <cstdint>
#include <cstring>
#include <utility>

#include "platform/windows/system.h"

// In front of the memory lies a page that says how much was asked for: the system knows whole pages only.
//
// Shared memory with a price at once ("committed") must fit into memory and paging file as a whole. A large region is only reserved,
// and its pages are committed when they are touched: by a handler of access violations, as there is no other way to hear of a touch.
// What was committed is so in all processes. The system itself cannot touch such a page first; no call of this
// folder is given memory of a region.
namespace mp::platform {
namespace {

constexpr std::size_t kPage = 4096;
constexpr std::size_t kAllPaidAtOnce = std::size_t{1} << 20;
constexpr std::size_t kPaidAtATouch = std::size_t{64} << 10;
constexpr std::uint64_t kMagic = 0x6e6f69676572706d;  // "mpregion"

struct Front {
  std::uint64_t magic;
  std::uint64_t size;
};

bool pay(void* begin, std::size_t length) { return ::VirtualAlloc(begin, length, MEM_COMMIT, PAGE_READWRITE) != nullptr; }

// Whether `place` is in a part of a region that nobody has touched yet.
bool is_ours_and_not_paid(void* place, MEMORY_BASIC_INFORMATION& part) {
  if (::VirtualQuery(place, &part, sizeof(part)) == 0 || part.State != MEM_RESERVE || part.Type != MEM_MAPPED) return false;
  MEMORY_BASIC_INFORMATION front;
  return ::VirtualQuery(part.AllocationBase, &front, sizeof(front)) != 0 && front.State == MEM_COMMIT &&
         front.Protect == PAGE_READWRITE && static_cast<const Front*>(part.AllocationBase)->magic == kMagic;
}

LONG CALLBACK touched(EXCEPTION_POINTERS* pointers) {
  const EXCEPTION_RECORD& record = *pointers->ExceptionRecord;
  if (record.ExceptionCode != EXCEPTION_ACCESS_VIOLATION || record.NumberParameters < 2) return EXCEPTION_CONTINUE_SEARCH;
  if (record.ExceptionInformation[0] > 1) return EXCEPTION_CONTINUE_SEARCH;  // neither read nor written: executed
  const ULONG_PTR place = record.ExceptionInformation[1];
  MEMORY_BASIC_INFORMATION part{};
  if (!is_ours_and_not_paid(reinterpret_cast<void*>(place), part)) {
    // Another thread may have been faster with this page; then the access works at the second attempt.
    const bool paid_meanwhile = part.State == MEM_COMMIT && part.Type == MEM_MAPPED && part.Protect == PAGE_READWRITE;
    return paid_meanwhile ? EXCEPTION_CONTINUE_EXECUTION : EXCEPTION_CONTINUE_SEARCH;
  }
  const ULONG_PTR part_begin = reinterpret_cast<ULONG_PTR>(part.BaseAddress);
  const ULONG_PTR begin = std::max(place / kPaidAtATouch * kPaidAtATouch, part_begin);
  const ULONG_PTR end = std::min(begin + kPaidAtATouch, part_begin + part.RegionSize);
  return pay(reinterpret_cast<void*>(begin), end - begin) ? EXCEPTION_CONTINUE_EXECUTION : EXCEPTION_CONTINUE_SEARCH;
}

void listen_for_touches() {
  static const bool done = ::AddVectoredExceptionHandler(1, touched) != nullptr;
  (void)done;
}

std::byte* map(const Handle& handle) {
  void* const base = ::MapViewOfFile(system_handle(handle), FILE_MAP_READ | FILE_MAP_WRITE, 0, 0, 0);
  if (base == nullptr) refuse("map shared memory");
  return static_cast<std::byte*>(base);
}

}  // namespace

Region Region::create(std::size_t size) {
  if (size > SIZE_MAX / 2) refuse("create shared memory", ERROR_NOT_ENOUGH_MEMORY);
  const std::uint64_t whole = std::uint64_t{size} + kPage;
  const DWORD kind = size <= kAllPaidAtOnce ? SEC_COMMIT : SEC_RESERVE;
  if (kind == SEC_RESERVE) listen_for_touches();
  Handle handle = owned(::CreateFileMappingW(INVALID_HANDLE_VALUE, nullptr, PAGE_READWRITE | kind,
                                             static_cast<DWORD>(whole >> 32), static_cast<DWORD>(whole), nullptr),
                        "create shared memory");
  std::byte* const base = map(handle);
  View view(base + kPage, size, kPage);
  if (!pay(base, kPage)) refuse("create shared memory");
  *reinterpret_cast<Front*>(base) = {kMagic, size};
  return Region(std::move(handle), std::move(view));
}

Region Region::adopt(Handle handle) {
  if (!handle) refuse("map shared memory", ERROR_INVALID_HANDLE);
  listen_for_touches();
  std::byte* const base = map(handle);
  const Front& front = *reinterpret_cast<const Front*>(base);
  View view(base + kPage, front.size, kPage);
  if (front.magic != kMagic) refuse("map shared memory, which is none of ours", ERROR_INVALID_DATA);
  return Region(std::move(handle), std::move(view));
}

Handle Region::handle() const { return handle_.duplicate(); }

// The system takes no page of shared memory back, so the zeros are written; what nobody has touched is zero already.
void Region::discard(std::size_t offset, std::size_t length) {
  std::byte* place = data() + (offset + kPage - 1) / kPage * kPage;
  std::byte* const end = data() + (offset + length) / kPage * kPage;
  while (place < end) {
    MEMORY_BASIC_INFORMATION part;
    if (::VirtualQuery(place, &part, sizeof(part)) == 0) refuse("give shared memory back");
    const auto part_end = std::min(end, static_cast<std::byte*>(part.BaseAddress) + part.RegionSize);
    if (part.State == MEM_COMMIT) std::memset(place, 0, static_cast<std::size_t>(part_end - place));
    place = part_end;
  }
}

}  // namespace mp::platform
