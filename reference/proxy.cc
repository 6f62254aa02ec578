#include "reference/proxy.h"

#include <algorithm>
#include <map>

#include "reference/error.h"
#include "reference/held.h"
#include "reference/link.h"
#include "reference/process.h"

namespace mp {

using proxy_internal::Held;
using proxy_internal::Link;

Proxy Proxy::create(std::shared_ptr<Link> link, std::string type_id, List args, Dict kwds) {
  args.insert(args.begin(), Object(type_id));
  const Link::Created created = link->create(std::move(args), std::move(kwds));
  auto held = std::make_shared<Held>(link, Token{std::move(type_id), link->address, created.id});
  if (created.is_own) {
    held->taken();
  } else {
    held->adopted();
  }
  return Proxy(std::move(held), created.exposed);
}

Proxy Proxy::adopt(Token token, std::string authkey, std::vector<std::string> exposed) {
  auto held = std::make_shared<Held>(Link::to(token.address, authkey), token);
  held->adopted();
  return Proxy(std::move(held), std::move(exposed));
}

Proxy Proxy::refer(Token token, std::string authkey, std::optional<std::vector<std::string>> exposed) {
  auto held = std::make_shared<Held>(Link::to(token.address, authkey), token);
  // First: CPython's server does not know the methods of what only a container of its own still refers to.
  held->own();
  if (!exposed)
    exposed =
        names_from(proxy_internal::dispatch(token.address, authkey, "get_methods", list(token.object()).get<List>()));
  return Proxy(std::move(held), *std::move(exposed));
}

Proxy::Reply Proxy::callmethod(std::string_view method, List args, Dict kwds) const {
  Link& link = *held_->link;
  held_->own();
  const Connection connection = link.connection();
  std::string_view kind;
  Object answer;
  try {
    answer = proxy_internal::request(connection, held_->token.id, method, std::move(args), std::move(kwds));
  } catch (const OSError&) {
    link.forget_connection();
    throw;
  } catch (const EOFError&) {
    link.forget_connection();
    throw;
  }
  const Object value = proxy_internal::value_of(answer, &kind);
  if (kind != "#PROXY") return value;
  const auto& parts = value.get<Tuple>().items;
  if (parts.size() != 2) throw RemoteError("not an answer: " + value.brief());
  Token token = Token::from(parts[1]);
  token.address = held_->token.address;
  return adopt(std::move(token), link.authkey, names_from(parts[0]));
}

Object Proxy::getvalue() const { return std::get<Object>(callmethod("#GETVALUE")); }

std::string Proxy::str() const {
  try {
    return std::get<Object>(callmethod("__repr__")).as<std::string>();
  } catch (const Error&) {
    std::string text = repr();
    text.pop_back();
    return text + "; '__str__()' failed>";
  }
}

namespace {

// CPython's class for the standard types; what was registered otherwise is an AutoProxy.
std::string proxy_class(const std::string& type_id) {
  static const std::map<std::string, std::string> kClasses = {
      {"list", "ListProxy"},           {"dict", "DictProxy"},       {"Namespace", "NamespaceProxy"},
      {"Value", "ValueProxy"},         {"Array", "ArrayProxy"},     {"Event", "EventProxy"},
      {"Lock", "AcquirerProxy"},       {"RLock", "AcquirerProxy"},  {"Semaphore", "AcquirerProxy"},
      {"Condition", "ConditionProxy"}, {"Barrier", "BarrierProxy"}, {"BoundedSemaphore", "AcquirerProxy"},
      {"Iterator", "IteratorProxy"},
  };
  const auto found = kClasses.find(type_id);
  return found == kClasses.end() ? "AutoProxy" : found->second;
}

}  // namespace

std::string Proxy::repr() const {
  const std::string& type_id = token().type_id;
  const std::string name = proxy_class(type_id);
  return "<" + (name == "AutoProxy" ? "AutoProxy[" + type_id + "]" : name) + " object, typeid '" + type_id + "' at 0x" +
         token().id + ">";
}

const Token& Proxy::token() const { return held_->token; }

bool Proxy::exposes(std::string_view method) const { return std::ranges::find(exposed_, method) != exposed_.end(); }

Object Proxy::object() const {
  held_->own();
  ProxyRecipe recipe{proxy_class(token().type_id), token(), {}, {}};
  if (recipe.proxy_type == "AutoProxy") recipe.exposed = exposed_;
  return recipe.object();
}

Proxy Proxy::from(const Object& object) {
  const auto recipe = ProxyRecipe::from(object);
  if (!recipe) throw TypeError("wanted a proxy, not " + std::string(object.type_name()));
  std::optional<std::string> key = recipe->authkey;
  if (!key) key = Link::known_key(recipe->token.address);
  return refer(recipe->token, key ? *key : current_process().authkey(), recipe->exposed);
}

// On its way it has a reference that belongs to nobody, so that the sender may drop his. It ends with the last reading, or with a message that does
// not travel.
void Proxy::save(Writer& writer) const {
  held_->own();
  const Token& own = token();
  const auto ask = [held = held_](const char* function) {
    proxy_internal::dispatch(held->token.address, held->link->authkey, function, list(held->token.id).get<List>());
  };
  ask("incref");
  writer.on_discard([ask] { ask("decref"); });
  writer(own.type_id, address_object(own.address), own.id, held_->link->authkey, exposed_);
}

void Proxy::load(Reader& reader) {
  Token token;
  token.type_id = reader.read<std::string>();
  token.address = address_from(reader.read<Object>());
  token.id = reader.read<std::string>();
  auto authkey = reader.read<std::string>();
  auto exposed = reader.read<std::vector<std::string>>();
  const bool takes_over = reader.uses_up();
  *this = refer(token, authkey, std::move(exposed));
  if (takes_over) proxy_internal::dispatch(token.address, authkey, "decref", list(token.id).get<List>());
}

}  // namespace mp
