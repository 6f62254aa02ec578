#ifndef REFERENCE_HELD_H_
#define REFERENCE_HELD_H_

#include <atomic>
#include <memory>

#include "platform/life.h"
#include "reference/link.h"
#include "reference/token.h"

namespace mp::proxy_internal {

// One reference of this process to one object of a server.
//
// A child that Process forks has its own from the beginning, on an anchor of its own (see Forks). With a server of CPython, or one that does not
// answer, it takes one when it first uses the object, as does one that the program forks by itself: that of its parent is not its to give back.
//
// Owns:    the reference, until it ends, or the process does.
// Shares:  itself, between copies of a proxy.
// Threads: own() in any.
// Blocks:  until the server answers.
// Throws:  as Link. Never from the destructor.
class Held {
 public:
  Held(std::shared_ptr<Link> link, Token token);
  ~Held();
  Held(const Held&) = delete;

  // Takes it, unless this process has it.
  void own();
  // The server has counted it already, in nobody's name.
  void adopted();
  // The server has counted it already, as one of this process.
  void taken() { owner_ = platform::own_life(); }
  bool is_own() const { return owner_ == platform::own_life(); }
  // Whoever uses it afterwards takes it again.
  void give_back() noexcept;

  const std::shared_ptr<Link> link;
  const Token token;

 private:
  std::atomic<platform::Life> owner_ = 0;
};

}  // namespace mp::proxy_internal

#endif  // REFERENCE_HELD_H_
