// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The result of a training: a network and its losses.

#include <ctnn/config.hpp>
#include <ctnn/precondition.hpp>

#include <cstddef>
#include <limits>

namespace CTNN_NAMESPACE {

/// The capacity of a history that keeps the loss of every epoch. At run time it allocates memory as it grows; in a
/// constant it has room for `kept_in_constants` losses.
inline constexpr std::size_t every_epoch = 0;
inline constexpr std::size_t kept_in_constants = 256;
/// The default capacity of `fit`: every epoch, or, without an operating system, what needs no heap.
inline constexpr std::size_t default_history = CTNN_BARE_METAL ? kept_in_constants : every_epoch;

namespace detail {

/// An array of at most `Capacity` values.
template <class T, std::size_t Capacity>
class curve_memory {
  public:
    constexpr const T* data() const { return values_; }
    constexpr std::size_t size() const { return size_; }
    constexpr void push(T value) {
        if (size_ < Capacity) values_[size_++] = value;
    }

  private:
    std::size_t size_ = 0;
    T values_[Capacity]{};
};

/// An array of any size: inside the object as long as it fits, on the heap otherwise.
template <class T>
class curve_memory<T, every_epoch> {
  public:
    constexpr curve_memory() = default;
    constexpr curve_memory(const curve_memory& other) { *this = other; }
    constexpr curve_memory(curve_memory&& other) noexcept { *this = static_cast<curve_memory&&>(other); }
    constexpr curve_memory& operator=(const curve_memory& other) {
        if (this == &other) return *this;
        size_ = 0;
        for (std::size_t i = 0; i < other.size_; ++i) push(other.data()[i]);
        return *this;
    }
    constexpr curve_memory& operator=(curve_memory&& other) noexcept {
        if (this == &other) return *this;
        for (std::size_t i = 0; i < kept_in_constants; ++i) inside_[i] = other.inside_[i];
        delete[] outside_;
        outside_ = other.outside_;
        capacity_ = other.capacity_;
        size_ = other.size_;
        other.outside_ = nullptr;
        other.capacity_ = kept_in_constants;
        other.size_ = 0;
        return *this;
    }
    constexpr ~curve_memory() { delete[] outside_; }

    constexpr const T* data() const { return outside_ == nullptr ? inside_ : outside_; }
    constexpr std::size_t size() const { return size_; }
    constexpr void push(T value) {
        if (size_ == capacity_) grow();
        (outside_ == nullptr ? inside_ : outside_)[size_++] = value;
    }

  private:
    constexpr void grow() {
        T* const larger = new T[2 * capacity_];
        for (std::size_t i = 0; i < size_; ++i) larger[i] = data()[i];
        delete[] outside_;
        outside_ = larger;
        capacity_ *= 2;
    }

    std::size_t size_ = 0, capacity_ = kept_in_constants;
    T* outside_ = nullptr;
    T inside_[kept_in_constants]{};
};

}  // namespace detail

/// The losses that a history holds: `curve[i]` for i below `size()`, or `for (const T loss : curve)`.
template <class T, std::size_t Capacity>
class loss_curve {
  public:
    constexpr std::size_t size() const { return memory_.size(); }
    constexpr const T* begin() const { return memory_.data(); }
    constexpr const T* end() const { return memory_.data() + memory_.size(); }
    constexpr const T& operator[](std::size_t index) const {
        detail::require(index < size(), "ctnn: a history has no such entry: it has history.count, one for each stride");
        return memory_.data()[index];
    }
    /// Appends a loss, if there is room.
    constexpr void push(T loss) { memory_.push(loss); }

  private:
    detail::curve_memory<T, Capacity> memory_;
};

/// The losses of a training: entry i is that of epoch i * stride. With `every_epoch` there is one for each epoch, in a
/// constant only if there are at most `kept_in_constants` epochs. With a `Capacity`, nothing is allocated. Longer
/// trainings keep every second, third ... epoch.
template <class T, std::size_t Capacity>
struct training_history {
    std::size_t epochs = 0;      ///< epochs trained, the last of them possibly in part
    std::size_t best_epoch = 0;  ///< the epoch with the lowest loss, validation loss where there is one
    /// The loss, validation loss where there is one, of the epoch whose network is the result: the best one, or, without
    /// `patience`, the last one. Before the first epoch, and if none had a finite loss, it is the largest number.
    T final_loss = (std::numeric_limits<T>::max)();
    bool stopped_early = false;  ///< whether training ended before all epochs were trained, for whatever reason
    bool diverged = false;       ///< whether it ended because parameters were no longer finite
    std::size_t stride = 1;      ///< epochs from one entry to the next
    std::size_t count = 0;       ///< entries
    loss_curve<T, Capacity> loss;
    loss_curve<T, Capacity> validation_loss;
};

/// A trained network with the history of its training. It is a network: call it, `get` its layers, copy it to a plain
/// one.
template <class Net, std::size_t Capacity = default_history>
struct fitted : Net {
    training_history<typename Net::value_type, Capacity> history;
};

}  // namespace CTNN_NAMESPACE
