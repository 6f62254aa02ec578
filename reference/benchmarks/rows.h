#ifndef REFERENCE_BENCHMARKS_ROWS_H_
#define REFERENCE_BENCHMARKS_ROWS_H_

namespace mp::bench {

// One function a file of rows; main calls them all.
void add_start_rows();
void add_queue_rows();
void add_connection_rows();
void add_lock_rows();
void add_synchronisation_rows();
void add_value_rows();
void add_pool_rows();
void add_manager_rows();

}  // namespace mp::bench

#endif  // REFERENCE_BENCHMARKS_ROWS_H_
