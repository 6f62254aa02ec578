#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "conformance/adapters/cpp/recorder.h"
#include "conformance/adapters/reference/managers.h"
#include "conformance/adapters/reference/parcel.h"
#include "reference/error.h"

namespace mp::conformance {
namespace {

mp::List list_of(const Values& values, Handles& handles) {
  mp::List list;
  for (const Value& value : values) list.push_back(to_object(value, handles));
  return list;
}

mp::Dict dict_of(const Kwargs& kwargs, Handles& handles) {
  mp::Dict dict;
  for (const auto& [name, value] : kwargs.items) dict.set(name, to_object(value, handles));
  return dict;
}

// The proxy class of `Sums`: a method of its own beside those that it forwards.
struct SumsProxy : Proxy {
  using Proxy::Proxy;
  explicit SumsProxy(Proxy proxy) : Proxy(std::move(proxy)) {}

  std::int64_t twice(std::int64_t x) { return call<std::int64_t>("add", x, x); }
};

// The typeids of a SyncManager are what their proxies are called by; whatever else is a Proxy.
template <class P>
Value keep_as(Proxy proxy, Handles& handles) {
  return handles.keep(std::make_shared<P>(std::move(proxy)));
}

using Keep = Value (*)(Proxy, Handles&);
const std::map<std::string, Keep>& keepers() {
  static const std::map<std::string, Keep> kKeepers = {
      {"list", keep_as<ListProxy>},           {"shared_list", keep_as<ListProxy>},
      {"dict", keep_as<DictProxy>},           {"Namespace", keep_as<NamespaceProxy>},
      {"Value", keep_as<ValueProxy>},         {"Array", keep_as<ArrayProxy>},
      {"Iterator", keep_as<IteratorProxy>},   {"Lock", keep_as<AcquirerProxy>},
      {"RLock", keep_as<AcquirerProxy>},      {"Semaphore", keep_as<AcquirerProxy>},
      {"Condition", keep_as<ConditionProxy>}, {"BoundedSemaphore", keep_as<AcquirerProxy>},
      {"Event", keep_as<EventProxy>},         {"Barrier", keep_as<BarrierProxy>},
      {"Queue", keep_as<QueueProxy>},         {"JoinableQueue", keep_as<QueueProxy>},
      {"shared_queue", keep_as<QueueProxy>},  {"Squares", keep_as<IteratorProxy>},
      {"Sums", keep_as<SumsProxy>},
  };
  return kKeepers;
}

template <class... P>
std::optional<Proxy> first_of(const Kept& kept) {
  std::optional<Proxy> found;
  const auto look = [&]<class Each>() {
    if (const auto proxy = kept.as<Each>()) found = *proxy;
  };
  (look.template operator()<P>(), ...);
  return found;
}

// What every proxy has, and the methods that it forwards with whatever arguments there are.
template <class P>
Type<P> offer_proxy(Adapter& adapter, const char* name, const std::vector<const char*>& methods) {
  Luggage::travels<P>();
  Type<P> type = adapter.type<P>(name);
  type.method("__str__()", [](P& proxy, Args&) { return proxy.str(); })
      .method("__repr__()", [](P& proxy, Args&) { return proxy.repr(); })
      .method("_getvalue()", [](P& proxy, Args& args) { return to_value(proxy.getvalue(), args.handles()); })
      .method("_callmethod(methodname, args=(), kwds={})", [](P& proxy, Args& args) {
        mp::Dict kwds = to_object(args["kwds"], args.handles()).template get<mp::Dict>();
        return value_of(proxy.callmethod(args.text("methodname"), list_of(args["args"].items(), args.handles()), std::move(kwds)),
                        args.handles());
      });
  for (const char* method : methods) {
    type.method(std::string(method) + "(*args, **kwargs)", [method](P& proxy, Args& args) {
      if (!proxy.exposes(method)) throw NotOffered{"the object has no " + std::string(method)};
      return value_of(proxy.callmethod(method, list_of(args.more(), args.handles()), dict_of(args.more_by_name(), args.handles())),
                      args.handles());
    });
  }
  return type;
}

// As in Python.
bool is_true(const Value& value) {
  if (value.is_none()) return false;
  if (value.is<bool>()) return value == Value(true);
  if (value.is<std::string>()) return !value.text().empty();
  if (value.is<std::int64_t>() || value.is<double>()) return value.number() != 0;
  if (value.is<List>() || value.is<Tuple>()) return !value.items().empty();
  return true;
}

// A recorder as a predicate: its results are the answers.
Value wait_for(ConditionProxy& condition, Args& args) {
  const auto recorder = args.object<Recorder>("predicate");
  Value last;
  condition.wait_for(
      [&] {
        last = (*recorder)({});
        return is_true(last);
      },
      wait_of(args, "timeout"));
  return last;
}

template <class P>
void offer_acquirer(Type<P> type) {
  type.method("__enter__()", [](P& proxy, Args&) { return proxy.acquire(); })
      .method("__exit__()", [](P& proxy, Args&) { proxy.release(); });
}

Value attribute(BarrierProxy& barrier, const char* name, Args& args) {
  return value_of(barrier.callmethod("__getattribute__", {name}), args.handles());
}

}  // namespace

std::optional<Proxy> proxy_in(const Kept& kept) {
  return first_of<Proxy, ListProxy, DictProxy, NamespaceProxy, ValueProxy, ArrayProxy, IteratorProxy, AcquirerProxy,
                  ConditionProxy, EventProxy, BarrierProxy, QueueProxy, SumsProxy>(kept);
}

Value keep_proxy(Proxy proxy, Handles& handles) {
  const auto found = keepers().find(proxy.token().type_id);
  return (found == keepers().end() ? keep_as<Proxy> : found->second)(std::move(proxy), handles);
}

Value value_of(const Proxy::Reply& reply, Handles& handles) {
  if (const auto* proxy = std::get_if<Proxy>(&reply)) return keep_proxy(*proxy, handles);
  return to_value(std::get<Object>(reply), handles);
}

void offer_proxies(Adapter& adapter) {
  offer_proxy<Proxy>(adapter, "AutoProxy", {"add", "mul", "counter", "value", "fail", "_secret"});
  offer_proxy<SumsProxy>(adapter, "SumsProxy", {"add", "counter"}).method("twice(x)", [](SumsProxy& sums, Args& args) {
    return sums.twice(args.integer("x"));
  });
  offer_proxy<ListProxy>(adapter, "ListProxy",
                         {"__add__", "__contains__", "__delitem__", "__getitem__", "__len__", "__mul__", "__reversed__", "__rmul__",
                          "__setitem__", "append", "count", "extend", "index", "insert", "pop", "remove", "reverse", "sort"})
      .method("__iadd__(value)",
              [](ListProxy& list, Args& args) {
                list.extend(to_object(args["value"], args.handles()));
                return borrowed(&list);
              })
      .method("__imul__(value)", [](ListProxy& list, Args& args) {
        list.callmethod("__imul__", {to_object(args["value"], args.handles())});
        return borrowed(&list);
      });
  offer_proxy<DictProxy>(adapter, "DictProxy",
                         {"__contains__", "__delitem__", "__getitem__", "__iter__", "__len__", "__setitem__", "clear", "copy", "get",
                          "items", "keys", "pop", "popitem", "setdefault", "update", "values"});
  offer_proxy<NamespaceProxy>(adapter, "NamespaceProxy", {"__getattribute__", "__setattr__", "__delattr__"})
      .get_any([](NamespaceProxy& space, Args& args) { return to_value(space.get(args.text("name")), args.handles()); })
      .set_any([](NamespaceProxy& space, Args& args) { space.set(args.text("name"), to_object(args["value"], args.handles())); });
  offer_proxy<ValueProxy>(adapter, "ValueProxy", {"get", "set"})
      .get("value", [](ValueProxy& value, Args& args) { return to_value(value.get(), args.handles()); })
      .set("value", [](ValueProxy& value, Args& args) { value.set(to_object(args["value"], args.handles())); });
  offer_proxy<ArrayProxy>(adapter, "ArrayProxy", {"__len__", "__getitem__", "__setitem__"});
  offer_proxy<IteratorProxy>(adapter, "IteratorProxy", {"__next__"})
      .method("next()",
              [](IteratorProxy& iterator, Args& args) { return value_of(iterator.callmethod("__next__"), args.handles()); })
      .method("__iter__()", [](IteratorProxy& iterator, Args&) { return borrowed(&iterator); });
  offer_acquirer(offer_proxy<AcquirerProxy>(adapter, "AcquirerProxy", {"acquire", "release"}));
  Type<ConditionProxy> condition =
      offer_proxy<ConditionProxy>(adapter, "ConditionProxy", {"acquire", "release", "wait", "notify", "notify_all"});
  condition.method("wait_for(predicate, timeout=None)", wait_for);
  offer_acquirer(condition);
  offer_proxy<EventProxy>(adapter, "EventProxy", {"is_set", "set", "clear", "wait"});
  offer_proxy<BarrierProxy>(adapter, "BarrierProxy", {"wait", "abort", "reset"})
      .get("parties", [](BarrierProxy& barrier, Args& args) { return attribute(barrier, "parties", args); })
      .get("n_waiting", [](BarrierProxy& barrier, Args& args) { return attribute(barrier, "n_waiting", args); })
      .get("broken", [](BarrierProxy& barrier, Args& args) { return attribute(barrier, "broken", args); });
  offer_proxy<QueueProxy>(adapter, "QueueProxy",
                          {"put", "get", "put_nowait", "get_nowait", "qsize", "empty", "full", "task_done", "join"});
}

}  // namespace mp::conformance
