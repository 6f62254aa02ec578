#include "conformance/protocol/message.h"

#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "conformance/protocol/base64.h"
#include "conformance/protocol/surrogates.h"

namespace mp::conformance {
namespace {

using Json = nlohmann::json;

constexpr std::int64_t kMaxPlain = (std::int64_t{1} << 53) - 1;

template <class... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};
template <class... Cases>
Overloaded(Cases...) -> Overloaded<Cases...>;

// ---- values to JSON

Json to_json(const Value& value);

Json to_json(const Values& items) {
  Json array = Json::array();
  for (const Value& item : items) array.push_back(to_json(item));
  return array;
}

Json tagged(const char* tag, Json content) {
  Json object = Json::object();
  object[tag] = std::move(content);
  return object;
}

Json to_json(std::int64_t number) {
  if (number >= -kMaxPlain && number <= kMaxPlain) return number;
  return tagged("$int", std::to_string(number));
}

Json to_json(double number) {
  if (std::isnan(number)) return tagged("$float", "nan");
  if (std::isinf(number)) return tagged("$float", number > 0 ? "inf" : "-inf");
  if (number == 0 && std::signbit(number)) return tagged("$float", "-0.0");
  return number;
}

Json to_json(const std::string& text) {
  if (!has_surrogates(text)) return text;
  return tagged("$str", code_points(text));
}

Json to_json(const Dict& dict) {
  Json items = Json::array();
  for (const auto& [key, value] : dict.items) items.push_back(Json::array({to_json(key), to_json(value)}));
  return tagged("$dict", std::move(items));
}

Json to_json(const Error& error) {
  Json json = {{"types", error.types}, {"text", error.text}};
  if (!error.message.empty()) json["value"] = tagged("$bytes", to_base64(error.message.front().data));
  return json;
}

Json to_json(const Value& value) {
  return std::visit(Overloaded{
                        [](NoneType) -> Json { return nullptr; },
                        [](bool truth) -> Json { return truth; },
                        [](std::int64_t number) { return to_json(number); },
                        [](const BigInt& number) { return tagged("$int", number.digits); },
                        [](double number) { return to_json(number); },
                        [](const std::string& text) { return to_json(text); },
                        [](const Bytes& bytes) { return tagged("$bytes", to_base64(bytes.data)); },
                        [](const List& list) { return to_json(list.items); },
                        [](const Tuple& tuple) { return tagged("$tuple", to_json(tuple.items)); },
                        [](const Set& set) { return tagged("$set", to_json(set.items)); },
                        [](const FrozenSet& set) { return tagged("$frozenset", to_json(set.items)); },
                        [](const Dict& dict) { return to_json(dict); },
                        [](const Slice& slice) { return tagged("$slice", to_json(slice.bounds)); },
                        [](Handle handle) { return tagged("$handle", handle.number); },
                        [](const Function& function) { return tagged("$function", function.name); },
                        [](const Error& error) { return tagged("$error", to_json(error)); },
                        [](const Opaque& opaque) { return tagged("$opaque", opaque.printed); },
                    },
                    value.data());
}

Json to_json(const Kwargs& kwargs) {
  Json object = Json::object();
  for (const auto& [name, value] : kwargs.items) object[name] = to_json(value);
  return object;
}

// ---- JSON to values

Value to_value(const Json& json, std::size_t depth);

Values to_values(const Json& json, std::size_t depth = 0) {
  if (!json.is_array()) throw Malformed("expected an array, got " + json.dump().substr(0, 100));
  Values items;
  items.reserve(json.size());
  for (const Json& item : json) items.push_back(to_value(item, depth + 1));
  return items;
}

double special_float(const std::string& name) {
  if (name == "nan") return kNaN;
  if (name == "inf") return kInfinity;
  if (name == "-inf") return -kInfinity;
  if (name == "-0.0") return -0.0;
  throw Malformed("$float must be nan, inf, -inf or -0.0, not '" + name + "'");
}

Bytes to_bytes(const Json& json) {
  const auto bytes = from_base64(json.get_ref<const std::string&>());
  if (!bytes) throw Malformed("$bytes is not base64: " + json.dump().substr(0, 100));
  return Bytes(*bytes);
}

Error to_error(const Json& json) {
  Error error;
  error.types = json.at("types").get<std::vector<std::string>>();
  if (error.types.empty()) throw Malformed("an error needs at least one type");
  error.text = json.value("text", "");
  if (const auto whole = json.find("value"); whole != json.end())
    error.message.push_back(to_bytes(whole->at("$bytes")));
  return error;
}

Dict to_dict(const Json& json, std::size_t depth) {
  Dict dict;
  for (const Json& item : json) {
    if (!item.is_array() || item.size() != 2) throw Malformed("$dict holds pairs, not " + item.dump().substr(0, 100));
    dict.items.emplace_back(to_value(item[0], depth + 1), to_value(item[1], depth + 1));
  }
  return dict;
}

Handle to_handle(const Json& json) {
  if (!json.is_number_unsigned() || json == 0) throw Malformed("$handle is a positive integer, not " + json.dump());
  return Handle{json.get<std::uint64_t>()};
}

template <class Collection>
Value collection(const Json& json, std::size_t depth) {
  Collection made;
  auto& items = [&]() -> Values& {
    if constexpr (std::is_same_v<Collection, Slice>) {
      return made.bounds;
    } else {
      return made.items;
    }
  }();
  items = to_values(json, depth);
  return made;
}

Value untagged(const std::string& tag, const Json& content, std::size_t depth) {
  if (tag == "$int") return big(content.get_ref<const std::string&>());
  if (tag == "$float") return special_float(content.get_ref<const std::string&>());
  if (tag == "$bytes") return to_bytes(content);
  if (tag == "$str") return from_code_points(content.get<std::vector<std::uint32_t>>());
  if (tag == "$tuple") return collection<Tuple>(content, depth);
  if (tag == "$dict") return to_dict(content, depth);
  if (tag == "$set") return collection<Set>(content, depth);
  if (tag == "$frozenset") return collection<FrozenSet>(content, depth);
  if (tag == "$slice") {
    if (!content.is_array() || content.size() != 3) throw Malformed("a slice has three bounds");
    return collection<Slice>(content, depth);
  }
  if (tag == "$handle") return to_handle(content);
  if (tag == "$function") return Function{content.get<std::string>()};
  if (tag == "$error") return to_error(content);
  if (tag == "$opaque") return Opaque{content.get<std::string>()};
  throw Malformed("unknown tag '" + tag + "'");
}

Value to_value(const Json& json, std::size_t depth) {
  if (depth > kMaxNesting) throw Malformed("values are nested more than 100 deep");
  switch (json.type()) {
    case Json::value_t::null: return None;
    case Json::value_t::boolean: return json.get<bool>();
    case Json::value_t::number_integer: return json.get<std::int64_t>();
    case Json::value_t::number_unsigned: return json.get<std::uint64_t>();
    case Json::value_t::number_float: return json.get<double>();
    case Json::value_t::string: return json.get<std::string>();
    case Json::value_t::array: return collection<List>(json, depth);
    default: break;
  }
  if (!json.is_object() || json.size() != 1)
    throw Malformed("an object is one tag and its content, not " + json.dump().substr(0, 100));
  return untagged(json.begin().key(), json.begin().value(), depth);
}

Kwargs to_kwargs(const Json& json) {
  if (!json.is_object()) throw Malformed("expected an object, got " + json.dump().substr(0, 100));
  Kwargs kwargs;
  for (const auto& [name, value] : json.items()) kwargs.items.emplace_back(name, to_value(value, 1));
  return kwargs;
}

// The JSON library copies and prints what is nested by recursion, so that a hostile line could take all of the stack. A value takes at
// most three brackets a level ({"$dict":[[key, value]]}), and an answer some around it.
void check_brackets(std::string_view line) {
  constexpr std::size_t kMost = 3 * kMaxNesting + 10;
  std::size_t open = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (in_string) {
      if (c == '\\') ++i;
      in_string = c != '"';
    } else if (c == '"') {
      in_string = true;
    } else if ((c == '[' || c == '{') && ++open > kMost) {
      throw Malformed("values are nested more than " + std::to_string(kMaxNesting) + " deep");
    } else if ((c == ']' || c == '}') && open > 0) {
      --open;
    }
  }
}

// Whatever goes wrong in reading a line has one type.
template <class Read>
auto reading(const char* what, std::string_view line, Read read) {
  try {
    check_brackets(line);
    const Json json = Json::parse(line);
    if (!json.is_object()) throw Malformed("not a JSON object");
    return read(json);
  } catch (const std::exception& error) {  // Malformed, WrongKind, or the JSON library's own
    throw Malformed(std::string("bad ") + what + ": " + error.what());
  }
}

std::string writing(const Json& json) {
  try {
    return json.dump();
  } catch (const Json::exception& error) {
    throw Malformed(std::string("cannot be written as JSON: ") + error.what());
  }
}

// ---- requests

const char* name_field(const std::string& verb) {
  if (verb == "make") return "class";
  if (verb == "call") return "method";
  return "name";
}

Json exit_to_json(const Exit& exit) {
  Json json = {{exit.how, to_json(exit.value)}};
  if (exit.how == "raise") json["text"] = exit.text;
  return json;
}

Exit to_exit(const Json& json) {
  for (const char* how : {"return", "exit", "raise", "signal", "quit"}) {
    const auto found = json.find(how);
    if (found != json.end()) return Exit{how, to_value(*found, 0), json.value("text", "")};
  }
  throw Malformed("unknown way to end: " + json.dump());
}

Json request_to_json(const Request& request) {
  Json json = {{"do", request.verb}};
  if (request.id != 0) json["id"] = request.id;
  if (request.on) json["on"] = to_json(Value(*request.on));
  if (!request.name.empty()) json[name_field(request.verb)] = request.name;
  if (!request.args.empty()) json["args"] = to_json(request.args);
  if (!request.kwargs.items.empty()) json["kwargs"] = to_json(request.kwargs);
  if (!request.thread.empty()) json["thread"] = request.thread;
  if (request.verb == "set") json["value"] = to_json(request.value);
  if (request.verb == "sleep") json["seconds"] = request.seconds;
  if (request.verb == "bye") json["exit"] = exit_to_json(request.exit);
  if (request.verb == "batch") {
    json["repeat"] = request.repeat;
    json["calls"] = Json::array();
    for (const Request& call : request.calls) json["calls"].push_back(request_to_json(call));
  }
  return json;
}

Request to_request(const Json& json) {
  Request request;
  request.id = json.value("id", std::int64_t{0});
  request.verb = json.at("do").get<std::string>();
  if (const auto on = json.find("on"); on != json.end()) request.on = to_handle(on->at("$handle"));
  request.name = json.value(name_field(request.verb), "");
  if (const auto args = json.find("args"); args != json.end()) request.args = to_values(*args);
  if (const auto kwargs = json.find("kwargs"); kwargs != json.end()) request.kwargs = to_kwargs(*kwargs);
  request.thread = json.value("thread", "");
  if (const auto value = json.find("value"); value != json.end()) request.value = to_value(*value, 0);
  request.seconds = json.value("seconds", 0.0);
  request.repeat = json.value("repeat", std::int64_t{1});
  if (const auto exit = json.find("exit"); exit != json.end()) request.exit = to_exit(*exit);
  if (const auto calls = json.find("calls"); calls != json.end()) {
    for (const Json& call : *calls) request.calls.push_back(to_request(call));
  }
  return request;
}

// ---- answers

Json answer_to_json(const Answer& answer) {
  Json json = {{"at", answer.at}, {"seconds", answer.seconds}};
  std::visit(Overloaded{
                 [&](const Value& value) { json["value"] = to_json(value); },
                 [&](const Error& error) { json["error"] = to_json(error); },
                 [&](const Unsupported& unsupported) { json["unsupported"] = unsupported.what; },
                 [&](const Batch& batch) {
                   json["value"] = Json::array();
                   for (const Answer& one : batch.answers) json["value"].push_back(answer_to_json(one));
                 },
             },
             answer.result);
  return json;
}

// An answer in a batch and a tagged value are both objects; a tag begins with a dollar.
bool is_batch(const Json& value) {
  if (!value.is_array() || value.empty()) return false;
  return value[0].is_object() && !value[0].empty() && !value[0].begin().key().starts_with('$');
}

Answer to_answer(const Json& json) {
  Answer answer;
  if (const auto id = json.find("id"); id != json.end() && !id->is_null()) answer.id = id->get<std::int64_t>();
  answer.at = json.at("at").get<double>();
  answer.seconds = json.at("seconds").get<double>();
  if (json.contains("value") + json.contains("error") + json.contains("unsupported") != 1) {
    throw Malformed("an answer has exactly one of value, error and unsupported");
  }
  if (json.contains("error")) {
    answer.result = to_error(json["error"]);
  } else if (json.contains("unsupported")) {
    answer.result = Unsupported{json["unsupported"].get<std::string>()};
  } else if (is_batch(json["value"])) {
    Batch batch;
    for (const Json& one : json["value"]) {
      if (one.contains("value") && is_batch(one["value"])) throw Malformed("a batch has no batch in it");
      batch.answers.push_back(to_answer(one));
    }
    answer.result = std::move(batch);
  } else {
    answer.result = to_value(json["value"], 0);
  }
  return answer;
}

// ---- hello

Json to_json(const Implementation& implementation) {
  return {{"name", implementation.name},         {"version", implementation.version},
          {"platform", implementation.platform}, {"language", implementation.language},
          {"edition", implementation.edition},   {"start_methods", implementation.start_methods},
          {"profiles", implementation.profiles}, {"features", implementation.features}};
}

Implementation to_implementation(const Json& json) {
  Implementation made;
  made.name = json.at("name").get<std::string>();
  made.version = json.at("version").get<std::string>();
  made.platform = json.at("platform").get<std::string>();
  made.language = json.value("language", "");
  made.edition = json.value("edition", "");
  made.start_methods = json.at("start_methods").get<std::vector<std::string>>();
  made.profiles = json.value("profiles", std::vector<std::string>());
  made.features = json.value("features", std::vector<std::string>());
  return made;
}

Hello to_hello(const Json& json) {
  Hello hello;
  hello.protocol = json.at("protocol").get<int>();
  hello.token = json.at("token").get<std::string>();
  hello.pid = json.at("pid").get<std::int64_t>();
  hello.host_pid = json.value("host_pid", std::int64_t{0});
  hello.role = json.at("role").get<std::string>();
  if (hello.role == "main") {
    hello.implementation = to_implementation(json.at("implementation"));
  } else if (hello.role == "child") {
    hello.actor = json.at("actor").get<std::string>();
    hello.args = to_values(json.value("args", Json::array()));
    hello.kwargs = to_kwargs(json.value("kwargs", Json::object()));
  } else {
    throw Malformed("a role is main or child, not '" + hello.role + "'");
  }
  return hello;
}

}  // namespace

std::string encode(const Request& request) { return writing(request_to_json(request)); }
std::string encode(const Value& value) { return writing(to_json(value)); }

std::string encode(const Answer& answer) {
  Json json = answer_to_json(answer);
  json["id"] = answer.id != 0 ? Json(answer.id) : Json();
  return writing(json);
}

std::string encode(const Hello& hello) {
  Json json = {{"protocol", hello.protocol}, {"token", hello.token}, {"pid", hello.pid}, {"role", hello.role}};
  if (hello.host_pid != 0) json["host_pid"] = hello.host_pid;
  if (hello.role == "main") {
    json["implementation"] = to_json(hello.implementation);
  } else {
    json["actor"] = hello.actor;
    json["args"] = to_json(hello.args);
    json["kwargs"] = to_json(hello.kwargs);
  }
  return writing({{"hello", std::move(json)}});
}

Request parse_request(std::string_view line) {
  Request request = reading("request", line, to_request);
  if (request.id == 0) throw Malformed("a request without an id");
  return request;
}

std::int64_t id_of(std::string_view line) {
  const Json json = Json::parse(line, nullptr, false);
  const auto id = json.is_object() ? json.find("id") : json.end();
  return id != json.end() && id->is_number_integer() ? id->get<std::int64_t>() : 0;
}

Answer parse_answer(std::string_view line) { return reading("answer", line, to_answer); }

Hello parse_hello(std::string_view line) {
  return reading("hello", line, [](const Json& json) { return to_hello(json.at("hello")); });
}

Value parse_value(std::string_view text) {
  return reading("value", "{\"value\":" + std::string(text) + "}",
                 [](const Json& json) { return to_value(json.at("value"), 0); });
}

}  // namespace mp::conformance
