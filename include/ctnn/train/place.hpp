// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Where a training has its memory.

#include <ctnn/config.hpp>
#include <ctnn/tensor.hpp>

#include <utility>

namespace CTNN_NAMESPACE::detail {

/// An object that is too large for the stack where data is: allocated, unless the `Source` of the data is a tensor, of
/// which the size is known and small enough to be where it is.
template <class Source, class Object>
class place_for {
  public:
    template <class... Arguments>
    constexpr explicit place_for(Arguments&&... arguments)
        : object_{new Object{std::forward<Arguments>(arguments)...}} {}
    place_for(const place_for&) = delete;
    place_for& operator=(const place_for&) = delete;
    constexpr ~place_for() { delete object_; }

    constexpr Object& operator*() { return *object_; }

  private:
    Object* object_;
};

template <class T, class Shape, class Object>
class place_for<tensor<T, Shape>, Object> {
  public:
    template <class... Arguments>
    constexpr explicit place_for(Arguments&&... arguments) : object_{std::forward<Arguments>(arguments)...} {}

    constexpr Object& operator*() { return object_; }

  private:
    Object object_;
};

}  // namespace CTNN_NAMESPACE::detail
