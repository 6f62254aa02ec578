#ifndef REFERENCE_PICKLE_INTERNAL_H_
#define REFERENCE_PICKLE_INTERNAL_H_

#include <cstdint>
#include <string>
#include <utility>

#include "reference/error.h"
#include "reference/object.h"

namespace mp {

// What reading and writing pickles needs to know of an Object beyond its value: which of them share storage.
struct ObjectInside {
  static object_internal::Box* box(const Object& object) { return object.is_boxed() ? object.box_ : nullptr; }
  // In place, seen by all that share it: the reader fills a container that its memo knows already.
  template <class T>
  static T& value(const Object& object) {
    return object.value<T>();
  }
  static Object checked_text(std::string text) { return Object(Object::Kind::kStr, std::move(text)); }
};

namespace pickle {

[[noreturn]] inline void refuse(const std::string& why) { throw PickleError(why); }

// The opcodes, under the names that Python's pickletools gives them.
enum class Op : std::uint8_t {
  kMark = '(', kStop = '.', kPop = '0', kPopMark = '1', kDup = '2',
  kNone = 'N', kNewTrue = 0x88, kNewFalse = 0x89,
  kInt = 'I', kLong = 'L', kBinInt = 'J', kBinInt1 = 'K', kBinInt2 = 'M', kLong1 = 0x8a, kLong4 = 0x8b,
  kFloat = 'F', kBinFloat = 'G',
  kString = 'S', kBinString = 'T', kShortBinString = 'U',
  kUnicode = 'V', kShortBinUnicode = 0x8c, kBinUnicode = 'X', kBinUnicode8 = 0x8d,
  kShortBinBytes = 'C', kBinBytes = 'B', kBinBytes8 = 0x8e, kByteArray8 = 0x96,
  kNextBuffer = 0x97, kReadOnlyBuffer = 0x98,
  kEmptyList = ']', kList = 'l', kAppend = 'a', kAppends = 'e',
  kEmptyTuple = ')', kTuple = 't', kTuple1 = 0x85, kTuple2 = 0x86, kTuple3 = 0x87,
  kEmptyDict = '}', kDict = 'd', kSetItem = 's', kSetItems = 'u',
  kEmptySet = 0x8f, kAddItems = 0x90, kFrozenSet = 0x91,
  kGet = 'g', kBinGet = 'h', kLongBinGet = 'j', kPut = 'p', kBinPut = 'q', kLongBinPut = 'r', kMemoize = 0x94,
  kGlobal = 'c', kStackGlobal = 0x93, kReduce = 'R', kBuild = 'b', kInst = 'i', kObj = 'o', kNewObj = 0x81, kNewObjEx = 0x92,
  kExt1 = 0x82, kExt2 = 0x83, kExt4 = 0x84, kPersId = 'P', kBinPersId = 'Q',
  kProto = 0x80, kFrame = 0x95,
};

}  // namespace pickle
}  // namespace mp

#endif  // REFERENCE_PICKLE_INTERNAL_H_
