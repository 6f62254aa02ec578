#include "reference/fork_hook.h"

#include <atomic>

#include "reference/private_handle.h"

namespace mp::process_internal {
namespace {

std::atomic<const ForkHook*> current = nullptr;

ForkHook the_hook() {
  const ForkHook* const hook = current.load(std::memory_order_acquire);
  return hook == nullptr ? ForkHook() : *hook;
}

}  // namespace

void set_fork_hook(ForkHook hook) { current.store(new ForkHook(hook), std::memory_order_release); }

// The hook may open handles before the fork, and close some afterwards.
Forking::Forking() : hook_(the_hook()) {
  hook_.before();
  PrivateHandle::before_fork();
}

Forking::~Forking() {
  PrivateHandle::in_parent();
  hook_.in_parent();
}

void Forking::in_child() const {
  PrivateHandle::in_child();
  hook_.in_child();
}

}  // namespace mp::process_internal
