#include <array>
#include <bit>
#include <string>
#include <string_view>
#include <unordered_map>

#include "reference/error.h"
#include "reference/pickle.h"
#include "reference/pickle_internal.h"

namespace mp::pickle {
namespace {

using Kind = Object::Kind;

class Pickler {
 public:
  Pickler(int protocol, bool with_handles) : protocol_(protocol), with_handles_(with_handles) {}

  platform::Message write(const Object& object) {
    if (protocol_ != 4 && protocol_ != 5) {
      throw ValueError("pickles are written in protocol 4 or 5, not " + std::to_string(protocol_));
    }
    put(Op::kProto);
    put_number<1>(static_cast<std::uint64_t>(protocol_));
    save(object);
    put(Op::kStop);
    return std::move(message_);
  }

 private:
  void put(Op op) { message_.bytes.push_back(static_cast<std::byte>(op)); }
  void put_bytes(const void* data, std::size_t size) {
    const auto* bytes = static_cast<const std::byte*>(data);
    message_.bytes.insert(message_.bytes.end(), bytes, bytes + size);
  }
  // Little endian, as everything in a pickle but the float.
  template <std::size_t kSize>
  void put_number(std::uint64_t number) {
    std::array<std::byte, kSize> bytes;
    for (std::byte& byte : bytes) {
      byte = static_cast<std::byte>(number);
      number >>= 8;
    }
    put_bytes(bytes.data(), kSize);
  }
  void put_sized(Op op1, Op op4, Op op8, const void* data, std::size_t size) {
    if (size <= 0xff) {
      put(op1), put_number<1>(size);
    } else if (size <= 0xffffffff) {
      put(op4), put_number<4>(size);
    } else {
      put(op8), put_number<8>(size);
    }
    put_bytes(data, size);
  }

  void save(const Object& object) {
    const object_internal::Box* box = ObjectInside::box(object);
    if (box == nullptr) return save_plain(object);
    // Only what has several users can be met twice. (Users elsewhere cost a memo entry that nobody asks for, no more.)
    const bool shared = box->uses.load(std::memory_order_relaxed) > 1;
    if (shared && save_from_memo(box)) return;
    if (++depth_ > kDeepest) {
      throw PickleError("the object nests more than " + std::to_string(kDeepest) + " deep, or contains itself: it cannot be pickled");
    }
    save_boxed(object, shared ? box : nullptr);
    --depth_;
  }

  bool save_from_memo(const object_internal::Box* box) {
    const auto known = memo_.find(box);
    if (known == memo_.end()) return false;
    if (known->second <= 0xff) {
      put(Op::kBinGet), put_number<1>(known->second);
    } else {
      put(Op::kLongBinGet), put_number<4>(known->second);
    }
    return true;
  }

  // `box` is what to remember, nullptr for nothing. A container is remembered before its contents, as Python does.
  void memoize(const object_internal::Box* box) {
    if (box == nullptr) return;
    memo_.emplace(box, static_cast<std::uint32_t>(memo_.size()));
    put(Op::kMemoize);
  }

  void save_plain(const Object& object) {
    switch (object.kind()) {
      case Kind::kBool: return put(object.as<bool>() ? Op::kNewTrue : Op::kNewFalse);
      case Kind::kInt: return save_int(object.as<std::int64_t>());
      case Kind::kFloat: return save_float(object.as<double>());
      default: return put(Op::kNone);
    }
  }

  void save_int(std::int64_t value) {
    if (value >= 0 && value <= 0xff) {
      put(Op::kBinInt1), put_number<1>(static_cast<std::uint64_t>(value));
    } else if (value >= 0 && value <= 0xffff) {
      put(Op::kBinInt2), put_number<2>(static_cast<std::uint64_t>(value));
    } else if (value >= INT32_MIN && value <= INT32_MAX) {
      put(Op::kBinInt), put_number<4>(static_cast<std::uint64_t>(value));
    } else {
      put(Op::kLong1), put_number<1>(8), put_number<8>(static_cast<std::uint64_t>(value));
    }
  }

  void save_integer(const Integer& value) {
    const std::vector<std::byte> bytes = value.twos_complement();
    if (bytes.size() <= 0xff) {
      put(Op::kLong1), put_number<1>(bytes.size());
    } else if (bytes.size() <= INT32_MAX) {
      put(Op::kLong4), put_number<4>(bytes.size());
    } else {
      throw PickleError("an int of " + std::to_string(bytes.size()) + " bytes is too large to be pickled");
    }
    put_bytes(bytes.data(), bytes.size());
  }

  void save_float(double value) {
    put(Op::kBinFloat);
    const auto bits = std::bit_cast<std::uint64_t>(value);
    for (int shift = 56; shift >= 0; shift -= 8) put_number<1>(bits >> shift);
  }

  void save_text(std::string_view text) {
    put_sized(Op::kShortBinUnicode, Op::kBinUnicode, Op::kBinUnicode8, text.data(), text.size());
  }
  void save_bytes(const Bytes& bytes) {
    put_sized(Op::kShortBinBytes, Op::kBinBytes, Op::kBinBytes8, bytes.data(), bytes.size());
  }
  void save_global(std::string_view module, std::string_view name) {
    save_text(module), save_text(name), put(Op::kStackGlobal);
  }

  void save_boxed(const Object& object, const object_internal::Box* box) {
    switch (object.kind()) {
      case Kind::kBigInt: save_integer(object.get<Integer>()), memoize(box); break;
      case Kind::kStr: save_text(object.get<std::string>()), memoize(box); break;
      case Kind::kBytes: save_bytes(object.get<Bytes>()), memoize(box); break;
      case Kind::kByteArray: save_byte_array(object.get<ByteArray>().bytes), memoize(box); break;
      case Kind::kList: put(Op::kEmptyList), memoize(box), save_items(object.get<List>(), Op::kAppends); break;
      case Kind::kTuple: save_tuple(object.get<Tuple>().items), memoize(box); break;
      case Kind::kDict: put(Op::kEmptyDict), memoize(box), save_entries(object.get<Dict>()); break;
      case Kind::kSet: put(Op::kEmptySet), memoize(box), save_items(object.get<Set>(), Op::kAddItems); break;
      case Kind::kFrozenSet: put(Op::kMark), save_all(object.get<FrozenSet>()), put(Op::kFrozenSet), memoize(box); break;
      case Kind::kGlobal: save_global(object.get<Global>().module, object.get<Global>().name), memoize(box); break;
      case Kind::kInstance: save_instance(object.get<Instance>(), box); break;
      case Kind::kHandle: save_handle(object.get<platform::Handle>()), memoize(box); break;
      default: break;  // plain ones are not boxed
    }
  }

  void save_byte_array(const Bytes& bytes) {
    if (protocol_ >= 5) {
      put(Op::kByteArray8), put_number<8>(bytes.size()), put_bytes(bytes.data(), bytes.size());
    } else {
      save_global("builtins", "bytearray"), save_bytes(bytes), put(Op::kTuple1), put(Op::kReduce);
    }
  }

  template <class Items>
  void save_all(const Items& items) {
    for (const Object& item : items) save(item);
  }
  template <class Items>
  void save_items(const Items& items, Op op) {
    if (items.empty()) return;
    put(Op::kMark), save_all(items), put(op);
  }
  void save_entries(const Dict& dict) {
    if (dict.empty()) return;
    put(Op::kMark);
    for (const Dict::Entry& entry : dict) save(entry.key), save(entry.value);
    put(Op::kSetItems);
  }
  void save_tuple(const List& items) {
    static constexpr Op kOps[] = {Op::kEmptyTuple, Op::kTuple1, Op::kTuple2, Op::kTuple3};
    if (items.size() > 3) put(Op::kMark);
    save_all(items);
    put(items.size() > 3 ? Op::kTuple : kOps[items.size()]);
  }

  void save_instance(const Instance& instance, const object_internal::Box* box) {
    save(instance.callable), save(instance.args), put(Op::kReduce), memoize(box);
    save_items(instance.items, Op::kAppends);
    save_entries(instance.entries);
    if (!instance.state.is_none()) save(instance.state), put(Op::kBuild);
  }

  // What pickles call a persistent id: the number of something that travels beside them.
  void save_handle(const platform::Handle& handle) {
    if (!with_handles_) {
      throw PickleError("a handle of the system (of a Connection, say) cannot be pickled: it only travels through a Connection");
    }
    save_int(static_cast<std::int64_t>(message_.handles.size()));
    put(Op::kBinPersId);
    message_.handles.push_back(handle.duplicate());
  }

  platform::Message message_;
  std::unordered_map<const object_internal::Box*, std::uint32_t> memo_;
  unsigned depth_ = 0;
  const int protocol_;
  const bool with_handles_;
};

}  // namespace

Bytes dumps(const Object& object, int protocol) { return Pickler(protocol, false).write(object).bytes; }

platform::Message dump_message(const Object& object, int protocol) { return Pickler(protocol, true).write(object); }

}  // namespace mp::pickle
