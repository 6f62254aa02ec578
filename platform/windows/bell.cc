#include "platform/bell.h"

#include <chrono>
#include <random>
#include <string>

#include "platform/windows/system.h"

// All who sleep until the same ring sleep at one event, which stays set and is never used again: its name is made of the bell and of the
// number that they have heard. The first of them makes it, the ringer sets it if it is there, the last one to close it ends it.
// So nobody can take the wake of another, and a bell costs no handle.
//
//     sleeper:  sleepers = heard + 1, at least;  make the event;  sleep if rings is heard
//     ringer:   rings + 1;  if sleepers is old + 1 or later: set the event of old, if it is there
//
// Each number is ended by exactly one ringer, who wakes those that sleep at it. `sleepers` only ever grows (in the way of numbers that
// wrap), so a sleeper of an older number does not hide one of a newer, and what a killed one left there costs nothing
// once the bell has rung.
namespace mp::platform {
namespace {

constexpr auto kSlice = std::chrono::milliseconds(200);

bool is_at_least(std::uint32_t number, std::uint32_t other) { return static_cast<std::int32_t>(number - other) >= 0; }

std::wstring event_name(const BellState& state, std::uint32_t heard) {
  return L"Local\\mp-bell-" + std::to_wstring(state.name) + L"-" + std::to_wstring(heard);
}

void raise(std::atomic<std::uint32_t>& word, std::uint32_t least) {
  std::uint32_t now = word.load(std::memory_order_seq_cst);
  while (!is_at_least(now, least) && !word.compare_exchange_weak(now, least, std::memory_order_seq_cst)) {
  }
}

}  // namespace

Bell Bell::create(BellState& state) {
  std::random_device random;
  state.name = std::uint64_t{random()} << 32 | random();
  state.sleepers.store(0, std::memory_order_relaxed);
  state.rings.store(0, std::memory_order_release);
  return Bell(state, Handle());
}

Bell Bell::adopt(BellState& state, Handle handle) { return Bell(state, std::move(handle)); }

Handle Bell::handle() const { return Handle(); }

bool Bell::listen(std::uint32_t heard, Deadline deadline) {
  if (rings() != heard) return true;
  if (deadline.has_passed()) return false;
  const Handle event = owned(::CreateEventW(nullptr, TRUE, FALSE, event_name(*state_, heard).c_str()), "sleep at a bell");
  raise(state_->sleepers, heard + 1);
  while (state_->rings.load(std::memory_order_seq_cst) == heard) {
    if (deadline.has_passed()) return false;
    wait_for(system_handle(event), deadline.or_earlier(Deadline::after(kSlice)));
  }
  return true;
}

void Bell::ring() {
  const std::uint32_t old = state_->rings.fetch_add(1, std::memory_order_seq_cst);
  if (!is_at_least(state_->sleepers.load(std::memory_order_seq_cst), old + 1)) return;
  const HANDLE found = ::OpenEventW(EVENT_MODIFY_STATE, FALSE, event_name(*state_, old).c_str());
  if (found == nullptr) {
    if (::GetLastError() == ERROR_FILE_NOT_FOUND) return;  // they have seen the ring, or waited long enough
    refuse("wake at a bell");
  }
  const Handle event(reinterpret_cast<NativeHandle>(found));
  if (!::SetEvent(found)) refuse("wake at a bell");
}

}  // namespace mp::platform
