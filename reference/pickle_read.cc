#include <optional>
#include <string>
#include <string_view>

#include "reference/error.h"
#include "reference/pickle.h"
#include "reference/pickle_builder.h"
#include "reference/pickle_input.h"
#include "reference/pickle_internal.h"
#include "reference/text.h"

namespace mp::pickle {
namespace {

// Protocols 0 to 2 use the names of Python 2.
void rename(std::string_view& module, std::string_view& name) {
  struct Renamed {
    std::string_view old_module, old_name, module, name;
  };
  static constexpr Renamed kAll[] = {
      {"__builtin__", "long", "builtins", "int"},     {"__builtin__", "unicode", "builtins", "str"},
      {"__builtin__", "xrange", "builtins", "range"}, {"__builtin__", "unichr", "builtins", "chr"},
      {"__builtin__", "", "builtins", ""},            {"exceptions", "", "builtins", ""},
      {"copy_reg", "", "copyreg", ""},                {"Queue", "", "queue", ""},
  };
  for (const Renamed& each : kAll) {
    if (module != each.old_module || (!each.old_name.empty() && name != each.old_name)) continue;
    module = each.module;
    if (!each.name.empty()) name = each.name;
    return;
  }
}

bool names_latin1(const Object& encoding) { return encoding == "latin1" || encoding == "latin-1"; }

std::optional<Bytes> bytes_from(const List& args) {
  if (args.empty()) return Bytes();
  if (args.size() == 1 && args[0].get_if<Bytes>() != nullptr) return args[0].get<Bytes>();
  if (args.size() == 2 && args[0].is_str() && names_latin1(args[1])) return latin1(args[0].get<std::string>());
  return std::nullopt;
}

const List* items_of(const Object& object) {
  if (const auto* tuple = object.get_if<Tuple>()) return &tuple->items;
  return object.get_if<List>();
}

// The machine that a pickle is a program for.
class Unpickler {
 public:
  Unpickler(std::span<const std::byte> pickle, std::vector<platform::Handle> handles)
      : in_(pickle), build_(pickle.size()) {
    for (platform::Handle& handle : handles) handles_.emplace_back(std::move(handle));
  }

  Object read() {
    std::size_t at = 0;
    try {
      for (;;) {
        at = in_.position();
        const Op op{static_cast<std::uint8_t>(in_.number<1>())};
        if (op == Op::kStop) break;
        step(op);
      }
      if (!marks_.empty()) refuse("a mark is left over at the end");
      return pop();
    } catch (const Error& error) {
      throw PickleError("pickle, byte " + std::to_string(at) + ": " + error.what());
    }
  }

 private:
  // -- The stack ------------------------------------------------------------------------------------------------------

  void push(Object object) { stack_.push_back(std::move(object)); }
  std::size_t floor() const { return marks_.empty() ? 0 : marks_.back(); }
  Object pop() {
    Object object = top();
    stack_.pop_back();
    return object;
  }
  const Object& top(std::size_t below = 0) {
    if (stack_.size() < floor() + below + 1) refuse("the stack is empty");
    return stack_[stack_.size() - 1 - below];
  }
  // Everything above the last mark, which goes.
  List pop_to_mark() {
    if (marks_.empty()) refuse("there is no mark");
    const auto from = stack_.begin() + static_cast<std::ptrdiff_t>(marks_.back());
    List items(std::make_move_iterator(from), std::make_move_iterator(stack_.end()));
    stack_.erase(from, stack_.end());
    marks_.pop_back();
    return items;
  }
  List pop_several(std::size_t count) {
    top(count - 1);
    const auto from = stack_.end() - static_cast<std::ptrdiff_t>(count);
    List items(std::make_move_iterator(from), std::make_move_iterator(stack_.end()));
    stack_.erase(from, stack_.end());
    return items;
  }

  // -- The memo -------------------------------------------------------------------------------------------------------

  // Python numbers from 0 (Python 2 from 1) without gaps; other numbers are allowed as far as the memory for them is in
  // proportion to the input.
  void memoize(std::uint64_t index) {
    if (index > in_.size()) refuse("the memo's number " + std::to_string(index) + " is too large");
    if (index >= memo_.size()) memo_.resize(index + 1);
    memo_[index] = top();
  }
  void recall(std::uint64_t index) {
    if (index >= memo_.size() || !memo_[index]) refuse("the memo has no number " + std::to_string(index));
    push(*memo_[index]);
  }

  // -- Globals and instances ------------------------------------------------------------------------------------------

  Object global(std::string_view module, std::string_view name) {
    build_.spend((module.size() + name.size()) / 64);
    if (first_bad_byte(module) || first_bad_byte(name)) refuse("the name of a global is not UTF-8");
    if (protocol_ < 3) rename(module, name);
    return Global{std::string(module), std::string(name)};
  }
  Object stack_global() {
    const List names = pop_several(2);
    if (!names[0].is_str() || !names[1].is_str()) refuse("the name of a global is not a str");
    return global(names[0].get<std::string>(), names[1].get<std::string>());
  }
  void spend_on_copy(const Object& object) {
    if (const auto* text = object.get_if<std::string>()) build_.spend(text->size());
    if (const auto* bytes = object.get_if<Bytes>()) build_.spend(bytes->size());
    if (const List* items = items_of(object)) build_.spend(items->size());
  }
  // The few calls that are plain data.
  std::optional<Object> known(const Global& global, const List& args) {
    if (!args.empty()) spend_on_copy(args[0]);
    if (global.module == "_codecs" && global.name == "encode" && args.size() == 2) {
      if (const auto bytes = bytes_from(args)) return *bytes;
    }
    if (global.module != "builtins") return std::nullopt;
    if (global.name == "bytes" && args.empty()) return Bytes();
    if (global.name == "bytearray") {
      if (const auto bytes = bytes_from(args)) return ByteArray{*bytes};
    }
    const List* members = args.size() == 1 ? items_of(args[0]) : nullptr;
    if (members == nullptr || (global.name != "set" && global.name != "frozenset" && global.name != "list")) return std::nullopt;
    if (global.name == "list") return build_.list(*members);  // as managers write the views of a dict
    if (global.name == "frozenset") return build_.frozen_set(*members);
    return build_.set(*members);
  }
  Object instance(Object callable, Object args) {
    if (args.kind() != Object::Kind::kTuple) refuse("the arguments of a call are a " + std::string(args.type_name()));
    if (const auto* global = callable.get_if<Global>()) {
      if (const auto value = known(*global, args.get<Tuple>().items)) return *value;
    }
    return build_.instance(callable, args);
  }
  // Without a recipe of its own: copyreg.__newobj__(cls, *args).
  Object new_object(std::string_view maker, List args) {
    return instance(Global{"copyreg", std::string(maker)}, build_.tuple(std::move(args)));
  }
  Object plain_new_object() {
    List parts = pop_several(2);
    const auto* args = parts[1].get_if<Tuple>();
    if (args == nullptr) refuse("the arguments of a class are a " + std::string(parts[1].type_name()));
    build_.spend(args->items.size());
    List all = {parts[0]};
    all.insert(all.end(), args->items.begin(), args->items.end());
    return new_object("__newobj__", std::move(all));
  }
  void build() {
    const Object state = pop();
    build_.set_state(top(), state);
  }
  Object old_instance(std::string_view module, std::string_view name) {
    return instance(global(module, name), build_.tuple(pop_to_mark()));
  }
  Object old_object() {
    List args = pop_to_mark();
    if (args.empty()) refuse("an instance has no class");
    Object type = std::move(args.front());
    args.erase(args.begin());
    return instance(std::move(type), build_.tuple(std::move(args)));
  }
  [[noreturn]] void refuse_persistent(std::string_view id) {
    refuse("the persistent id " + quoted_bytes(id.substr(0, 60)) + " names what only its writer knows");
  }
  Object handle(const Object& id) {
    if (id.kind() != Object::Kind::kInt || handles_.empty()) refuse_persistent(id.is_str() ? id.get<std::string>() : id.type_name());
    const auto index = id.as<std::uint64_t>();
    if (index >= handles_.size()) refuse("there is no handle with the number " + std::to_string(index));
    return handles_[index];
  }

  // -- The opcodes ----------------------------------------------------------------------------------------------------

  void protocol(std::uint64_t version) {
    if (version > static_cast<std::uint64_t>(kHighest)) {
      refuse("protocol " + std::to_string(version) + " is newer than " + std::to_string(kHighest));
    }
    protocol_ = static_cast<int>(version);
  }
  void pop_or_unmark() {
    if (!marks_.empty() && marks_.back() == stack_.size()) return marks_.pop_back();
    pop();
  }

  void step(Op op) {
    switch (op) {
      case Op::kStop: return;  // read() does not come here with it
      case Op::kProto: return protocol(in_.number<1>());
      case Op::kFrame: return check_frame(in_.number<8>());
      case Op::kMark: return marks_.push_back(stack_.size());
      case Op::kPop: return pop_or_unmark();
      case Op::kPopMark: pop_to_mark(); return;
      case Op::kDup: return push(Object(top()));

      case Op::kNone: return push(Object());
      case Op::kNewTrue: return push(true);
      case Op::kNewFalse: return push(false);
      case Op::kInt: return push(spelt_int(in_.line()));
      case Op::kLong: return push(spelt_long(in_.line()));
      case Op::kBinInt: return push(static_cast<std::int32_t>(in_.number<4>()));
      case Op::kBinInt1: return push(in_.number<1>());
      case Op::kBinInt2: return push(in_.number<2>());
      case Op::kLong1: return push(in_.int_of(in_.number<1>()));
      case Op::kLong4: return push(in_.int_of(in_.number<4>()));
      case Op::kFloat: return push(spelt_float(in_.line()));
      case Op::kBinFloat: return push(in_.float_of_8_bytes());

      case Op::kString: return push(old_text_of(unquoted(in_.line())));
      case Op::kBinString: return push(old_text_of(in_.take(in_.number<4>())));
      case Op::kShortBinString: return push(old_text_of(in_.take(in_.number<1>())));
      case Op::kUnicode: return push(ObjectInside::checked_text(raw_unicode_escaped(in_.line())));
      case Op::kShortBinUnicode: return push(text_of(in_.take(in_.number<1>())));
      case Op::kBinUnicode: return push(text_of(in_.take(in_.number<4>())));
      case Op::kBinUnicode8: return push(text_of(in_.take(in_.number<8>())));
      case Op::kShortBinBytes: return push(bytes(in_.take(in_.number<1>())));
      case Op::kBinBytes: return push(bytes(in_.take(in_.number<4>())));
      case Op::kBinBytes8: return push(bytes(in_.take(in_.number<8>())));
      case Op::kByteArray8: return push(ByteArray{bytes(in_.take(in_.number<8>()))});

      case Op::kEmptyList: return push(List());
      case Op::kList: return push(build_.list(pop_to_mark()));
      case Op::kAppend: return with_items(&Builder::append, pop_several(1));
      case Op::kAppends: return with_items(&Builder::append, pop_to_mark());
      case Op::kEmptyTuple: return push(Tuple());
      case Op::kTuple: return push(build_.tuple(pop_to_mark()));
      case Op::kTuple1: return push(build_.tuple(pop_several(1)));
      case Op::kTuple2: return push(build_.tuple(pop_several(2)));
      case Op::kTuple3: return push(build_.tuple(pop_several(3)));
      case Op::kEmptyDict: return push(Dict());
      case Op::kDict: return push(build_.dict(pop_to_mark()));
      case Op::kSetItem: return with_items(&Builder::set_items, pop_several(2));
      case Op::kSetItems: return with_items(&Builder::set_items, pop_to_mark());
      case Op::kEmptySet: return push(Set());
      case Op::kAddItems: return with_items(&Builder::insert, pop_to_mark());
      case Op::kFrozenSet: return push(build_.frozen_set(pop_to_mark()));

      case Op::kGet: return recall(spelt_index(in_.line()));
      case Op::kBinGet: return recall(in_.number<1>());
      case Op::kLongBinGet: return recall(in_.number<4>());
      case Op::kPut: return memoize(spelt_index(in_.line()));
      case Op::kBinPut: return memoize(in_.number<1>());
      case Op::kLongBinPut: return memoize(in_.number<4>());
      case Op::kMemoize: return memoize(memo_.size());

      case Op::kGlobal: return global_line();
      case Op::kStackGlobal: return push(stack_global());
      case Op::kReduce: return reduce();
      case Op::kBuild: return build();
      case Op::kInst: return inst_line();
      case Op::kObj: return push(old_object());
      case Op::kNewObj: return push(plain_new_object());
      case Op::kNewObjEx: return push(new_object("__newobj_ex__", pop_several(3)));

      case Op::kPersId: refuse_persistent(in_.line());
      case Op::kBinPersId: return push(handle(pop()));
      case Op::kExt1: case Op::kExt2: case Op::kExt4: refuse("an extension code names what only its writer knows");
      case Op::kNextBuffer: case Op::kReadOnlyBuffer: refuse("a buffer outside of the pickle is wanted, and there is none");
    }
    refuse("the opcode " + std::to_string(static_cast<unsigned>(op)) + " does not exist");
  }

  void check_frame(std::uint64_t size) {
    if (size > in_.left()) in_.take(size);  // refuses
  }
  void with_items(void (Builder::*put)(const Object&, List), List items) { (build_.*put)(top(), std::move(items)); }
  void global_line() {
    const std::string_view module = in_.line();
    push(global(module, in_.line()));
  }
  void inst_line() {
    const std::string_view module = in_.line();
    push(old_instance(module, in_.line()));
  }
  void reduce() {
    List parts = pop_several(2);
    push(instance(std::move(parts[0]), std::move(parts[1])));
  }

  Input in_;
  Builder build_;
  List handles_;
  List stack_;
  std::vector<std::size_t> marks_;
  std::vector<std::optional<Object>> memo_;
  int protocol_ = 0;
};

}  // namespace

Object loads(std::span<const std::byte> pickle) { return Unpickler(pickle, {}).read(); }

Object load_message(platform::Message message) { return Unpickler(message.bytes, std::move(message.handles)).read(); }

}  // namespace mp::pickle
