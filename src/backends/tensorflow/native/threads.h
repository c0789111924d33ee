/** Threads of an operation. */
#pragma once
#include <cstdint>
#include <functional>

namespace starsse {

/** Parts that sums over a batch are made of, on any number of threads: so they come out the same. */
constexpr int64_t PARTS = 4;

/** How many threads an operation has from now on, the one that calls it among them. */
void setThreads(int threads);

/** Calls `work` once for each of `parts`, on several threads at once, and returns when all are done. */
void inParallel(int64_t parts, const std::function<void(int64_t)>& work);

}  // namespace starsse
