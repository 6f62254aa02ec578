#ifndef REFERENCE_SEGMENTS_H_
#define REFERENCE_SEGMENTS_H_

#include <mutex>
#include <string>
#include <vector>

namespace mp {

// The blocks of shared memory that a server looks after for its clients: by their names, which are gone when it ends.
//
// Owns:    the names, not the memory: who is attached stays so.
// Shares:  nothing; one a server. A process that is forked off does not remove what its parent looks after.
// Threads: every method in any.
// Blocks:  never.
// Throws:  ProcessError from track() after remove_all(), since nobody would remove that block any more; KeyError from release() for a name
//          that it does not have; OSError when the system refuses.
class Segments {
 public:
  void track(const std::string& name);
  // Removes one before the end.
  void release(const std::string& name);
  std::vector<std::string> names() const;
  // [shared-memory.manager.shutdown.blocks] The end. One that somebody has removed already, or that the system does not let go, holds up no other.
  void remove_all();

 private:
  mutable std::mutex mutex_;
  bool removed_ = false;
  std::vector<std::string> names_;
};

}  // namespace mp

#endif  // REFERENCE_SEGMENTS_H_
