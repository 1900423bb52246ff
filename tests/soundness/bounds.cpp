// SPDX-License-Identifier: BSL-1.0
// The bounds that the inputs of every compiler are tried against: computed again, and compared with those that are kept.
//
// usage: soundness_bounds FOLDER           fails when a file there is not what would be written
//        soundness_bounds --write FOLDER   writes them: kept_float.inc and kept_double.inc

#include "cases.hpp"

#include <ctnn/verify.hpp>

#include <bit>
#include <cinttypes>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

namespace {

using namespace soundness;

/// What is known of a box: bounds of each output, and towards each bound the slopes of two linear functions: of the bound
/// itself, and of the network at the center of the box.
struct analysis {
    double lower[most_outputs], upper[most_outputs];
    double slopes[2][2 * most_outputs][most_inputs];
};

template <class T>
struct provable_network : any_network<T> {
    void (*analyse)(const box_of<T>&, analysis&);
};

template <class Net, class T = typename Net::value_type>
void analyse(const box_of<T>& inside, analysis& result) {
    using box_type = box<T, typename Net::input_shape>;
    constexpr std::size_t inputs = Net::input_shape::size, outputs = Net::output_shape::size;
    const Net& net = network_in_use<Net>;
    box_type whole{};
    for (std::size_t i = 0; i < inputs; ++i) {
        whole.lower[i] = inside.lower[i];
        whole.upper[i] = inside.upper[i];
    }
    const auto found = bounds(net, whole);
    for (std::size_t i = 0; i < outputs; ++i) {
        result.lower[i] = found.lower[i];
        result.upper[i] = found.upper[i];
    }
    static prover<Net> derived(net);
    derived = prover<Net>(net);
    for (auto& of_box : result.slopes) {
        const box_type& linear = &of_box == result.slopes ? whole : box_type{whole.center(), whole.center()};
        layer_bounds<Net> of_layers;
        const bool is_known = derived.bound(linear, of_layers);
        for (std::size_t target = 0; target < 2 * outputs; ++target) {
            double one[outputs]{}, slopes[inputs]{};
            one[target / 2] = target % 2 == 0 ? 1 : -1;
            if (is_known) (void)derived.output_bound(one, slopes);
            for (std::size_t i = 0; i < inputs; ++i) of_box[target][i] = slopes[i];
        }
    }
}

struct erase_network {
    template <class Net>
    provable_network<typename Net::value_type> operator()(const char* name) const {
        return {erase<Net>(name), analyse<Net>};
    }
};

/// An input by its digits, and how far it leads towards a bound: the largest is the best.
struct guided {
    unsigned digits[most_inputs];
    double reached;
};

template <class T>
void measure(const any_network<T>& net, const box_of<T>& inside, std::size_t target, guided& input) {
    T x[most_inputs], y[most_outputs];
    for (std::size_t i = 0; i < net.inputs; ++i) x[i] = at_digit(inside, i, input.digits[i]);
    net.compute(x, y);
    input.reached = static_cast<double>(target % 2 == 0 ? -y[target / 2] : y[target / 2]);
}

/// The better of the corners that the two linear functions point at, improved digit by digit.
template <class T>
guided guide(const any_network<T>& net, const box_of<T>& inside, const analysis& known, std::size_t target) {
    guided best{}, next{};
    for (const auto& slopes : known.slopes) {
        for (std::size_t i = 0; i < net.inputs; ++i) next.digits[i] = slopes[target][i] < 0 ? 15 : 0;
        measure(net, inside, target, next);
        if (&slopes == known.slopes || next.reached > best.reached) best = next;
    }
    for (int round = 0; round < 2; ++round)
        for (std::size_t i = 0; i < net.inputs; ++i)
            for (const unsigned digit : {0U, 15U, 7U, 4U}) {
                next = best;
                next.digits[i] = digit;
                measure(net, inside, target, next);
                if (next.reached > best.reached) best = next;
            }
    return best;
}

constexpr std::string_view heading =
    R"(// SPDX-License-Identifier: BSL-1.0
// Written by tests/soundness/bounds.cpp, from the networks beside it; CONTRIBUTING.md says how. A line is a box: the name
// of its network, a lower and an upper bound of each output, as the bits of a double, and for each bound an input that
// gradients led to, with a digit for each element, from 0, its lower end, to f, its upper one.
)";

template <class T>
void add_case(const provable_network<T>& net, const box_of<T>& inside, std::string& text) {
    static analysis known;
    net.analyse(inside, known);
    text += '"';
    text += net.name;
    char number[40];
    for (std::size_t i = 0; i < net.outputs; ++i) {
        std::snprintf(number, sizeof number, " %016" PRIx64 " %016" PRIx64,
                      std::bit_cast<std::uint64_t>(known.lower[i]), std::bit_cast<std::uint64_t>(known.upper[i]));
        text += number;
    }
    for (std::size_t target = 0; target < 2 * net.outputs; ++target) {
        const guided input = guide(net, inside, known, target);
        text += ' ';
        for (std::size_t i = 0; i < net.inputs; ++i) text += "0123456789abcdef"[input.digits[i]];
    }
    text += "\",\n";
}

/// The first line in which two texts differ.
void report(std::string_view kept, std::string_view computed) {
    std::size_t at = 0;
    while (at < kept.size() && at < computed.size() && kept[at] == computed[at]) ++at;
    const auto line_of = [at](std::string_view all) {
        const std::size_t start = at == 0 ? 0 : all.rfind('\n', at - 1) + 1;
        return std::string(all.substr(start, all.find('\n', start) - start));
    };
    std::printf("The bounds are not those that are kept. Kept:\n%s\nComputed:\n%s\n", line_of(kept).c_str(),
                line_of(computed).c_str());
    std::printf(
        "If they are meant to change, write them again, with --write before the folder, and run all tests of\n"
        "soundness.\n");
}

/// Whether the file is what would be written, or could be written.
template <class T>
bool is_kept(const std::string& path, bool is_written) {
    std::string text(heading);
    visit_cases<T>(erase_network{},
                   [&](const provable_network<T>& net, const box_of<T>& inside) { add_case(net, inside, text); });
    if (is_written) {
        std::ofstream file(path, std::ios::binary);
        file << text;
        return static_cast<bool>(file.flush());
    }
    std::ifstream file(path, std::ios::binary);
    const std::string kept{std::istreambuf_iterator<char>(file), {}};
    if (kept != text) report(kept, text);
    return kept == text;
}

}  // namespace

int main(int count, char** arguments) {
    const bool is_written = count == 3 && std::string_view(arguments[1]) == "--write";
    if (count != 2 && !is_written) {
        std::fprintf(stderr, "usage: soundness_bounds [--write] FOLDER\n");
        return 2;
    }
    const std::string folder = arguments[count - 1];
    const bool of_float = is_kept<float>(folder + "/kept_float.inc", is_written),
               of_double = is_kept<double>(folder + "/kept_double.inc", is_written);
    return of_float && of_double ? 0 : 1;
}
