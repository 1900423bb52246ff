// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Data sets that own any number of samples, with the views that training and metrics take.

#include <ctnn/samples.hpp>

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace ctnn::io {

/// As the target of a `dataset`: every sample belongs to one of `Classes` classes, numbered from 0.
template <std::size_t Classes>
struct class_labels {
    static_assert(Classes >= 2 && Classes <= 256, "ctnn::io::class_labels: there are 2 to 256 classes");
    static constexpr std::size_t count = Classes;
};

namespace detail {
template <class T, class Target>
struct target_traits;
template <class T, std::size_t... Extents>
struct target_traits<T, shape<Extents...>> {
    using value_type = T;
    using shape_type = shape<Extents...>;
    static constexpr std::size_t classes = 0;
};
template <class T, std::size_t Classes>
struct target_traits<T, class_labels<Classes>> {
    using value_type = std::uint8_t;
    using shape_type = shape<>;
    static constexpr std::size_t classes = Classes;
    // sizeof instantiates the class, which checks its static_assert.
    static_assert(sizeof(class_labels<Classes>) > 0);
};
}  // namespace detail

/// Samples and their targets, in memory that the data set owns.
///
/// Template parameters: `T`, the value type; `InputShape`, the shape of one input; `Target`, either the shape of one
/// target (elements of type `T`) or `class_labels<Count>` (one `std::uint8_t` below `Count` for each sample).
///
/// *Errors*: `std::invalid_argument`, "ctnn::io::dataset: inputs and targets do not hold the same number of whole
/// samples".
///
/// *Example*:
/// ```cpp
/// using digits = ctnn::io::dataset<float, ctnn::shape<64>, ctnn::io::class_labels<10>>;
/// const auto data = ctnn::io::load_csv<digits>("digits.csv", {.header = false});
/// const auto [train, held_out] = ctnn::io::split_shuffled(data, 360, 1);
/// // train.inputs(), train.labels(): views for ctnn::fit and ctnn::accuracy
/// ```
template <class T, class InputShape, class Target>
class dataset {
    using traits = detail::target_traits<T, Target>;

  public:
    using value_type = T;
    using input_shape = InputShape;
    using target_type = typename traits::value_type;
    using target_shape = typename traits::shape_type;
    /// The number of classes of the labels; 0 if the targets are not class labels.
    static constexpr std::size_t class_count = traits::classes;

    dataset() = default;

    /// Takes all inputs and all targets, sample by sample.
    dataset(std::vector<T> inputs, std::vector<target_type> targets)
        : inputs_(std::move(inputs)), targets_(std::move(targets)) {
        if (inputs_.size() != size() * input_shape::size || targets_.size() != size() * target_shape::size) {
            throw std::invalid_argument(
                "ctnn::io::dataset: inputs and targets do not hold the same number of whole samples");
        }
    }

    std::size_t size() const { return targets_.size() / target_shape::size; }

    /// All inputs. The view is valid while the data set lives and does not grow.
    samples<T, input_shape> inputs() const& { return {inputs_.data(), size()}; }
    samples<T, input_shape> inputs() const&& = delete;

    /// All targets or labels; valid as long as `inputs()`.
    samples<target_type, target_shape> targets() const& { return {targets_.data(), size()}; }
    samples<target_type, target_shape> targets() const&& = delete;

    /// `targets()` under a name for class labels.
    samples<target_type, target_shape> labels() const& requires(class_count > 0) { return targets(); }
    samples<target_type, target_shape> labels() const&& requires(class_count > 0) = delete;

    /// The first element of one input or target, to modify it in place.
    T* input(std::size_t index) { return inputs_.data() + index * input_shape::size; }
    target_type* target(std::size_t index) { return targets_.data() + index * target_shape::size; }

    /// Appends one sample, copied from the first `input_shape::size` and `target_shape::size` elements.
    void add(const T* input, const target_type* target) {
        inputs_.insert(inputs_.end(), input, input + input_shape::size);
        targets_.insert(targets_.end(), target, target + target_shape::size);
    }

    friend bool operator==(const dataset&, const dataset&) = default;

  private:
    std::vector<T> inputs_;
    std::vector<target_type> targets_;
};

}  // namespace ctnn::io
