// SPDX-License-Identifier: BSL-1.0
// A checkpoint of an optimiser that counts its steps, and does not say so.
// EXPECT: ctnn: the stepper of an optimiser that changes in a step names its numbers by for_each_number
// ERRORS: 1

#include <ctnn.hpp>
#include <ctnn/io/checkpoint.hpp>

struct rule {
    double rate;
    constexpr void operator()(double gradient, double& weight) const { weight = weight - rate * gradient; }
};
struct stepper {
    double count = 0;
    constexpr rule next(double) { return {1 / ++count}; }
};
struct falling {
    static constexpr std::size_t moments = 0;
    template <class T>
    constexpr stepper start() const {
        return {};
    }
};

using net_type = ctnn::network<double, ctnn::input<2>, ctnn::dense<1>>;
void save(const ctnn::trainer<net_type, ctnn::mean_squared_error, falling>& training) {
    ctnn::io::save_checkpoint(training, "falling.safetensors");
}
