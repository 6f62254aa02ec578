#ifndef CONFORMANCE_ADAPTERS_REFERENCE_SHARED_H_
#define CONFORMANCE_ADAPTERS_REFERENCE_SHARED_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "conformance/adapters/reference/adapter.h"
#include "conformance/adapters/reference/ctype.h"
#include "conformance/adapters/reference/makers.h"
#include "reference/codec.h"
#include "reference/error.h"
#include "reference/lock.h"
#include "reference/rlock.h"
#include "reference/shared_array.h"

// The runner chooses types at run time, C++ when it compiles: so each class of sharedctypes is in this adapter a box around one of many
// types.
namespace mp::conformance {

// ---- What has a lock.

// The lock of an object as the runner knows it: the one that was given, or one handle to its own.
class LockHandle {
 public:
  virtual ~LockHandle() = default;
  virtual bool acquire(bool block, Wait timeout) = 0;
  virtual void release() = 0;
  virtual Value handle(Handles& handles) = 0;
};

template <class L>
class TypedLock : public LockHandle {
 public:
  explicit TypedLock(std::shared_ptr<L> lock) : lock_(std::move(lock)) {}
  bool acquire(bool block, Wait timeout) override { return lock_->acquire(block, timeout); }
  void release() override { lock_->release(); }
  Value handle(Handles& handles) override { return handles.keep(lock_); }

 private:
  std::shared_ptr<L> lock_;
};

// What `lock` is when it is an object; null: the object has a lock of its own.
struct GivenLock {
  std::shared_ptr<Lock> lock;
  std::shared_ptr<RLock> rlock;
};

// AttributeError for what is no lock.
GivenLock given_lock(Args& args);

// ---- Boxes.

template <class Base>
struct Box {
  std::string type;
  bool is_recursive = true;  // its lock is, where there is one
  std::shared_ptr<Base> content;

  void save(Writer& writer) const {
    writer(type, is_recursive);
    content->save(writer);
  }
  void load(Reader& reader) {
    reader(type, is_recursive);
    content = Base::read(type, is_recursive, reader);
  }
};

// ---- What is in them.

class AnyRawValue;
class AnyValue;
class AnyRawArray;
class AnyArray;
using RawValueBox = Box<AnyRawValue>;
using ValueBox = Box<AnyValue>;
using RawArrayBox = Box<AnyRawArray>;
using ArrayBox = Box<AnyArray>;

[[noreturn]] inline void no_attribute(const char* name) {
  throw AttributeError(std::string("this type has no ") + name);
}

class AnyRawValue {
 public:
  virtual ~AnyRawValue() = default;
  virtual Value get() = 0;
  virtual void set(const Value& value) = 0;
  virtual Value field(double Point::*field) = 0;
  virtual void set_field(double Point::*field, double value) = 0;
  virtual std::shared_ptr<AnyRawValue> copied() = 0;
  virtual std::shared_ptr<AnyValue> guarded(const GivenLock& lock) = 0;
  virtual void save(Writer& writer) = 0;

  static std::shared_ptr<AnyRawValue> read(const std::string& type, bool is_recursive, Reader& reader);
};

class AnyValue : public AnyRawValue {
 public:
  std::shared_ptr<AnyRawValue> copied() override { no_attribute("copy"); }
  std::shared_ptr<AnyValue> guarded(const GivenLock&) override { throw AssertionError("this is guarded already"); }
  virtual std::shared_ptr<AnyRawValue> raw() = 0;
  virtual LockHandle& lock() = 0;

  static std::shared_ptr<AnyValue> read(const std::string& type, bool is_recursive, Reader& reader);

  std::shared_ptr<RawValueBox> obj;  // once it was asked for
};

// `From` is Module or Context.
template <class From>
RawValueBox make_raw_value(const From& from, Args& args);
template <class From>
ValueBox make_value(const From& from, Args& args);
ValueBox guard(const RawValueBox& raw, const GivenLock& given);

// An element that is a structure: the memory, not a copy of it.
struct PointInside {
  RawArray<Point> array;
  std::int64_t index;
};

class AnyRawArray {
 public:
  virtual ~AnyRawArray() = default;
  virtual std::size_t size() = 0;
  virtual Value get(const Value& index, Handles& handles) = 0;
  virtual void set(const Value& index, const Value& value) = 0;
  virtual Value text() = 0;
  virtual void set_text(const Value& value) = 0;
  virtual Value bytes() = 0;
  virtual void set_bytes(const Value& value) = 0;
  virtual std::shared_ptr<AnyRawArray> copied() = 0;
  virtual std::shared_ptr<AnyArray> guarded(const GivenLock& lock) = 0;
  virtual void save(Writer& writer) = 0;

  static std::shared_ptr<AnyRawArray> read(const std::string& type, bool is_recursive, Reader& reader);
};

class AnyArray : public AnyRawArray {
 public:
  std::shared_ptr<AnyRawArray> copied() override { no_attribute("copy"); }
  std::shared_ptr<AnyArray> guarded(const GivenLock&) override { throw AssertionError("this is guarded already"); }
  virtual std::shared_ptr<AnyRawArray> raw() = 0;
  virtual LockHandle& lock() = 0;

  static std::shared_ptr<AnyArray> read(const std::string& type, bool is_recursive, Reader& reader);

  std::shared_ptr<RawArrayBox> obj;  // once it was asked for
};

template <class From>
RawArrayBox make_raw_array(const From& from, Args& args);
template <class From>
ArrayBox make_array(const From& from, Args& args);
ArrayBox guard(const RawArrayBox& raw, const GivenLock& given);

}  // namespace mp::conformance

#endif  // CONFORMANCE_ADAPTERS_REFERENCE_SHARED_H_
