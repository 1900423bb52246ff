// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Parameters and boxes of the networks: the same on every machine, to the bit.

#include "breakers.hpp"
#include "networks.hpp"

#include <ctnn.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace soundness {

inline constexpr std::size_t most_inputs = 48, most_outputs = 32, most_parameters = 1024;

/// A network whatever its type, so that the code that tries it is compiled once.
template <class T>
struct any_network {
    const char* name;
    std::size_t inputs, outputs, parameters;
    void (*load)(const T* parameters);
    void (*compute)(const T* x, T* y);
};

template <class Net>
inline Net network_in_use{};

template <class Net, class T = typename Net::value_type>
any_network<T> erase(const char* name) {
    static_assert(std::is_trivially_copyable_v<Net>);
    static_assert(Net::input_shape::size <= most_inputs && Net::output_shape::size <= most_outputs &&
                  Net::parameter_count <= most_parameters);
    const auto load = [](const T* parameters) {
        Net& net = network_in_use<Net>;
        if constexpr (Net::parameter_count > 0) std::memcpy(static_cast<void*>(&net), parameters, Net::parameter_bytes);
        if constexpr (requires { ctnn::get<0>(net).running_variance; })
            for (T& variance : ctnn::get<0>(net).running_variance)
                variance = (variance < 0 ? -variance : variance) + T(0.25);
    };
    const auto compute = [](const T* x, T* y) { network_in_use<Net>.template forward<1>(x, y); };
    return {name, Net::input_shape::size, Net::output_shape::size, Net::parameter_count, load, compute};
}

/// How large parameters are, and by how much inputs differ from the center of a box.
struct setting {
    double scale, radius;
};
inline constexpr setting settings[] = {{0.5, 0.05}, {0.5, 1}, {0.5, 30}, {2, 0},  {2, 1e-6},
                                       {2, 0.05},   {2, 1},   {8, 1e-4}, {8, 0.5}};

template <class T>
struct box_of {
    T lower[most_inputs], upper[most_inputs];
};

/// Draws the parameters of a network, loads them, and draws a box. What is rounded are differences, once each, so that
/// contraction changes nothing.
template <class T>
void draw_case(const any_network<T>& net, std::size_t number, box_of<T>& inside) {
    std::uint64_t seed = 0xcbf29ce484222325 + number;
    for (const char* c = net.name; *c != 0; ++c) seed = (seed ^ static_cast<unsigned char>(*c)) * 0x100000001b3;
    random_engine engine{seed};
    const auto within_one = [&engine] { return static_cast<double>(engine() >> 11) * 0x1p-52 - 1; };
    static T parameters[most_parameters];
    for (std::size_t i = 0; i < net.parameters; ++i)
        parameters[i] = static_cast<T>(within_one() * settings[number].scale);
    net.load(parameters);
    for (std::size_t i = 0; i < net.inputs; ++i) {
        const double center = within_one();
        inside.lower[i] = static_cast<T>(center - settings[number].radius);
        inside.upper[i] = static_cast<T>(center + settings[number].radius);
    }
}

/// Calls `try_case(net, box)` for every case, with the parameters loaded; `Erase` makes the `net` of a network type.
template <class T, class Erase, class Try>
class case_visitor {
  public:
    case_visitor(const Erase& erases, const Try& tries) : erase_{erases}, try_{tries} {}

    template <class Net>
    void operator()(const char* name) {
        try_drawn(erase_.template operator()<Net>(name));
    }
    template <class Net>
    void given(const char* name, values<T> parameters, values<T> lower, values<T> upper) {
        try_given(erase_.template operator()<Net>(name), parameters, lower, upper);
    }

  private:
    template <class Any>
    void try_drawn(const Any& net) {
        for (std::size_t number = 0; number < sizeof settings / sizeof *settings; ++number) {
            draw_case<T>(net, number, inside_);
            try_(net, inside_);
        }
    }
    template <class Any>
    void try_given(const Any& net, values<T> parameters, values<T> lower, values<T> upper) {
        T all[most_parameters]{};
        std::size_t count = 0;
        for (const T parameter : parameters) all[count++] = parameter;
        net.load(all);
        for (std::size_t i = 0; i < net.inputs; ++i) {
            inside_.lower[i] = lower.begin()[i];
            inside_.upper[i] = upper.begin()[i];
        }
        try_(net, inside_);
    }

    const Erase& erase_;
    const Try& try_;
    box_of<T> inside_{};
};

template <class T, class Erase, class Try>
void visit_cases(const Erase& erase_type, const Try& try_case) {
    case_visitor<T, Erase, Try> visit(erase_type, try_case);
    visit_networks<T>(visit);
    visit_breakers<T>(visit);
}

/// The guided inputs that are kept have a hexadecimal digit for each input: 0 is the lower end of its interval, 15 the
/// upper one.
template <class T>
T at_digit(const box_of<T>& inside, std::size_t i, unsigned digit) {
    const T low = inside.lower[i], high = inside.upper[i];
    if (digit == 0) return low;
    if (digit == 15) return high;
    const T share = static_cast<T>(digit) / 15, inner = low * (1 - share) + high * share;
    return inner < low ? low : inner > high ? high : inner;
}

}  // namespace soundness
