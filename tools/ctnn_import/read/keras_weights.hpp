// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Where Keras keeps the weights of a layer, in an archive and in an `.h5` file.

#include "read/hdf5.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace ctnn_import {

/// A layer, or a part of one, in the file of the weights.
struct keras_place {
    std::string path;                 ///< of its group
    std::vector<std::string> within;  ///< parts of the names in the group, of layers in a layer; only in `.h5` files
};

/// The weights of a model by layer. Archives number them in the order of their making, in groups named after classes;
/// `.h5` files name them, in groups named after layers.
class keras_weights {
  public:
    keras_weights(hdf5_content content, bool numbered);

    /// The place of the layers of the whole model.
    keras_place root() const { return {numbered_ ? "" : "model_weights", {}}; }
    /// A part: in archives the group `group`, in `.h5` files what has `name` in its name,
    /// unless that is empty.
    keras_place part(const keras_place& of, const std::string& group, const std::string& name) const;
    /// The places of a model's layers, given their classes and names.
    std::vector<keras_place> layers(const keras_place& of,
                                    const std::vector<std::pair<std::string, std::string>>& classes_and_names,
                                    bool is_outermost) const;
    /// The weights of these names, which have to be all that there are, in the order of their making.
    std::vector<const array*> take(const keras_place& of, const std::vector<std::string>& names);
    /// Whether the file has a weight of this name; never in archives, where weights have numbers.
    bool has(const keras_place& of, const std::string& name) const;
    /// Refuses weights that nothing has taken.
    void finish() const;

  private:
    std::vector<std::string> all_of(const keras_place& of) const;
    void check_name(const keras_place& of, const std::string& layer) const;

    hdf5_content content_;
    bool numbered_;
    std::string layers_ = "layers";  ///< the name of the group of layers
    std::set<std::string> taken_;
};

}  // namespace ctnn_import
