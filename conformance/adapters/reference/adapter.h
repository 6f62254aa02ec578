#ifndef CONFORMANCE_ADAPTERS_REFERENCE_ADAPTER_H_
#define CONFORMANCE_ADAPTERS_REFERENCE_ADAPTER_H_

#include <memory>
#include <string_view>

#include "conformance/adapters/cpp/kit.h"
#include "reference/wait.h"

namespace mp::conformance {

// The reference as the protocol sees it: one for all lines of this process. A program of mutants overrides entries of it in the
// first lines of its main(), before freeze_support(): so each of its processes has them.
Adapter& adapter();

// The whole of main() of a program that serves it.
int serve_reference(int argc, char** argv);

// The lists, one function for each group of nouns.
void offer_processes(Adapter& adapter);
void offer_locks(Adapter& adapter);
void offer_synchronisation(Adapter& adapter);
void offer_queues(Adapter& adapter);
void offer_connections(Adapter& adapter);
void offer_shared(Adapter& adapter);
void offer_named_memory(Adapter& adapter);
void offer_managers(Adapter& adapter);
void offer_pools(Adapter& adapter);
void offer_log(Adapter& adapter);

// For an object that outlives its handle, or has one already.
template <class T>
std::shared_ptr<T> borrowed(T* object) {
  return {object, [](T*) {}};
}

// None is for ever.
Wait wait_of(Args& args, std::string_view name);

}  // namespace mp::conformance

#endif  // CONFORMANCE_ADAPTERS_REFERENCE_ADAPTER_H_
