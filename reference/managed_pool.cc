#include "reference/managed_pool.h"

#include <chrono>
#include <string>
#include <utility>

#include "reference/caller.h"
#include "reference/error.h"
#include "reference/pool_function.h"
#include "reference/slice_object.h"
#include "reference/wait.h"

namespace mp::managed {
namespace {

using platform::Deadline;
using Option = std::optional<Object>;

mp::List items_of(const Option& iterable) { return iterable ? mp::items_of(*iterable) : mp::List(); }

// What a worker does: (name of the function, arguments).
Object perform(Object task) {
  const auto& parts = task.get<Tuple>().items;
  return pool_internal::served(parts.at(0))(parts.at(1).get<mp::List>());
}

Object task_of(const Object& function, mp::List arguments) { return tuple(function, std::move(arguments)); }

// A wrong one is refused by the call, not by its result.
const Object& checked(const Object& function) {
  pool_internal::served(function);
  return function;
}

mp::List tasks_of(const Object& function, const Object& iterable, bool spread) {
  checked(function);
  mp::List tasks;
  for (Object& item : items_of(iterable))
    tasks.push_back(task_of(function, spread ? items_of(item) : mp::List{std::move(item)}));
  return tasks;
}

void refuse(const Option& callback) {
  if (callback && !callback->is_none())
    throw TypeError("a callback cannot run in the process of a manager: use the result");
}

PoolOptions options_of(std::optional<int> processes, const Option& initializer, const Option& initargs,
                       std::optional<int> maxtasksperchild) {
  PoolOptions options{.processes = processes, .maxtasksperchild = maxtasksperchild};
  if (initializer && !initializer->is_none()) {
    options.initializer = PoolInitializer([](Object task) { perform(std::move(task)); },
                                          task_of(checked(*initializer), items_of(initargs)));
  }
  return options;
}

constexpr std::chrono::milliseconds kLook(100);

// Looks now and then whether the one who asks is still there.
template <class R>
void await(const R& result, std::optional<double> timeout) {
  const Deadline deadline = deadline_of(timeout);
  while (!result.ready() && !deadline.has_passed()) {
    result.wait(Wait(Deadline::after(kLook).or_earlier(deadline).remaining()));
    if (!result.ready() && Caller::current_is_gone()) throw CallerGone();
  }
}

// Likewise. Who has waited looks once more before it takes: what came for the dead is another's.
Object next_of(const IMapIterator<Object>& results) {
  for (;;) {
    if (std::optional<Object> next = results.try_next()) return *std::move(next);
    results.wait(kLook);
    if (Caller::current_is_gone()) throw CallerGone();
  }
}

}  // namespace

// ---- AsyncResult ----

Class<AsyncResult> AsyncResult::describe() {
  return Class<AsyncResult>("AsyncResult")
      .without_constructor()
      .method("get(timeout)", &AsyncResult::get)
      .method("wait(timeout)", &AsyncResult::wait)
      .method("ready()", &AsyncResult::ready)
      .method("successful()", &AsyncResult::successful);
}

Object AsyncResult::get(std::optional<double> timeout) const {
  return std::visit(
      [&](const auto& result) {
        await(result, timeout);
        return Object(result.get(Wait::none()));
      },
      result_);
}

void AsyncResult::wait(std::optional<double> timeout) const {
  std::visit([&](const auto& result) { await(result, timeout); }, result_);
}

bool AsyncResult::ready() const {
  return std::visit([](const auto& result) { return result.ready(); }, result_);
}

bool AsyncResult::successful() const {
  return std::visit([](const auto& result) { return result.successful(); }, result_);
}

// ---- Pool ----

Pool::Pool(std::optional<int> processes, const Option& initializer, const Option& initargs,
           std::optional<int> maxtasksperchild)
    : pool_(options_of(processes, initializer, initargs, maxtasksperchild)) {}

Pool::Shared Pool::apply(const Object& function, const Option& args, const Option& kwds) {
  if (kwds && kwds->truth()) throw TypeError("the arguments of a C++ function have no names");
  return std::make_shared<AsyncResult>(pool_.apply_async(&perform, task_of(checked(function), items_of(args))));
}

Pool::Shared Pool::map(Spread spread, const Object& function, const Object& iterable,
                       std::optional<std::int64_t> chunksize) {
  return std::make_shared<AsyncResult>(
      pool_.map_async(&perform, tasks_of(function, iterable, spread == Spread::kYes), {.chunksize = chunksize}));
}

std::shared_ptr<Iterator> Pool::imap(bool ordered, const Object& function, const Object& iterable,
                                     std::optional<std::int64_t> chunksize) {
  mp::List tasks = tasks_of(function, iterable, false);
  const std::int64_t chunk = chunksize.value_or(1);
  auto results =
      ordered ? pool_.imap(&perform, std::move(tasks), chunk) : pool_.imap_unordered(&perform, std::move(tasks), chunk);
  return std::make_shared<Iterator>([results] { return next_of(results); });
}

Class<Pool> Pool::describe() {
  using Chunk = std::optional<std::int64_t>;
  const auto map_now = [](Spread spread) {
    return [spread](Pool& self, Object function, Object iterable, Chunk chunksize) {
      return self.map(spread, function, iterable, chunksize)->get(std::nullopt);
    };
  };
  const auto map_later = [](Spread spread) {
    return [spread](Pool& self, Object function, Object iterable, Chunk chunksize, Option callback, Option errors) {
      refuse(callback);
      refuse(errors);
      return self.map(spread, function, iterable, chunksize);
    };
  };
  const auto imap_by = [](bool ordered) {
    return [ordered](Pool& self, Object function, Object iterable, Chunk chunksize) {
      return self.imap(ordered, function, iterable, chunksize);
    };
  };
  Class<Pool> described("Pool");
  described
      .constructor<std::optional<int>, Option, Option, std::optional<int>>(
          "(processes, initializer, initargs, maxtasksperchild)")
      .method("apply(func, args, kwds)",
              [](Pool& self, Object function, Option args, Option kwds) {
                return self.apply(function, args, kwds)->get(std::nullopt);
              })
      .method("apply_async(func, args, kwds, callback, error_callback)",
              [](Pool& self, Object function, Option args, Option kwds, Option callback, Option errors) {
                refuse(callback);
                refuse(errors);
                return self.apply(function, args, kwds);
              })
      .method("map(func, iterable, chunksize)", map_now(Spread::kNo))
      .method("starmap(func, iterable, chunksize)", map_now(Spread::kYes))
      .method("map_async(func, iterable, chunksize, callback, error_callback)", map_later(Spread::kNo))
      .method("starmap_async(func, iterable, chunksize, callback, error_callback)", map_later(Spread::kYes))
      .method("imap(func, iterable, chunksize)", imap_by(true))
      .method("imap_unordered(func, iterable, chunksize)", imap_by(false))
      .method("close()", [](Pool& self) { self.pool_.close(); })
      .method("terminate()", [](Pool& self) { self.pool_.terminate(); })
      .method("join()", [](Pool& self) { self.pool_.join(); });
  for (const char* method : {"apply_async", "map_async", "starmap_async"})
    described.returns_proxy(method, "AsyncResult");
  for (const char* method : {"imap", "imap_unordered"}) described.returns_proxy(method, "Iterator");
  return described;
}

}  // namespace mp::managed
