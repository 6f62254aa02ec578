#ifndef REFERENCE_FORK_HOOK_H_
#define REFERENCE_FORK_HOOK_H_

namespace mp::process_internal {

// What somebody has to do around each fork of this library, outside of what private handles do. There is one at most: that of the proxies, which
// take the references of the child before it begins, so that its parent may drop its own at once.
struct ForkHook {
  void (*before)() = [] {};
  void (*in_parent)() = [] {};
  void (*in_child)() = [] {};
};

// Owns:    nothing; a hook is there for as long as the process lives.
// Shares:  the hook with the forked child.
// Threads: any.
// Blocks:  as the hook's functions do.
// Throws:  nothing; neither may the functions.
void set_fork_hook(ForkHook hook);

// One fork: before() when it begins, in_parent() when it ends, also when the system refuses. The child calls in_child(), and never comes to
// the end.
class Forking {
 public:
  Forking();
  ~Forking();
  Forking(const Forking&) = delete;

  void in_child() const;

 private:
  const ForkHook hook_;
};

}  // namespace mp::process_internal

#endif  // REFERENCE_FORK_HOOK_H_
