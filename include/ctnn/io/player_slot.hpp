// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The player of an audio callback, which another thread exchanges while it plays.

#include <ctnn/io/player.hpp>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <memory>
#include <utility>

namespace ctnn::io {

/// Plays one player at a time, and fades from it to the next without a click, a wait, an allocation or a lock.
///
/// One thread, that of the audio callback, calls `process` and `reset`; one other calls `exchange` and `collect`. A player
/// that is handed over starts at the next call of `process`, or where the fade before has ended, and fades in while the old
/// one fades out; the old one waits for `collect`, or the next `exchange`, to be destroyed. Without a player the output is
/// the input.
///
/// *Cost*: that of the player, of two during a fade, and an atomic load a call.
/// *Example*: `slot.exchange(ctnn::io::load_player<ctnn::io::nam_architectures>("amp.nam"));`
class player_slot {
  public:
    /// A fade takes `fade_steps` steps: 480 are 10 ms at 48 kHz. It is linear in both players. `first` plays at once.
    explicit player_slot(std::size_t fade_steps = 480, std::unique_ptr<player> first = nullptr)
        : playing_{first.release()}, fade_steps_{fade_steps > 0 ? fade_steps : 1} {}
    ~player_slot() {
        collect();
        delete incoming_.load();
        delete playing_;
        delete leaving_;
    }
    player_slot(const player_slot&) = delete;
    player_slot& operator=(const player_slot&) = delete;

    /// Hands over the next player. One handed over before, which did not begin yet, is destroyed.
    void exchange(std::unique_ptr<player> next) {
        collect();
        delete incoming_.exchange(next.release(), std::memory_order_acq_rel);
    }
    /// Destroys the players that have faded out.
    void collect() {
        for (player* old = retired_.exchange(nullptr, std::memory_order_acquire); old != nullptr;)
            delete std::exchange(old, old->retired_before_);
    }
    /// Whether there are such players.
    bool has_retired() const noexcept { return retired_.load(std::memory_order_relaxed) != nullptr; }

    /// Starts anew without a fade, and with the player that was handed over last.
    void reset() noexcept {
        end_fade();
        begin();
        end_fade();
        if (playing_ != nullptr) playing_->reset();
    }
    /// y may be x.
    void process(const float* x, float* y, std::size_t count) noexcept {
        while (count > 0) {
            if (left_ == 0) begin();
            if (left_ == 0) return play(playing_, x, y, count);
            const std::size_t steps = (std::min)({count, left_, at_once});
            fade(x, y, steps);
            x += steps, y += steps, count -= steps;
        }
    }

  private:
    static constexpr std::size_t at_once = 64;

    static void play(player* which, const float* x, float* y, std::size_t count) noexcept {
        if (which != nullptr)
            which->process(x, y, count);
        else if (x != y)
            for (std::size_t t = 0; t < count; ++t) y[t] = x[t];
    }
    /// Takes the next player, if there is one.
    void begin() noexcept {
        if (incoming_.load(std::memory_order_relaxed) == nullptr) return;
        leaving_ = playing_;
        playing_ = incoming_.exchange(nullptr, std::memory_order_acq_rel);
        left_ = fade_steps_;
    }
    void fade(const float* x, float* y, std::size_t count) noexcept {
        float old[at_once];
        play(leaving_, x, old, count);
        play(playing_, x, y, count);
        for (std::size_t t = 0; t < count; ++t) {
            const float weight = static_cast<float>(left_ - t) / static_cast<float>(fade_steps_ + 1);
            y[t] += weight * (old[t] - y[t]);
        }
        left_ -= count;
        if (left_ == 0) end_fade();
    }
    /// Only `collect` takes from the list, and takes all of it: the exchange is repeated once for each call of it, at most.
    void end_fade() noexcept {
        left_ = 0;
        if (leaving_ == nullptr) return;
        leaving_->retired_before_ = retired_.load(std::memory_order_relaxed);
        while (!retired_.compare_exchange_weak(leaving_->retired_before_, leaving_, std::memory_order_release,
                                               std::memory_order_relaxed)) {}
        leaving_ = nullptr;
    }

    std::atomic<player*> incoming_ = nullptr, retired_ = nullptr;
    static_assert(std::atomic<player*>::is_always_lock_free);
    // Of the audio thread:
    player *playing_ = nullptr, *leaving_ = nullptr;
    std::size_t fade_steps_, left_ = 0;
};

}  // namespace ctnn::io
