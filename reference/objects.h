#ifndef REFERENCE_OBJECTS_H_
#define REFERENCE_OBJECTS_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "reference/address.h"
#include "reference/object.h"
#include "reference/referent.h"
#include "reference/registry.h"

namespace mp {

// The objects of one server, and who still refers to them.
//
// Owns:    the objects, each until the last reference to it is given back.
// Shares:  nothing; they are reached through a Session.
// Threads: every method in any.
// Blocks:  create() as long as the constructor does.
// Throws:  KeyError for an id or a typeid that nobody knows; what constructors throw.
class Objects {
 public:
  // An object, and what clients may do with it.
  struct Referent {
    Instantiated object;
    std::shared_ptr<const Description> type;
    std::set<std::string, std::less<>> exposed;
  };

  // The references that belong to one connection: they end with it.
  using Ties = std::map<std::string, std::uint64_t>;
  // What a client is told of a new object: its id, and the methods that it exposes.
  using Made = std::pair<std::string, std::vector<std::string>>;

  // The address is that of the server, as it knows it. Ids begin with the mark.
  Objects(Registry registry, Address address, std::string mark = random_mark())
      : registry_(std::move(registry)), address_(std::move(address)), mark_(std::move(mark)) {}

  const Address& address() const { return address_; }
  // Null when there is none.
  std::shared_ptr<const Referent> find(const std::string& id) const;
  // With one reference to it.
  Made create(const std::string& type_id, const Arguments& arguments, Ties* ties);
  // Of what a method gave.
  Made create_from(const std::string& type_id, const Result& given, Ties* ties);
  void incref(const std::string& id, Ties* ties);
  void adopt(const std::string& id, Ties& ties);
  void decref(const std::string& id, Ties* ties);
  // The end of a connection.
  void release(Ties& ties);
  // What proxies of ours in data that is about to be kept stand for must not end before the server: nobody counts the copies of data.
  void keep_nested(const Object& object);

  std::size_t size() const;
  std::string debug_info() const;

 private:
  using Seen = std::unordered_set<const void*>;  // containers: one that is shared is walked once, however often it is there
  void keep_nested(const Object& object, Seen& seen);
  // So that no other server has the same ids. A proxy is told by its id alone to be one of ours: the address in it is the one by which its
  // client has reached us, with the name of a host, say.
  static std::string random_mark();
  const Registry::Entry& entry(const std::string& type_id) const;
  Made add(Instantiated object, Description type, Ties* ties);
  Instantiated resolve(const Object& object) const;
  Instantiated make_condition(const Arguments& arguments) const;

  const Registry registry_;
  const Address address_;
  const std::string mark_;

  // Guards what follows. Never held while a method of an object runs, or an object ends.
  mutable std::mutex mutex_;
  std::uint64_t last_id_ = 0;
  std::map<std::string, std::shared_ptr<const Referent>> objects_;
  std::map<std::string, std::uint64_t> references_;
  std::map<const void*, std::string> ids_;
  std::map<std::string, std::shared_ptr<const Referent>> nested_;
};

}  // namespace mp

#endif  // REFERENCE_OBJECTS_H_
