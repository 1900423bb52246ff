// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Threads that compute the shards of a training step. Not in `ctnn.hpp`; it allocates once and needs an operating system.

#include <ctnn/config.hpp>

#include <atomic>
#include <cstddef>
#include <memory>
#include <thread>
#include <vector>

namespace CTNN_NAMESPACE {

/// Threads that are started once and then do jobs together with the thread that calls: `team(count, f)` calls
/// f(0) ... f(count - 1) once each and returns when all have returned.
///
/// With n threads, thread t has the jobs [t count / n, (t + 1) count / n): always the same ones, whose memory is in the
/// cache of its core. Between calls the threads look for new jobs for a while and then sleep. A call allocates nothing and
/// takes no lock. One thread may call a team at a time, and a job may not. An exception of a job ends the program.
/// std::thread and not OpenMP: the user's program needs no flag of the compiler, and ThreadSanitizer sees all
/// synchronisation, which that of an OpenMP library it does not. Not std::jthread, which libc++ 19 has only as an
/// experiment; the destructor joins.
/// *Example*: `team cores; training.step(inputs, labels, cores);`
class team {
  public:
    /// A team of this many threads, the calling one included; 0 is one for each core. If the system has not as many,
    /// fewer.
    explicit team(std::size_t threads = 0) {
        if (threads == 0) threads = std::thread::hardware_concurrency();
        try {
            for (std::size_t t = 1; t < threads; ++t) threads_.emplace_back([this, t] { work(t); });
        } catch (...) {
            // As many as the system allows.
        }
    }
    team(const team&) = delete;
    team& operator=(const team&) = delete;
    ~team() {
        job_ = nullptr;
        start();
        for (std::thread& thread : threads_) thread.join();
    }

    /// How many threads there are, the calling one included.
    std::size_t size() const { return threads_.size() + 1; }

    template <class F>
    void operator()(std::size_t count, F&& f) {
        auto* place = std::addressof(f);  // perhaps of a const object, which a void* cannot point to
        job_ = [](void* job, std::size_t begin, std::size_t end) noexcept {
            for (; begin < end; ++begin) (**static_cast<decltype(place)*>(job))(begin);
        };
        context_ = &place;
        count_ = count;
        threads_in_round_ = size();
        working_.store(static_cast<int>(threads_.size()), std::memory_order_relaxed);
        start();
        do_share(0);
        wait_until([](int working) { return working == 0; }, working_);
    }

  private:
    static constexpr int looks = 200, yields = 200;

    void start() {
        round_.fetch_add(1, std::memory_order_release);
        round_.notify_all();
    }
    void do_share(std::size_t t) const {
        job_(context_, t * count_ / threads_in_round_, (t + 1) * count_ / threads_in_round_);
    }
    void work(std::size_t t) {
        for (int seen = 0;;) {
            seen = wait_until([seen](int round) { return round != seen; }, round_);
            if (job_ == nullptr) return;
            do_share(t);
            if (working_.fetch_sub(1, std::memory_order_acq_rel) == 1) working_.notify_one();
        }
    }

    /// Looks a number of times, then sleeps.
    template <class Condition>
    static int wait_until(Condition holds, const std::atomic<int>& value) {
        for (int look = 0;; ++look) {
            const int now = value.load(std::memory_order_acquire);
            if (holds(now)) return now;
            if (look < looks)
                pause();
            else if (look < looks + yields)
                std::this_thread::yield();
            else
                value.wait(now, std::memory_order_acquire);
        }
    }
    static void pause() {
#if defined(__x86_64__) || defined(__i386__)
        __builtin_ia32_pause();
#endif
    }

    // Written before a round starts and read after.
    void (*job_)(void*, std::size_t, std::size_t) noexcept = nullptr;
    void* context_ = nullptr;
    std::size_t count_ = 0, threads_in_round_ = 1;
    // In cache lines of their own: the one is read while the other is written.
    alignas(64) std::atomic<int> round_{0};
    alignas(64) std::atomic<int> working_{0};
    std::vector<std::thread> threads_;
};

}  // namespace CTNN_NAMESPACE
