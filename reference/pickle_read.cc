#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <locale>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>

#include "reference/error.h"
#include "reference/pickle.h"
#include "reference/pickle_internal.h"
#include "reference/text.h"

namespace mp::pickle {
namespace {

using Kind = Object::Kind;

// CPython's own limit for text: turning digits into a number takes time in the square of their count.
constexpr std::size_t kMostDigits = 4300;

[[noreturn]] void refuse(const std::string& why) { throw PickleError(why); }

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

// The bytes that a str of code points below 256 stands for, as protocols 0 to 2 write bytes.
Bytes latin1(std::string_view text) {
  Bytes result;
  while (!text.empty()) {
    const char32_t point = take_code_point(text);
    if (point > 0xff) refuse("bytes written as text contain the code point " + std::to_string(static_cast<std::uint32_t>(point)));
    result.push_back(static_cast<std::byte>(point));
  }
  return result;
}

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

std::string raw_unicode_escaped(std::string_view line) {
  std::string text;
  while (!line.empty()) {
    const auto byte = static_cast<unsigned char>(line[0]);
    const char kind = line.size() > 1 ? line[1] : '\0';
    if (byte != '\\' || (kind != 'u' && kind != 'U')) {
      append_code_point(text, byte);
      if (byte == '\\' && line.size() > 1) append_code_point(text, static_cast<unsigned char>(kind));
      line.remove_prefix(byte == '\\' && line.size() > 1 ? 2 : 1);
      continue;
    }
    const std::string_view digits = line.substr(2, kind == 'u' ? 4 : 8);
    std::uint32_t point = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), point, 16);
    if (end != digits.data() + (kind == 'u' ? 4 : 8) || error != std::errc() || point > 0x10ffff) refuse("a bad \\u in a str");
    append_code_point(text, point);
    line.remove_prefix(2 + digits.size());
  }
  return text;
}

// A str of Python 2 as its repr() prints it.
std::string unquoted(std::string_view line) {
  if (line.size() < 2 || line.front() != line.back() || (line.front() != '\'' && line.front() != '"')) refuse("a str without quotes");
  line = line.substr(1, line.size() - 2);
  std::string text;
  while (!line.empty()) {
    const char first = line[0];
    line.remove_prefix(1);
    if (first != '\\') {
      text += first;
      continue;
    }
    if (line.empty()) refuse("a str that ends with a backslash");
    constexpr std::string_view kLetters = "\\'\"abfnrtv";
    constexpr std::string_view kMeanings = "\\'\"\a\b\f\n\r\t\v";
    if (const auto at = kLetters.find(line[0]); at != kLetters.npos) {
      text += kMeanings[at];
      line.remove_prefix(1);
      continue;
    }
    const bool hexadecimal = line[0] == 'x';
    const std::string_view digits = hexadecimal ? line.substr(1, 2) : line.substr(0, 3);
    unsigned code = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), code, hexadecimal ? 16 : 8);
    if (error != std::errc() || code > 0xff) refuse("a bad escape in a str");
    text += static_cast<char>(code);
    line.remove_prefix(static_cast<std::size_t>(end - line.data()));
  }
  return text;
}

// The input, taken from the front. Whatever is taken is there: no length makes anybody allocate for more.
class Input {
 public:
  explicit Input(std::span<const std::byte> bytes)
      : all_(reinterpret_cast<const char*>(bytes.data()), bytes.size()), rest_(all_) {}

  std::size_t position() const { return all_.size() - rest_.size(); }
  std::size_t size() const { return all_.size(); }
  std::size_t left() const { return rest_.size(); }
  std::string_view take(std::uint64_t size) {
    if (size > rest_.size()) {
      refuse("the pickle is cut: " + std::to_string(size) + " more bytes are announced, " + std::to_string(rest_.size()) + " are there");
    }
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }
  template <std::size_t kSize>
  std::uint64_t number() {
    std::uint64_t result = 0;
    int shift = 0;
    for (const char byte : take(kSize)) {
      result |= std::uint64_t{static_cast<unsigned char>(byte)} << shift;
      shift += 8;
    }
    return result;
  }
  std::string_view line() {
    const std::size_t end = rest_.find('\n');
    if (end == rest_.npos) refuse("the pickle is cut in a line");
    const std::string_view taken = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    return taken;
  }

 private:
  std::string_view all_;
  std::string_view rest_;
};

// The machine that a pickle is a program for.
//
// A container is filled in place after the memo has learnt of it, so what the memo gives back later is the filled one. Two rules keep
// this a tree without loops: a container changes no more once it has been put into another (Box::placed), and it is
// never put into itself. Every loop would break one of them. Box::nesting is the depth of what is in there.
class Unpickler {
 public:
  Unpickler(std::span<const std::byte> pickle, std::vector<platform::Handle> handles) : in_(pickle) {
    for (platform::Handle& handle : handles) handles_.emplace_back(std::move(handle));
    work_left_ = (std::uint64_t{1} << 16) + 64 * std::uint64_t{in_.size()};
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

  // -- Containers -----------------------------------------------------------------------------------------------------

  void place(const Object& child, object_internal::Box& parent) {
    object_internal::Box* box = ObjectInside::box(child);
    if (box == nullptr) return;
    if (box == &parent) refuse("a " + std::string(child.type_name()) + " contains itself");
    box->placed = true;
    parent.nesting = std::max(parent.nesting, box->nesting + 1);
    if (parent.nesting > kDeepest) refuse("values nest more than " + std::to_string(kDeepest) + " deep");
  }
  // The container under the items, about to change.
  object_internal::Box& open(const Object& container) {
    object_internal::Box* box = ObjectInside::box(container);
    if (box != nullptr && box->placed) {
      refuse("a " + std::string(container.type_name()) + " that was put into another one changes: it would contain itself");
    }
    return *box;
  }
  // A new container that already holds its parts.
  template <class Container, class Parts>
  Object closed(Container container, const Parts& parts) {
    Object object(std::move(container));
    for (const Object& part : parts(object)) place(part, *ObjectInside::box(object));
    return object;
  }
  Object make_tuple(List items) {
    return closed(Tuple{std::move(items)}, [](const Object& made) -> const List& { return made.get<Tuple>().items; });
  }
  Object make_list(List items) {
    return closed(std::move(items), [](const Object& made) -> const List& { return made.get<List>(); });
  }

  // A memo makes values that are larger than their pickle. That costs nothing as long as they are shared; what walks or copies
  // one whole (a key, for its hash) is rationed, in proportion to the input.
  void spend(std::uint64_t work) {
    if (work > work_left_) refuse("the keys of dicts and sets, or other repeated values, are too large for a pickle of this length");
    work_left_ -= work;
  }
  void ration(const Object& key) {
    spend(1);
    if (const auto* text = key.get_if<std::string>()) return spend(text->size() / 64);
    if (const auto* bytes = key.get_if<Bytes>()) return spend(bytes->size() / 64);
    if (const auto* integer = key.get_if<Integer>()) return spend(integer->magnitude().size() / 16);
    if (const auto* tuple = key.get_if<Tuple>()) return ration_all(tuple->items);
    if (const auto* set = key.get_if<FrozenSet>()) return ration_all(*set);
    if (const auto* instance = key.get_if<Instance>()) return ration(instance->callable), ration(instance->args);
  }
  template <class Parts>
  void ration_all(const Parts& parts) {
    for (const Object& part : parts) ration(part);
  }

  void append(const Object& container, List items) {
    auto& box = open_container(container);
    List* list = container.kind() == Kind::kList       ? &ObjectInside::value<List>(container)
                 : container.kind() == Kind::kInstance ? &ObjectInside::value<Instance>(container).items
                                                       : nullptr;
    if (list == nullptr) refuse("items are appended to a " + std::string(container.type_name()));
    for (Object& item : items) {
      place(item, box);
      list->push_back(std::move(item));
    }
  }
  void set_items(const Object& container, List flat) {
    auto& box = open_container(container);
    Dict* dict = container.kind() == Kind::kDict       ? &ObjectInside::value<Dict>(container)
                 : container.kind() == Kind::kInstance ? &ObjectInside::value<Instance>(container).entries
                                                       : nullptr;
    if (dict == nullptr) refuse("entries are put into a " + std::string(container.type_name()));
    if (flat.size() % 2 != 0) refuse("a key has no value");
    for (std::size_t i = 0; i < flat.size(); i += 2) {
      ration(flat[i]);
      place(flat[i], box), place(flat[i + 1], box);
      dict->set(std::move(flat[i]), std::move(flat[i + 1]));
    }
  }
  void insert(const Object& container, List members) {
    auto& box = open_container(container);
    if (container.kind() != Kind::kSet) refuse("members are added to a " + std::string(container.type_name()));
    for (Object& member : members) {
      ration(member);
      place(member, box);
      ObjectInside::value<Set>(container).insert(std::move(member));
    }
  }
  object_internal::Box& open_container(const Object& container) {
    if (ObjectInside::box(container) == nullptr) refuse("items are put into a " + std::string(container.type_name()));
    return open(container);
  }
  Object make_frozen_set(List members) {
    FrozenSet set;
    for (Object& member : members) {
      ration(member);
      set.insert(std::move(member));
    }
    return closed(std::move(set), [](const Object& made) -> const Set& { return made.get<FrozenSet>(); });
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
  std::uint64_t line_number() {
    const std::string_view line = in_.line();
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), number);
    if (error != std::errc() || end != line.data() + line.size()) refuse("a number of the memo is no number");
    return number;
  }

  // -- Numbers and text -----------------------------------------------------------------------------------------------

  Object decimal(std::string_view digits) {
    if (digits.size() > kMostDigits) refuse("an int has more than " + std::to_string(kMostDigits) + " digits");
    const auto integer = Integer::from_decimal(digits);
    if (!integer) refuse("an int is no number");
    return *integer;
  }
  Object int_line(std::string_view line) {
    if (line == "00") return false;
    if (line == "01") return true;
    return decimal(line);
  }
  Object long_line(std::string_view line) { return decimal(line.ends_with('L') ? line.substr(0, line.size() - 1) : line); }
  Object float_line(std::string_view line) {
    const bool is_negative = line.starts_with('-');
    const std::string_view name = line.substr(is_negative ? 1 : 0);
    if (name == "inf") return is_negative ? -HUGE_VAL : HUGE_VAL;
    if (name == "nan") return std::nan("");
    // std::from_chars() knows no floating-point numbers in libc++, and std::strtod() asks the locale of the program.
    std::istringstream in{std::string(line)};
    in.imbue(std::locale::classic());
    double value = 0;
    if (!(in >> std::noskipws >> value) || in.peek() != std::istringstream::traits_type::eof()) refuse("a float is no number");
    return value;
  }
  Object binary_float() {
    std::uint64_t bits = 0;
    for (const char byte : in_.take(8)) bits = bits << 8 | static_cast<unsigned char>(byte);
    return std::bit_cast<double>(bits);
  }
  Object binary_integer(std::uint64_t size) {
    const std::string_view bytes = in_.take(size);
    if (size == 8) return small_integer(bytes);
    return Integer::from_twos_complement({reinterpret_cast<const std::byte*>(bytes.data()), bytes.size()});
  }
  std::int64_t small_integer(std::string_view eight) {
    std::uint64_t value = 0;
    for (auto byte = eight.rbegin(); byte != eight.rend(); ++byte) value = value << 8 | static_cast<unsigned char>(*byte);
    return static_cast<std::int64_t>(value);
  }
  Object text(std::string_view utf8) {
    if (first_bad_byte(utf8)) refuse("a str is not UTF-8");
    return ObjectInside::checked_text(std::string(utf8));
  }
  // A str of Python 2 could be text or bytes; as Python 3 does by default, only ASCII is taken.
  Object old_text(std::string_view characters) {
    if (std::any_of(characters.begin(), characters.end(), [](char each) { return static_cast<unsigned char>(each) >= 0x80; })) {
      refuse("a str of Python 2 is not ASCII");
    }
    return ObjectInside::checked_text(std::string(characters));
  }

  // -- Globals and instances ------------------------------------------------------------------------------------------

  Object global(std::string_view module, std::string_view name) {
    spend((module.size() + name.size()) / 64);
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
    if (const auto* text = object.get_if<std::string>()) spend(text->size());
    if (const auto* bytes = object.get_if<Bytes>()) spend(bytes->size());
    if (const List* items = items_of(object)) spend(items->size());
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
    if (global.name == "list") return make_list(*members);  // as managers write the views of a dict
    if (global.name == "frozenset") return make_frozen_set(*members);
    Object set = Set();
    insert(set, *members);
    return set;
  }
  Object instance(Object callable, Object args) {
    if (args.kind() != Kind::kTuple) refuse("the arguments of a call are a " + std::string(args.type_name()));
    if (const auto* global = callable.get_if<Global>()) {
      if (const auto value = known(*global, args.get<Tuple>().items)) return *value;
    }
    Object object = Instance{callable, args, Object(), {}, {}};
    place(callable, *ObjectInside::box(object)), place(args, *ObjectInside::box(object));
    return object;
  }
  // Without a recipe of its own: copyreg.__newobj__(cls, *args).
  Object new_object(std::string_view maker, List args) {
    return instance(Global{"copyreg", std::string(maker)}, make_tuple(std::move(args)));
  }
  Object plain_new_object() {
    List parts = pop_several(2);
    const auto* args = parts[1].get_if<Tuple>();
    if (args == nullptr) refuse("the arguments of a class are a " + std::string(parts[1].type_name()));
    spend(args->items.size());
    List all = {parts[0]};
    all.insert(all.end(), args->items.begin(), args->items.end());
    return new_object("__newobj__", std::move(all));
  }
  void build() {
    const Object state = pop();
    const Object& target = top();
    if (target.kind() != Kind::kInstance) refuse("a " + std::string(target.type_name()) + " is given a state");
    place(state, open(target));
    ObjectInside::value<Instance>(target).state = state;
  }
  Object old_instance(std::string_view module, std::string_view name) {
    return instance(global(module, name), make_tuple(pop_to_mark()));
  }
  Object old_object() {
    List args = pop_to_mark();
    if (args.empty()) refuse("an instance has no class");
    Object type = std::move(args.front());
    args.erase(args.begin());
    return instance(std::move(type), make_tuple(std::move(args)));
  }
  [[noreturn]] void refuse_persistent(std::string_view id) {
    refuse("the persistent id " + quoted_bytes(id.substr(0, 60)) + " names what only its writer knows");
  }
  Object handle(const Object& id) {
    if (id.kind() != Kind::kInt || handles_.empty()) refuse_persistent(id.is_str() ? id.get<std::string>() : id.type_name());
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
      case Op::kInt: return push(int_line(in_.line()));
      case Op::kLong: return push(long_line(in_.line()));
      case Op::kBinInt: return push(static_cast<std::int32_t>(in_.number<4>()));
      case Op::kBinInt1: return push(in_.number<1>());
      case Op::kBinInt2: return push(in_.number<2>());
      case Op::kLong1: return push(binary_integer(in_.number<1>()));
      case Op::kLong4: return push(binary_integer(in_.number<4>()));
      case Op::kFloat: return push(float_line(in_.line()));
      case Op::kBinFloat: return push(binary_float());

      case Op::kString: return push(old_text(unquoted(in_.line())));
      case Op::kBinString: return push(old_text(in_.take(in_.number<4>())));
      case Op::kShortBinString: return push(old_text(in_.take(in_.number<1>())));
      case Op::kUnicode: return push(ObjectInside::checked_text(raw_unicode_escaped(in_.line())));
      case Op::kShortBinUnicode: return push(text(in_.take(in_.number<1>())));
      case Op::kBinUnicode: return push(text(in_.take(in_.number<4>())));
      case Op::kBinUnicode8: return push(text(in_.take(in_.number<8>())));
      case Op::kShortBinBytes: return push(bytes(in_.take(in_.number<1>())));
      case Op::kBinBytes: return push(bytes(in_.take(in_.number<4>())));
      case Op::kBinBytes8: return push(bytes(in_.take(in_.number<8>())));
      case Op::kByteArray8: return push(ByteArray{bytes(in_.take(in_.number<8>()))});

      case Op::kEmptyList: return push(List());
      case Op::kList: return push(make_list(pop_to_mark()));
      case Op::kAppend: return append_one();
      case Op::kAppends: return with_items(&Unpickler::append, pop_to_mark());
      case Op::kEmptyTuple: return push(Tuple());
      case Op::kTuple: return push(make_tuple(pop_to_mark()));
      case Op::kTuple1: return push(make_tuple(pop_several(1)));
      case Op::kTuple2: return push(make_tuple(pop_several(2)));
      case Op::kTuple3: return push(make_tuple(pop_several(3)));
      case Op::kEmptyDict: return push(Dict());
      case Op::kDict: return push_dict(pop_to_mark());
      case Op::kSetItem: return with_items(&Unpickler::set_items, pop_several(2));
      case Op::kSetItems: return with_items(&Unpickler::set_items, pop_to_mark());
      case Op::kEmptySet: return push(Set());
      case Op::kAddItems: return with_items(&Unpickler::insert, pop_to_mark());
      case Op::kFrozenSet: return push(make_frozen_set(pop_to_mark()));

      case Op::kGet: return recall(line_number());
      case Op::kBinGet: return recall(in_.number<1>());
      case Op::kLongBinGet: return recall(in_.number<4>());
      case Op::kPut: return memoize(line_number());
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
  void with_items(void (Unpickler::*put)(const Object&, List), List items) { (this->*put)(Object(top()), std::move(items)); }
  void append_one() {
    List item = pop_several(1);
    append(Object(top()), std::move(item));
  }
  void push_dict(List flat) {
    Object dict = Dict();
    set_items(dict, std::move(flat));
    push(std::move(dict));
  }
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
  List handles_;
  List stack_;
  std::vector<std::size_t> marks_;
  std::vector<std::optional<Object>> memo_;
  std::uint64_t work_left_;
  int protocol_ = 0;
};

}  // namespace

Object loads(std::span<const std::byte> pickle) { return Unpickler(pickle, {}).read(); }

Object load_message(platform::Message message) { return Unpickler(message.bytes, std::move(message.handles)).read(); }

}  // namespace mp::pickle
