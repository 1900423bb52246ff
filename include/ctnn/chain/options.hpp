// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Options of a spec, in any order: the one of a kind, and whether all are of kinds that the spec has.

#include <ctnn/config.hpp>

#include <cstddef>
#include <type_traits>

namespace CTNN_NAMESPACE::detail {

/// The kind that an option declares as `option_kind`; an activation is one implicitly.
template <class Option>
struct option_kind_of {
    using type = void;
};
template <class Option>
requires requires {
    typename Option::option_kind;
}
struct option_kind_of<Option> {
    using type = typename Option::option_kind;
};
template <class Option>
requires requires {
    Option::derivative_needs_input;
}
struct option_kind_of<Option> {
    using type = struct activation_option;
};

/// The first option of a kind, or the default.
template <class Kind, class Default, class... Options>
struct chosen_option {
    using type = Default;
};
template <class Kind, class Default, class Option, class... Rest>
struct chosen_option<Kind, Default, Option, Rest...>
    : std::conditional_t<std::is_same_v<typename option_kind_of<Option>::type, Kind>, chosen_option<Kind, Option>,
                         chosen_option<Kind, Default, Rest...>> {};

/// Whether all options are of the allowed kinds, each at most once.
template <class... Kinds>
struct allowed_options {
    template <class... Options>
    static constexpr bool are = [] {
        const auto count = []<class Kind>(std::type_identity<Kind>) {
            return (std::size_t{0} + ... + (std::is_same_v<typename option_kind_of<Options>::type, Kind> ? 1 : 0));
        };
        return (... && (count(std::type_identity<Kinds>{}) <= 1)) &&
               (std::size_t{0} + ... + count(std::type_identity<Kinds>{})) == sizeof...(Options);
    }();
};

}  // namespace CTNN_NAMESPACE::detail
