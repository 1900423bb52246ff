// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Reads the WaveNets of Neural Amp Modeler's files.

#include <ctnn/capped.hpp>
#include <ctnn/io/capture_json.hpp>
#include <ctnn/io/capture_nam_array.hpp>
#include <ctnn/io/capture_types.hpp>
#include <ctnn/io/error.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ctnn::io::detail {

inline std::uint64_t weight_product(std::initializer_list<std::uint64_t> factors) {
    return ctnn::detail::capped_product(factors);
}
inline std::uint64_t weight_sum(std::initializer_list<std::uint64_t> counts) {
    return ctnn::detail::capped_sum(counts);
}

/// Reads the architecture "WaveNet": first all sizes, then, if their weights are as many as the file has, the weights.
class nam_wavenet_reader {
  public:
    nam_wavenet_reader(const capture_value& config, const capture_value& weights)
        : arrays_(config["layers"]), weights_(weights) {
        config.require_names({"layers", "head", "head_scale", "in_channels", "condition_dsp"});
        refuse_part(config, "condition_dsp", "a second network for the condition");
        refuse_part(config, "head", "a head after the last array");
        // The last weight is what counts.
        if (const auto scale = config.find("head_scale")) scale->number();
        const auto given = config.find("in_channels");
        inputs_ = given ? given->count() : 1;
        arrays_.require_some("at least one array of layers");
    }

    /// With that many channels in the first array that can be slimmed; 0 for all that there are.
    wavenet_capture read(std::size_t channels) {
        for (std::size_t i = 0; i < arrays_.size(); ++i) {
            const nam_array_reader of(arrays_.element(i), inputs_);
            result_.arrays.push_back(of.sizes());
            require_fitting(i);
            has_head_bias_.push_back(of.has_head_bias());
            widths_.push_back(of.widths());
        }
        require_weights();
        capture_weights weights(weights_);
        for (std::size_t i = 0; i < arrays_.size(); ++i) fill(result_.arrays[i], has_head_bias_[i], weights);
        result_.head_scale = weights.next(1)[0];
        if (channels != 0) slim(channels);
        return std::move(result_);
    }

  private:
    using array = wavenet_capture::array;
    using layer = wavenet_capture::layer;

    /// Whether an array fits the one before it.
    void require_fitting(std::size_t index) const {
        const auto require = [&](const char* name, std::size_t given, std::size_t wanted, const char* why) {
            if (given != wanted) arrays_.element(index)[name].fail(joined(wanted, why));
        };
        const array& here = result_.arrays[index];
        if (index == 0) return require("input_size", here.inputs, inputs_, ", the channels of the network's input");
        const array& before = result_.arrays[index - 1];
        require("input_size", here.inputs, before.channels, ", the channels of the array before it");
        require("channels", here.channels, before.head, ", the head of the array before it");
    }

    static std::uint64_t rows_of(const array& of, const layer& in) { return (in.gated ? 2 : 1) * of.channels; }

    void require_weights() const {
        std::uint64_t expected = 1;
        std::string parts;
        for (std::size_t i = 0; i < arrays_.size(); ++i) {
            const array& of = result_.arrays[i];
            std::uint64_t here =
                weight_sum({weight_product({of.channels, of.inputs}),
                            weight_product({of.head, of.channels, of.head_window}), has_head_bias_[i] ? of.head : 0});
            for (const layer& in : of.layers)
                here = weight_sum(
                    {here,
                     weight_product(
                         {rows_of(of, in), weight_sum({weight_product({of.channels, in.window}), of.condition, 1})}),
                     weight_product({of.channels, of.channels + 1})});
            expected = weight_sum({expected, here});
            if (i < 4) parts.append(joined(here, " of ", arrays_.element(i).place(), ", "));
        }
        if (weights_.size() != expected)
            weights_.fail(count_of(weights_.size(), "weight"),
                          joined(expected, ": ", parts, arrays_.size() > 4 ? "..., " : "", "and head_scale"));
    }

    static void fill(array& of, bool has_head_bias, capture_weights& from) {
        of.rechannel = from.next(of.channels * of.inputs);
        for (layer& in : of.layers) {
            const auto rows = static_cast<std::size_t>(rows_of(of, in));
            in.weights = from.next(rows * of.channels * in.window);
            in.bias = from.next(rows);
            in.mixin = from.next(rows * of.condition);
            in.one_by_one = from.next(of.channels * of.channels);
            in.one_by_one_bias = from.next(of.channels);
        }
        of.head_weights = from.next(of.head * of.channels * of.head_window);
        if (has_head_bias) of.head_bias = from.next(of.head);
    }

    /// The width of an array with the choice of that number.
    static std::size_t chosen(const array& of, const nam_widths& among, std::size_t number) {
        return among.any ? number + 1 : among.list.empty() ? of.channels : among.list[number];
    }
    static std::size_t choices(const array& of, const nam_widths& among) {
        return among.any ? of.channels : among.list.size();
    }

    /// Keeps the first channels of each array. Arrays that can be slimmed are so together: each has the choice of the
    /// same number.
    void slim(std::size_t channels) {
        std::vector<array>& arrays = result_.arrays;
        const auto can = [](const nam_widths& each) { return each.any || !each.list.empty(); };
        const auto found = std::find_if(widths_.begin(), widths_.end(), can);
        const auto leader = static_cast<std::size_t>(found == widths_.end() ? 0 : found - widths_.begin());
        if (channels == arrays[leader].channels) return;
        const nam_widths& among = widths_[leader];
        const auto at = std::find(among.list.begin(), among.list.end(), channels);
        if (among.any ? channels > arrays[leader].channels : at == among.list.end())
            arrays_.element(leader).fail(joined("an array that cannot have ", count_of(channels, "channel")),
                                         "one that can, as requested");
        const std::size_t number = among.any ? channels - 1 : static_cast<std::size_t>(at - among.list.begin());
        std::vector<std::size_t> widths;
        for (std::size_t i = 0; i < arrays.size(); ++i) {
            if (can(widths_[i]) && choices(arrays[i], widths_[i]) != choices(arrays[leader], among))
                arrays_.element(i).fail(
                    joined("a choice of ", count_of(choices(arrays[i], widths_[i]), "width")),
                    joined(choices(arrays[leader], among), ", as in ", arrays_.element(leader).place()));
            widths.push_back(chosen(arrays[i], widths_[i], number));
        }
        for (std::size_t i = 0; i < arrays.size(); ++i)
            slim(arrays[i], arrays_.element(i), i == 0 ? arrays[i].inputs : widths[i - 1], widths[i],
                 i + 1 < arrays.size() ? widths[i + 1] : arrays[i].head);
    }

    static void slim(array& of, const capture_value& at, std::size_t inputs, std::size_t channels, std::size_t head) {
        const bool is_gated = std::any_of(of.layers.begin(), of.layers.end(), [](const layer& in) { return in.gated; });
        if (is_gated || of.head_window != 1)
            at.fail(is_gated ? "gates" : "a head with a window", "neither, for fewer channels");
        // The first rows, and of each the first columns, which are groups of numbers.
        const auto cut = [](std::vector<float>& matrix, std::size_t all, std::size_t rows, std::size_t columns,
                            std::size_t group) {
            std::vector<float> kept;
            for (std::size_t row = 0; row < rows; ++row)
                for (std::size_t i = 0; i < columns * group; ++i) kept.push_back(matrix[row * all * group + i]);
            matrix = std::move(kept);
        };
        cut(of.rechannel, of.inputs, channels, inputs, 1);
        for (layer& in : of.layers) {
            cut(in.weights, of.channels, channels, channels, in.window);
            in.bias.resize(channels);
            in.mixin.resize(channels * of.condition);
            cut(in.one_by_one, of.channels, channels, channels, 1);
            in.one_by_one_bias.resize(channels);
        }
        cut(of.head_weights, of.channels, head, channels, 1);
        if (!of.head_bias.empty()) of.head_bias.resize(head);
        of.inputs = inputs;
        of.channels = channels;
        of.head = head;
    }

    std::size_t inputs_ = 1;
    capture_value arrays_, weights_;
    wavenet_capture result_;
    std::vector<bool> has_head_bias_;
    std::vector<nam_widths> widths_;
};

}  // namespace ctnn::io::detail
