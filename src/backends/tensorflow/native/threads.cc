#include "threads.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>

namespace starsse {
namespace {

/** Work that threads take parts of until none is left. */
struct Job {
  const std::function<void(int64_t)>* work;
  int64_t parts;
  std::atomic<int64_t> next{0};
  std::atomic<int64_t> done{0};
};

/** Never destroyed: helpers wait in it until the process is gone. */
struct Shared {
  std::mutex mutex;
  std::condition_variable wanted, finished;
  std::deque<std::shared_ptr<Job>> jobs;
  int helpers = 0;
  int started = 0;
};

Shared& shared = *new Shared;

void takeParts(Job& job) {
  int64_t took = 0;
  for (int64_t part; (part = job.next++) < job.parts; took++) (*job.work)(part);
  if (took == 0 || job.done.fetch_add(took) + took < job.parts) return;
  std::lock_guard<std::mutex> lock(shared.mutex);
  shared.finished.notify_all();
}

void help() {
  std::unique_lock<std::mutex> lock(shared.mutex);
  for (;;) {
    shared.wanted.wait(lock, [] { return !shared.jobs.empty(); });
    const std::shared_ptr<Job> job = shared.jobs.front();
    shared.jobs.pop_front();
    lock.unlock();
    takeParts(*job);
    lock.lock();
  }
}

}  // namespace

void setThreads(int threads) {
  std::lock_guard<std::mutex> lock(shared.mutex);
  shared.helpers = std::max(threads - 1, 0);
  // They live as long as the process.
  for (; shared.started < shared.helpers; shared.started++) std::thread(help).detach();
}

void inParallel(int64_t parts, const std::function<void(int64_t)>& work) {
  const int64_t wantedHelpers = std::min<int64_t>(shared.helpers, parts - 1);
  if (wantedHelpers <= 0) {
    for (int64_t part = 0; part < parts; part++) work(part);
    return;
  }
  const auto job = std::make_shared<Job>();
  job->work = &work;
  job->parts = parts;
  {
    std::lock_guard<std::mutex> lock(shared.mutex);
    shared.jobs.insert(shared.jobs.end(), wantedHelpers, job);
  }
  shared.wanted.notify_all();
  takeParts(*job);
  std::unique_lock<std::mutex> lock(shared.mutex);
  shared.finished.wait(lock, [&] { return job->done == job->parts; });
}

}  // namespace starsse
