// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Saves a training with the state of its optimiser, and resumes it to the bit.

#include <ctnn/config.hpp>
#include <ctnn/io/safetensors.hpp>
#include <ctnn/io/shape_text.hpp>
#include <ctnn/io/type_name.hpp>
#include <ctnn/random.hpp>

#include <cstddef>
#include <filesystem>
#include <string>
#include <type_traits>

namespace ctnn::io {

namespace detail {

/// Adds what a trainer visits to the tensors of a file.
struct checkpoint_tensors {
    std::string optimizer;
    safetensors_tensors& to;

    template <class Net>
    void operator()(Net& net) const {
        add_network(to, "", net);
    }
    template <class Net>
    void moment(std::size_t index, Net& net) const {
        add_network(to, joined(optimizer, ".moment_", index, "."), net);
    }
    template <class Number>
    void number(const char* name, Number& value) const {
        to.add(joined(optimizer, ".", name), &value, {});
    }
    template <class Engine>
    void engine(std::size_t shard, Engine& engine) const {
        to.add(joined("random.", shard), &engine.state, {});
    }
};

template <class Trainer>
safetensors_tensors checkpoint_of(Trainer& training) {
    safetensors_tensors result;
    using type = std::remove_const_t<Trainer>;
    type::visit_state(training, checkpoint_tensors{type_name<typename type::optimizer_type>(), result});
    return result;
}

}  // namespace detail

/// Writes all that the steps of a trainer change, as a safetensors file: the parameters by their names (`0.weights`), the
/// optimiser's buffers (`ctnn::adam.moment_0.0.weights`) and numbers (`ctnn::adam.beta1_power`), and the states of random number
/// generators (`random.0`, one for each shard). An existing file is replaced completely or not at all.
///
/// *Errors*: `io::error` when the file cannot be written.
/// *Example*: `ctnn::io::save_checkpoint(training, "training.safetensors");`
template <class Trainer>
requires requires {
    typename Trainer::optimizer_type;
}
void save_checkpoint(const Trainer& training, const std::filesystem::path& path) {
    detail::checkpoint_of(training).save(path);
}

/// Continues a training from a file of `save_checkpoint`: the steps of this trainer then have the bits that those of the other
/// would have had.
///
/// The network, the kind of the optimiser and the number of shards are those of the file. The optimiser's settings, the loss and the
/// size of the batch are not in it: they are this trainer's. The order of the samples is the caller's.
/// *Errors*: those of `load_safetensors`, such as for a tensor that is missing or of another shape. The trainer is then unchanged.
/// *Example*: `trainer<net, cross_entropy, adam, 32> training{net{}}; ctnn::io::load_checkpoint(training, "training.safetensors");`
template <class Trainer>
requires requires {
    typename Trainer::optimizer_type;
}
void load_checkpoint(Trainer& training, const std::filesystem::path& path) {
    detail::checkpoint_of(training).load(path, {});
}

}  // namespace ctnn::io
