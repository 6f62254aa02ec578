#ifndef REFERENCE_MULTIPROCESSING_H_
#define REFERENCE_MULTIPROCESSING_H_

// The whole model with one include. Each header can be had alone, too, and compiles faster.
#include "reference/address.h"
#include "reference/authentication.h"
#include "reference/barrier.h"
#include "reference/condition.h"
#include "reference/connection.h"
#include "reference/context.h"
#include "reference/ctypes.h"
#include "reference/error.h"
#include "reference/event.h"
#include "reference/joinable_queue.h"
#include "reference/listener.h"
#include "reference/lock.h"
#include "reference/matrix_view.h"
#include "reference/memory_map.h"
#include "reference/object.h"
#include "reference/process.h"
#include "reference/queue.h"
#include "reference/rlock.h"
#include "reference/semaphore.h"
#include "reference/simple_queue.h"
#include "reference/shareable_list.h"
#include "reference/shared_array.h"
#include "reference/shared_memory.h"
#include "reference/shared_value.h"
#include "reference/start_method.h"
#include "reference/wait.h"
#include "reference/wait_many.h"

#endif  // REFERENCE_MULTIPROCESSING_H_
