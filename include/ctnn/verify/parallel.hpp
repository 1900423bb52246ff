// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Proofs on all cores, at run time: a queue of boxes that threads share. Not in `ctnn/verify.hpp`; it allocates.

#include <ctnn/config.hpp>
#include <ctnn/precondition.hpp>
#include <ctnn/verify/box.hpp>
#include <ctnn/verify/certificate.hpp>
#include <ctnn/verify/network/provable.hpp>
#include <ctnn/verify/property.hpp>
#include <ctnn/verify/prove.hpp>
#include <ctnn/verify/search.hpp>

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace CTNN_NAMESPACE {

/// The effort of a search: how many boxes it may bound, with how many threads, 0 for one a core. `progress`, if given, is
/// called by the calling thread ten times a second, with the share of the box that is decided: it grows from 0, to 1 in a
/// proof.
struct parallel_options {
    std::size_t boxes = 1000000;
    std::size_t threads = 0;
    std::function<void(double)> progress = {};
};

/// A proof, and the cuts of its certificate, none if the outcome is another.
template <class T, class Shape>
struct parallel_proof : proof<T, Shape> {
    std::vector<std::uint32_t> cuts;
};

namespace detail {

/// A search whose parts are decided by several threads. A part that is not decided within a few boxes is replaced by those
/// that are left of it. Which parts there are does not depend on the threads, and so neither does the certificate.
template <class Net, class NormalForm, bool Activated>
class parallel_search {
  public:
    using search_type = search<Net, NormalForm, Activated>;
    using box_type = typename search_type::box_type;
    using input_type = typename search_type::input_type;

    /// Refers to its arguments.
    parallel_search(const Net& net, const box_type& inside, const NormalForm& negation, const parallel_options& options)
        : net_{net},
          inside_{inside},
          negation_{negation},
          options_{options},
          share_{options.boxes < 200 ? options.boxes : 200},
          waiting_{{inside, 0, 0, no_bound}},
          pieces_(1) {}

    verdict decide() {
        std::size_t count = options_.threads;
        if (count == 0) count = std::thread::hardware_concurrency();
        if (count == 0) count = 1;
        {
            const joined_threads workers{*this, count};
            std::unique_lock lock(mutex_);
            while (!is_over()) {
                changed_.wait_for(lock, std::chrono::milliseconds(100));
                report(lock);
            }
        }
        if (failure_) std::rethrow_exception(failure_);
        if (is_refuted_) return verdict::refuted;
        if (is_undecided_ || !waiting_.empty() || boxes_ > options_.boxes) return verdict::undecided;
        if (options_.progress) options_.progress(1);
        return verdict::proved;
    }
    const input_type& counterexample() const { return counterexample_; }
    std::size_t boxes() const { return boxes_; }
    double gap() const {
        double result = gap_;
        for (const part& left : waiting_) result = larger(result, left.gap);
        return result;
    }

    /// The cuts of all parts in preorder, those of a part where its place was left open.
    std::vector<std::uint32_t> cuts() const {
        struct position {
            const piece* in;
            std::size_t next, child;
        };
        std::vector<std::uint32_t> result;
        for (std::vector<position> way{{&pieces_[0], 0, pieces_[0].first}}; !way.empty();) {
            position& here = way.back();
            if (here.next == here.in->cuts.size()) {
                way.pop_back();
            } else if (const std::uint32_t cut = here.in->cuts[here.next++]; cut != left_open) {
                result.push_back(cut);
            } else {
                const piece& child = pieces_[here.child++];
                way.push_back({&child, 0, child.first});
            }
        }
        return result;
    }

  private:
    struct part {
        box_type inside;
        std::size_t depth, place;
        double gap;  ///< of the box of which this is a half
    };
    /// The cuts of a part; what is left open are the pieces from `first` on, in this order.
    struct piece {
        std::vector<std::uint32_t> cuts;
        std::size_t first = 0;
    };

    /// Threads that are joined whatever happens.
    struct joined_threads {
        parallel_search& of;
        std::vector<std::thread> threads;

        joined_threads(parallel_search& search, std::size_t count) : of{search} {
            try {
                for (std::size_t i = 0; i < count; ++i) threads.emplace_back([&search] { search.work(); });
            } catch (...) {
                // As many as the system allows.
                if (threads.empty()) throw;
            }
        }
        joined_threads(const joined_threads&) = delete;
        joined_threads& operator=(const joined_threads&) = delete;
        ~joined_threads() {
            {
                const std::lock_guard lock(of.mutex_);
                of.is_stopped_ = true;
            }
            of.changed_.notify_all();
            for (std::thread& thread : threads) thread.join();
        }
    };

    bool is_over() const {
        return is_stopped_ || failure_ || is_refuted_ || boxes_ >= options_.boxes ||
               (waiting_.empty() && working_ == 0);
    }

    void work() {
        try {
            const auto here = std::make_unique<search_type>(net_, negation_);
            std::vector<std::uint32_t> cuts(2 * share_ + 1);
            for (part what; take(what);) {
                std::vector<part> rest;
                const std::size_t before = here->boxes();
                here->record(cuts.data(), cuts.size());
                verdict outcome = here->decide_some(what.inside, what.depth, what.gap, share_,
                                                    [&](const box_type& later, std::size_t depth, double gap) {
                                                        rest.push_back({later, depth, 0, gap});
                                                    });
                // What does not end soon may have a counterexample that linear bounds do not lead to.
                if (!rest.empty() && here->mutate(inside_, what.place + 1)) outcome = verdict::refuted;
                finish(what, rest, outcome, *here, here->boxes() - before,
                       {cuts.data(), cuts.data() + here->recorded()});
            }
        } catch (...) {
            const std::lock_guard lock(mutex_);
            failure_ = std::current_exception();
            changed_.notify_all();
        }
    }
    bool take(part& what) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return is_over() || !waiting_.empty(); });
        if (is_over()) return false;
        what = waiting_.back();
        waiting_.pop_back();
        ++working_;
        return true;
    }
    void finish(const part& what, std::vector<part>& rest, verdict outcome, const search_type& here, std::size_t used,
                std::vector<std::uint32_t> cuts) {
        const std::lock_guard lock(mutex_);
        boxes_ += used;
        if (outcome == verdict::refuted && !is_refuted_) {
            is_refuted_ = true;
            counterexample_ = here.counterexample();
        }
        is_undecided_ = is_undecided_ || outcome == verdict::undecided;
        gap_ = larger(gap_, here.gap());
        double decided = share_at(what.depth);
        for (part& later : rest) {
            decided -= share_at(later.depth);
            later.place = pieces_.size() + static_cast<std::size_t>(&later - rest.data());
        }
        if (outcome == verdict::proved && decided > 0) decided_ += decided;
        pieces_[what.place] = {std::move(cuts), pieces_.size()};
        pieces_.resize(pieces_.size() + rest.size());
        waiting_.insert(waiting_.end(), rest.begin(), rest.end());
        --working_;
        changed_.notify_all();
    }

    /// The share of the box in a part: 2^-depth.
    static double share_at(std::size_t depth) {
        double result = 1;
        while (depth-- > 0) result /= 2;
        return result;
    }
    /// Without the lock, while the caller is told.
    void report(std::unique_lock<std::mutex>& lock) {
        if (!options_.progress) return;
        const auto now = std::chrono::steady_clock::now();
        if (now - reported_ < std::chrono::milliseconds(100)) return;
        reported_ = now;
        const double decided = decided_ < 1 ? decided_ : 1;
        lock.unlock();
        options_.progress(decided);
        lock.lock();
    }

    const Net& net_;
    const box_type& inside_;
    const NormalForm& negation_;
    const parallel_options& options_;
    const std::size_t share_;
    std::size_t boxes_ = 0, working_ = 0;
    std::vector<part> waiting_;
    std::vector<piece> pieces_;
    double decided_ = 0, gap_ = 0;
    bool is_refuted_ = false, is_undecided_ = false, is_stopped_ = false;
    std::exception_ptr failure_{};
    input_type counterexample_{};
    std::chrono::steady_clock::time_point reported_ = std::chrono::steady_clock::now();
    std::mutex mutex_;
    std::condition_variable changed_;
};

/// The proof, or none, for a negation in any normal form: one whose sizes only the program knows has the members of
/// `normal_form`.
template <bool Activated, class Net, class Box, class NormalForm>
auto search_parallel(const Net& net, const Box& inside, const NormalForm& negation, const parallel_options& options) {
    parallel_search<network_of<Net>, NormalForm, Activated> here{net, inside, negation, options};
    parallel_proof<typename Net::value_type, typename Net::input_shape> result{};
    result.outcome = here.decide();
    result.boxes = here.boxes();
    if (result.outcome == verdict::refuted) result.counterexample = here.counterexample();
    if (result.outcome == verdict::undecided) result.gap = here.gap();
    if (result.outcome == verdict::proved) result.cuts = here.cuts();
    return result;
}

}  // namespace detail

/// Searches like `certify`, at run time and with several threads. The verdict may depend on the threads only where a
/// counterexample is near the end of the budget; the certificate does not. Each thread may bound 200 boxes above the budget
/// before it stops.
///
/// *Cost* and *Errors*: as for `prove`; exceptions of `progress` are passed on.
/// *Example*: `const auto found = prove_parallel(net, states, property, {.boxes = 100000});`, and
/// `proves(net, states, property, found.cuts)` repeats it.
template <class Net, property Property>
auto prove_parallel(const Net& net, const box<typename Net::value_type, typename Net::input_shape>& inside,
                    const Property& wanted, const parallel_options& options = {}, call_site at = call_site::here()) {
    using result_type = parallel_proof<typename Net::value_type, typename Net::input_shape>;
    if constexpr (detail::can_be_proved<Net>)
        if (detail::require_fit<Net>(inside, wanted, at))
            return detail::search_parallel<true>(net, inside, detail::normalised<Net::output_shape::size>(!wanted),
                                                 options);
    return result_type{{verdict::undecided, {}, 0, detail::no_bound}, {}};
}

}  // namespace CTNN_NAMESPACE
