#include "reference/fork_hook.h"

#include <atomic>

namespace mp::process_internal {
namespace {

std::atomic<const ForkHook*> current = nullptr;

ForkHook the_hook() {
  const ForkHook* const hook = current.load(std::memory_order_acquire);
  return hook == nullptr ? ForkHook() : *hook;
}

}  // namespace

void set_fork_hook(ForkHook hook) { current.store(new ForkHook(hook), std::memory_order_release); }

Forking::Forking() : hook_(the_hook()) { hook_.before(); }

}  // namespace mp::process_internal
