#ifndef REFERENCE_PROXY_H_
#define REFERENCE_PROXY_H_

#include <concepts>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "reference/address.h"
#include "reference/codec.h"
#include "reference/form.h"
#include "reference/object.h"
#include "reference/token.h"

namespace mp {

namespace proxy_internal {
class Link;  // what this process has with one server
class Held;  // one reference of this process to one object
}  // namespace proxy_internal

// Stands for an object that lives in the server of a manager, and calls its methods there.
//
//   mp::Proxy maths = manager.create("Maths");
//   const int sum = maths.call<int>("add", 4, 3);
//
// Owns:    a share of a reference: the object lives until nobody has one. In the process of a killed client they end, too.
// Shares:  copies are the same reference. It travels to a child as an argument or by fork, through queues, and inside of managed
//          containers, also to Python: there it is a reference of its own.
// Threads: every method in any thread. Each thread has a connection of its own, made with its first call.
// Blocks:  as long as the method does; the end of the server ends it.
// Throws:  what the method throws, as our class of the same name. RemoteError for a method that is not exposed. EOFError,
//          BrokenPipeError, ConnectionRefusedError or FileNotFoundError when the server is gone. PickleError for what cannot travel.
class Proxy {
 public:
  // What a method gave: data, or a proxy of what stayed in the server.
  using Reply = std::variant<Object, Proxy>;

  // [proxy.callmethod] Without R: the value as it came.
  template <class R = Object, class... A>
  R call(std::string_view method, A&&... arguments) const {
    List args;
    args.reserve(sizeof...(arguments));
    (args.emplace_back(std::forward<A>(arguments)), ...);
    return as<R>(callmethod(method, std::move(args)));
  }
  // BaseProxy._callmethod
  Reply callmethod(std::string_view method, List args = {}, Dict kwds = {}) const;
  // BaseProxy._getvalue: a copy of the object. RemoteError for one that cannot travel.
  Object getvalue() const;
  // [proxy.text] The object's own repr(); [proxy.debug-text] the proxy's.
  std::string str() const;
  std::string repr() const;

  const Token& token() const;
  const std::vector<std::string>& exposed() const { return exposed_; }
  bool exposes(std::string_view method) const;

  // An empty shell, for load() only.
  explicit Proxy(Undecoded) {}
  // A new object, made by the name of its type.
  static Proxy create(std::shared_ptr<proxy_internal::Link> link, std::string type_id, List args, Dict kwds);
  // Takes over a reference that the server counts already, in nobody's name.
  static Proxy adopt(Token token, std::string authkey, std::vector<std::string> exposed);
  // Takes a reference of its own; asks what is exposed if it is not said.
  static Proxy refer(Token token, std::string authkey, std::optional<std::vector<std::string>> exposed);

  void save(Writer& writer) const;
  void load(Reader& reader);

  // For inside of data, as CPython pickles it: its class there is that of the typeid in a SyncManager, else AutoProxy.
  Object object() const;
  // TypeError for what is no proxy.
  static Proxy from(const Object& object);

 protected:
  template <class R>
  static R as(Reply reply) {
    if constexpr (std::is_void_v<R>) {
      return;
    } else if constexpr (std::same_as<R, Proxy> || std::derived_from<R, Proxy>) {
      if (const auto* proxy = std::get_if<Proxy>(&reply)) return R(*proxy);
      return R(from(std::get<Object>(reply)));
    } else {
      if (const auto* proxy = std::get_if<Proxy>(&reply)) {
        if constexpr (std::same_as<R, Object>) return proxy->object();
        return R(proxy->object().template as<R>());
      }
      return std::get<Object>(reply).template as<R>();
    }
  }

 private:
  explicit Proxy(std::shared_ptr<proxy_internal::Held> held, std::vector<std::string> exposed)
      : held_(std::move(held)), exposed_(std::move(exposed)) {}

  std::shared_ptr<proxy_internal::Held> held_;
  std::vector<std::string> exposed_;
};

// A proxy inside an Object: list.append(proxy), list.get(0).as<mp::ListProxy>().
template <class T>
requires(std::same_as<T, Proxy> || std::derived_from<T, Proxy>) struct Form<T> {
  static Object wrap(const T& proxy) { return proxy.object(); }
  static T unwrap(const Object& object) { return T(Proxy::from(object)); }
};

}  // namespace mp

#endif  // REFERENCE_PROXY_H_
