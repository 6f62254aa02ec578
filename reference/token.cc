#include "reference/token.h"

#include <algorithm>
#include <utility>

#include "reference/error.h"

namespace mp {
namespace {

constexpr const char* kModule = "multiprocessing.managers";

bool is_global(const Object& object, std::string_view name) {
  const auto* global = object.get_if<Global>();
  return global != nullptr && global->module == kModule && global->name == name;
}

const List* items_in(const Object& object) {
  if (const auto* tuple = object.get_if<Tuple>()) return &tuple->items;
  return object.get_if<List>();
}

}  // namespace

Object address_object(const Address& address) {
  if (address.is_arbitrary()) return Object();
  if (address.family() == "AF_INET") return tuple(address.host(), address.port());
  return address.path();
}

Address address_from(const Object& object) {
  if (object.is_none()) return Address();
  if (object.is_str()) return Address(object.get<std::string>());
  const List* items = items_in(object);
  if (items == nullptr || items->size() != 2) throw TypeError("not an address: " + object.brief());
  return Address((*items)[0].as<std::string>(), (*items)[1].as<int>());
}

std::vector<std::string> names_from(const Object& sequence) {
  std::vector<std::string> names;
  const auto add = [&](const auto& items) {
    for (const Object& name : items) names.push_back(name.as<std::string>());
  };
  if (const auto* set = sequence.get_if<Set>()) {
    add(*set);
  } else if (const List* items = items_in(sequence)) {
    add(*items);
  } else {
    throw TypeError("not a sequence of names: " + sequence.brief());
  }
  return names;
}

Object names_object(const std::vector<std::string>& names) { return Tuple{List(names.begin(), names.end())}; }

Object Token::object() const {
  return Instance{Global{"copyreg", "__newobj__"}, tuple(Global{kModule, "Token"}), tuple(type_id, address_object(address), id), {}, {}};
}

Token Token::from(const Object& object) {
  const auto* instance = object.get_if<Instance>();
  const Global* type = instance == nullptr ? nullptr : instance->type();
  if (type == nullptr || type->module != kModule || type->name != "Token") throw TypeError("not a Token: " + object.brief());
  // Classes with __slots__ and __getstate__: the state is what that gives.
  const List* state = items_in(instance->state);
  if (state == nullptr || state->size() != 3) throw TypeError("not the state of a Token: " + instance->state.brief());
  return {(*state)[0].as<std::string>(), address_from((*state)[1]), (*state)[2].as<std::string>()};
}

Object ProxyRecipe::object() const {
  Dict kwds;
  if (exposed) kwds.set("exposed", names_object(*exposed));
  if (authkey) kwds.set("authkey", bytes(*authkey));
  return Instance{Global{kModule, "RebuildProxy"}, tuple(Global{kModule, proxy_type}, token.object(), "pickle", std::move(kwds)),
                  Object(), {}, {}};
}

std::optional<ProxyRecipe> ProxyRecipe::from(const Object& object) {
  const auto* instance = object.get_if<Instance>();
  if (instance == nullptr || !is_global(instance->callable, "RebuildProxy")) return std::nullopt;
  const List* args = items_in(instance->args);
  if (args == nullptr || args->size() != 4) return std::nullopt;
  const auto* type = (*args)[0].get_if<Global>();
  const auto* kwds = (*args)[3].get_if<Dict>();
  if (type == nullptr || kwds == nullptr) return std::nullopt;
  ProxyRecipe recipe{type->name, Token::from((*args)[1]), {}, {}};
  if (const Object* exposed = kwds->find("exposed"); exposed != nullptr && !exposed->is_none()) recipe.exposed = names_from(*exposed);
  if (const Object* key = kwds->find("authkey"); key != nullptr && key->get_if<Bytes>() != nullptr)
    recipe.authkey = std::string(characters(key->get<Bytes>()));
  return recipe;
}

}  // namespace mp
