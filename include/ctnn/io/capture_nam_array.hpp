// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Reads an array of layers of a WaveNet in Neural Amp Modeler's files, except its weights.

#include <ctnn/io/capture_json.hpp>
#include <ctnn/io/capture_types.hpp>
#include <ctnn/io/error.hpp>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ctnn::io::detail {

/// Refuses a part of a WaveNet that `wavenet_capture` cannot hold.
inline void refuse_part(const capture_value& in, const char* name, const char* what) {
    if (const auto given = in.find(name)) given->fail(what, "a WaveNet without it");
}

/// The numbers of channels that an array can be slimmed to: a list, or all up to its own number. Neither: its own.
struct nam_widths {
    std::vector<std::size_t> list;
    bool any = false;
};

/// Reads what the file says about an array, except the weights.
class nam_array_reader {
    static constexpr std::string_view known_names[]{"input_size",
                                                    "condition_size",
                                                    "channels",
                                                    "bottleneck",
                                                    "dilations",
                                                    "kernel_size",
                                                    "kernel_sizes",
                                                    "activation",
                                                    "gated",
                                                    "gating_mode",
                                                    "secondary_activation",
                                                    "head",
                                                    "head_size",
                                                    "head_bias",
                                                    "groups_input",
                                                    "groups_input_mixin",
                                                    "layer1x1",
                                                    "head1x1",
                                                    "conv_pre_film",
                                                    "conv_post_film",
                                                    "input_mixin_pre_film",
                                                    "input_mixin_post_film",
                                                    "activation_pre_film",
                                                    "activation_post_film",
                                                    "layer1x1_post_film",
                                                    "head1x1_post_film",
                                                    "slimmable"};

  public:
    nam_array_reader(capture_value of, std::size_t condition) : of_(std::move(of)), condition_(condition) {}

    wavenet_capture::array sizes() const {
        of_.require_names(known_names);
        wavenet_capture::array result;
        result.inputs = of_["input_size"].count();
        result.condition = of_["condition_size"].count();
        if (result.condition != condition_)
            of_["condition_size"].fail(joined(condition_, ", the channels of the network's input"));
        result.channels = of_["channels"].count();
        refuse_parts(result.channels);
        if (const auto head = nested_head()) {
            result.head = (*head)["out_channels"].count();
            result.head_window = (*head)["kernel_size"].count();
            if (const auto dilation = head->find("head_dilation")) result.head_dilation = dilation->count();
        } else {
            result.head = of_["head_size"].count();
        }
        const capture_value dilations = of_["dilations"];
        dilations.require_some("at least one layer");
        for (std::size_t i = 0; i < dilations.size(); ++i) result.layers.push_back(sizes_of_layer(i, dilations));
        return result;
    }

    bool has_head_bias() const {
        const auto head = nested_head();
        return head ? (*head)["bias"].flag() : of_["head_bias"].flag();
    }

    nam_widths widths() const {
        const auto given = of_.find("slimmable");
        if (!given) return {};
        given->require_names({"method", "kwargs"});
        const capture_value method = (*given)["method"];
        if (method.text() != "slice_channels_uniform") method.fail("\"slice_channels_uniform\"");
        const auto options = given->find("kwargs");
        if (options) options->require_names({"allowed_channels"});
        const auto list = options ? options->find("allowed_channels") : std::nullopt;
        if (!list) return {{}, true};
        nam_widths result;
        for (std::size_t i = 0; i < list->size(); ++i) result.list.push_back(list->element(i).count());
        const auto falls = std::adjacent_find(result.list.begin(), result.list.end(), std::greater_equal<>());
        if (result.list.empty() || falls != result.list.end() || result.list.back() != of_["channels"].count())
            list->fail(joined("growing numbers up to \"channels\", ", of_["channels"].description()));
        return result;
    }

  private:
    std::optional<capture_value> nested_head() const {
        auto head = of_.find("head");
        if (!head) return head;
        head->require_names({"out_channels", "kernel_size", "bias", "head_dilation"});
        if (of_.has("head_size")) of_.fail("both \"head\" and \"head_size\"", "one of them");
        return head;
    }

    /// Refuses what `wavenet_capture` cannot hold.
    void refuse_parts(std::size_t channels) const {
        const auto require = [&](const std::optional<capture_value>& given, std::size_t wanted, const char* why) {
            if (given && given->count() != wanted) given->fail(joined(wanted, ", a WaveNet without ", why));
        };
        require(of_.find("bottleneck"), channels, "a bottleneck");
        require(of_.find("groups_input"), 1, "groups");
        require(of_.find("groups_input_mixin"), 1, "groups");
        if (const auto layer1x1 = of_.find("layer1x1")) {
            layer1x1->require_names({"active", "groups"});
            if (!(*layer1x1)["active"].flag()) (*layer1x1)["active"].fail("true: layers end with this convolution");
            require(layer1x1->find("groups"), 1, "groups");
        }
        refuse_active("head1x1", "a convolution between layers and head", {"active", "out_channels", "groups"});
        for (const char* film :
             {"conv_pre_film", "conv_post_film", "input_mixin_pre_film", "input_mixin_post_film", "activation_pre_film",
              "activation_post_film", "layer1x1_post_film", "head1x1_post_film"})
            refuse_active(film, "a modulation by the condition (FiLM)", {"active", "shift", "groups"});
    }
    void refuse_active(const char* name, const char* what, std::initializer_list<std::string_view> known) const {
        const auto given = of_.find(name);
        if (!given || (given->raw().is_boolean() && !given->flag())) return;
        given->require_names(known);
        const auto active = given->find("active");
        if (!active || active->flag()) given->fail(what, "a WaveNet without it");
    }

    wavenet_capture::layer sizes_of_layer(std::size_t index, const capture_value& dilations) const {
        const std::size_t count = dilations.size();
        wavenet_capture::layer result;
        result.dilation = dilations.element(index).count();
        if (of_.has("kernel_size") && of_.has("kernel_sizes"))
            of_.fail("both \"kernel_size\" and \"kernel_sizes\"", "one of them");
        result.window =
            of_.has("kernel_size") ? of_["kernel_size"].count() : of_["kernel_sizes"].of_layer(index, count).count();
        result.activation = activation(of_["activation"].of_layer(index, count));
        result.gated = gated(index, count);
        return result;
    }

    bool gated(std::size_t index, std::size_t count) const {
        const auto flag = of_.find("gated"), mode = of_.find("gating_mode"), gate = of_.find("secondary_activation");
        if (flag && mode) of_.fail("both \"gated\" and \"gating_mode\"", "one of them");
        if (!mode) return flag && flag->flag();
        const capture_value one = mode->of_layer(index, count);
        if (one.text() != "none" && one.text() != "gated") one.fail("\"none\" or \"gated\"");
        if (one.text() == "none") return false;
        if (gate) {
            const capture_value given = gate->of_layer(index, count);
            if (!given.raw().is_null() && activation(given).name != "sigmoid") given.fail("\"Sigmoid\"");
        }
        return true;
    }

    static capture_activation activation(const capture_value& given) {
        const capture_value type = given.is_text() ? given : given["type"];
        const std::string& name = type.text();
        const auto require_names = [&](std::initializer_list<std::string_view> names) {
            if (!given.is_text()) given.require_names(names);
        };
        if (name == "LeakyReLU" || name == "PReLU") {
            if (!given.is_text() && given.has("negative_slopes")) given.fail("a slope for each channel", "one slope");
            require_names({"type", "negative_slope"});
            const auto slope = given.is_text() ? std::nullopt : given.find("negative_slope");
            return {"leaky_relu", slope ? slope->number() : 0.01};
        }
        require_names({"type"});
        constexpr std::pair<std::string_view, const char*> known[]{
            {"Tanh", "tanh"}, {"Hardtanh", "clip"},        {"ReLU", "relu"},        {"Sigmoid", "sigmoid"},
            {"SiLU", "silu"}, {"Hardswish", "hard_swish"}, {"Softsign", "softsign"}};
        for (const auto& [theirs, ours] : known)
            if (name == theirs) return {ours, 0};
        type.fail("Tanh, Hardtanh, ReLU, LeakyReLU, PReLU, Sigmoid, SiLU, Hardswish or Softsign");
    }

    capture_value of_;
    std::size_t condition_;
};

}  // namespace ctnn::io::detail
