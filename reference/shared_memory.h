#ifndef REFERENCE_SHARED_MEMORY_H_
#define REFERENCE_SHARED_MEMORY_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace mp {

class Reader;
class Writer;
struct Undecoded;

struct SharedMemoryOptions {
  std::optional<std::string> name = {};  // unset: a new one is made up
  bool create = false;
  std::int64_t size = 0;  // of a new block; whoever attaches is told the size
};

// A block of memory that any process can reach by its name, Python programs among them: multiprocessing.shared_memory.SharedMemory
// opens what this creates, and the other way round.
//
//   mp::SharedMemory block({.create = true, .size = 100});      // here
//   mp::SharedMemory same({.name = "psm_1a2b3c4d"});            // in whichever process
//   same.buf()[0] = std::byte{1};
//
// Owns:    access to the block, shared by all copies, until close(). The block itself belongs to everybody who knows its name: one of
//          them has to call unlink(), else it stays until the machine is started again. Nobody else removes it: no process
//          takes it along when it ends, as CPython's do with a block of strangers that they had attached to.
// Shares:  by name with any process; travels anywhere, also through a queue, as its name.
// Threads: the memory may be used by everybody at once; an object as a plain value.
// Blocks:  never.
// Throws:  FileExistsError, FileNotFoundError for names; ValueError for a size that is not positive, for attaching without a name,
//          for buf() after close(); MemoryError, OSError when the system refuses.
class SharedMemory {
 public:
  explicit SharedMemory(SharedMemoryOptions options);
  explicit SharedMemory(Undecoded);

  const std::string& name() const { return name_; }
  // At least what was asked for, whether or not the object is closed.
  std::size_t size() const { return size_; }
  std::span<std::byte> buf() const;

  // [shared-memory.close.keeps-block] Ends the access of this object and of its copies here. A second time does nothing.
  void close();
  // [shared-memory.unlink.removes-name] Once, by anybody; who is attached stays so. FileNotFoundError when the name is gone.
  // Does nothing on Windows, where the name goes with the last who is attached.
  void unlink();

  void save(Writer& writer) const;
  void load(Reader& reader);

 private:
  struct Local;

  std::string name_;
  std::size_t size_ = 0;
  std::shared_ptr<Local> local_;
};

}  // namespace mp

#endif  // REFERENCE_SHARED_MEMORY_H_
