// SPDX-License-Identifier: BSL-1.0
// No input of a box leads outside the kept bounds of the outputs over it: kept inputs that gradients led to, inputs that
// climb from there, corners, edges and random ones. What computes them is this compiler with these flags.
//
// CTNN_SOUNDNESS_TYPE is float or double, CTNN_SOUNDNESS_KEPT the file of its bounds, CTNN_SOUNDNESS_INPUTS how many
// inputs of each box are tried. With CTNN_SOUNDNESS_SILENT nothing is printed.

#include "cases.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>
#if !defined(CTNN_SOUNDNESS_SILENT)
#include <cinttypes>
#include <cstdio>
#endif

namespace {

using namespace soundness;
using T = CTNN_SOUNDNESS_TYPE;

constexpr std::size_t inputs_of_a_box = CTNN_SOUNDNESS_INPUTS;

constexpr const char* kept[] = {
#include CTNN_SOUNDNESS_KEPT
};
constexpr std::size_t kept_count = sizeof kept / sizeof *kept;
std::size_t boxes_tried = 0;

std::uint64_t inputs_tried = 0;
int failures = 0;

void report([[maybe_unused]] const char* name, [[maybe_unused]] const char* what, [[maybe_unused]] double value = 0,
            [[maybe_unused]] double lower = 0, [[maybe_unused]] double upper = 0) {
#if !defined(CTNN_SOUNDNESS_SILENT)
    if (failures < 20) std::printf("%s: %s: %.17g, bounds %.17g, %.17g\n", name, what, value, lower, upper);
#endif
    ++failures;
}

/// Reads a kept line from left to right.
class kept_line {
  public:
    explicit kept_line(const char* text) : next_{text} {}

    bool take_name(const char* name) {
        for (; *name != 0; ++name)
            if (*next_++ != *name) return false;
        return *next_++ == ' ';
    }
    double take_bound() {
        std::uint64_t bits = 0;
        for (int n = 0; n < 16; ++n) bits = bits << 4 | take_digit();
        take_space();
        return std::bit_cast<double>(bits);
    }
    unsigned take_digit() {
        const char c = *next_++;
        return static_cast<unsigned>(c <= '9' ? c - '0' : c - 'a' + 10);
    }
    void take_space() { next_ += *next_ == ' '; }

  private:
    const char* next_;
};

/// The neighbour of x, above it where `is_up`.
T neighbour(T x, bool is_up) {
    using bits_type = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
    if (x == 0) return is_up ? std::numeric_limits<T>::denorm_min() : -std::numeric_limits<T>::denorm_min();
    const bits_type bits = std::bit_cast<bits_type>(x);
    return std::bit_cast<T>(static_cast<bits_type>((x > 0) == is_up ? bits + 1 : bits - 1));
}

/// The inputs of one box.
class trial {
  public:
    trial(const any_network<T>& net, const box_of<T>& inside) : net_{net}, box_{inside} {}

    void run() {
        kept_line line(boxes_tried < kept_count ? kept[boxes_tried] : "");
        if (!line.take_name(net_.name)) return report(net_.name, "the kept bounds are of another list of networks");
        ++boxes_tried;
        for (std::size_t i = 0; i < net_.outputs; ++i) {
            lower_[i] = line.take_bound();
            upper_[i] = line.take_bound();
        }
        bool is_point = true;
        for (std::size_t i = 0; i < net_.inputs; ++i) is_point = is_point && box_.lower[i] == box_.upper[i];
        const std::size_t count = is_point ? 0 : inputs_of_a_box, targets = 2 * net_.outputs;
        for (std::size_t target = 0; target < targets; ++target) {
            for (std::size_t i = 0; i < net_.inputs; ++i) x_[i] = at_digit(box_, i, line.take_digit());
            line.take_space();
            if (!is_point || target == 0) climb(target, count / 4 / targets);
        }
        try_corners(count / 4);
        for (std::size_t n = 0; n < count / 4; ++n) try_edge();
        for (std::size_t n = 0; n < count / 4; ++n) try_random(n % 2 == 0);
    }

  private:
    void try_input() {
        net_.compute(x_, y_);
        ++inputs_tried;
        for (std::size_t i = 0; i < net_.outputs; ++i) {
            const double value = static_cast<double>(y_[i]);
            if (!(lower_[i] <= value && value <= upper_[i]))
                report(net_.name, "an output is outside", value, lower_[i], upper_[i]);
        }
    }

    /// Changes one input after the other, to an end, at random and by the last bit, and keeps what brings an output
    /// nearer to one of its bounds.
    void climb(std::size_t target, std::size_t steps) {
        const std::size_t output = target / 2;
        try_input();
        T best = y_[output];
        for (std::size_t n = 0; n < steps; ++n) {
            const std::size_t i = n % net_.inputs;
            const T before = x_[i];
            switch (n / net_.inputs % 4) {
                case 0:
                    x_[i] = random_within(i);
                    break;
                case 1:
                    x_[i] = before == box_.lower[i] ? box_.upper[i] : box_.lower[i];
                    break;
                case 2:
                    x_[i] = before < box_.upper[i] ? neighbour(before, true) : before;
                    break;
                default:
                    x_[i] = before > box_.lower[i] ? neighbour(before, false) : before;
                    break;
            }
            try_input();
            if (target % 2 == 0 ? y_[output] <= best : y_[output] >= best)
                best = y_[output];
            else
                x_[i] = before;
        }
    }
    /// All corners, or as many as `count` at random.
    void try_corners(std::size_t count) {
        const bool are_all = net_.inputs < 16 && (std::size_t{1} << net_.inputs) <= count;
        if (are_all) count = std::size_t{1} << net_.inputs;
        for (std::size_t n = 0; n < count; ++n) {
            const std::uint64_t ends = are_all ? n : engine_();
            for (std::size_t i = 0; i < net_.inputs; ++i) x_[i] = ends >> i & 1 ? box_.upper[i] : box_.lower[i];
            try_input();
        }
    }
    void try_edge() {
        const std::uint64_t ends = engine_();
        for (std::size_t i = 0; i < net_.inputs; ++i) x_[i] = ends >> i & 1 ? box_.upper[i] : box_.lower[i];
        const auto inner = static_cast<std::size_t>(draw_below(engine_, net_.inputs));
        x_[inner] = random_within(inner);
        try_input();
    }
    /// In the interior, or on a face.
    void try_random(bool is_inner) {
        for (std::size_t i = 0; i < net_.inputs; ++i) {
            const std::uint64_t kind = is_inner ? 0 : engine_() % 4;
            x_[i] = kind == 2 ? box_.lower[i] : kind == 3 ? box_.upper[i] : random_within(i);
        }
        try_input();
    }
    T random_within(std::size_t i) {
        const T share = draw_uniform<T>(engine_), low = box_.lower[i], high = box_.upper[i],
                inner = low * (1 - share) + high * share;
        return inner < low ? low : inner > high ? high : inner;
    }

    const any_network<T>& net_;
    const box_of<T>& box_;
    random_engine engine_{boxes_tried};
    T x_[most_inputs]{}, y_[most_outputs]{};
    double lower_[most_outputs]{}, upper_[most_outputs]{};
};

struct erase_network {
    template <class Net>
    any_network<T> operator()(const char* name) const {
        return erase<Net>(name);
    }
};

}  // namespace

int main() {
    visit_cases<T>(erase_network{}, [](const any_network<T>& net, const box_of<T>& inside) {
        if (failures < 20) trial(net, inside).run();
    });
    if (failures == 0 && boxes_tried < kept_count) report("end", "there are more kept bounds than networks");
#if !defined(CTNN_SOUNDNESS_SILENT)
    std::printf("%" PRIu64 " inputs, %d outside\n", inputs_tried, failures);
#endif
    return failures == 0 ? 0 : 1;
}
