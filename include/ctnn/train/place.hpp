// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Where the memory of large objects is.

#include <ctnn/config.hpp>
#include <ctnn/tensor.hpp>

#include <cstddef>
#include <utility>

namespace CTNN_NAMESPACE::detail {

/// Objects larger than this are not put on the stack: `fit` allocates them at run time.
inline constexpr std::size_t largest_on_stack = 16384;

/// An object stored in place, or, if `Allocated`, on the heap.
template <class Object, bool Allocated>
class placed {
  public:
    template <class... Arguments>
    constexpr explicit placed(Arguments&&... arguments) : object_{std::forward<Arguments>(arguments)...} {}

    constexpr Object& operator*() { return object_; }

  private:
    Object object_;
};

template <class Object>
class placed<Object, true> {
  public:
    template <class... Arguments>
    constexpr explicit placed(Arguments&&... arguments) : object_{new Object{std::forward<Arguments>(arguments)...}} {}
    placed(const placed&) = delete;
    placed& operator=(const placed&) = delete;
    constexpr ~placed() { delete object_; }

    constexpr Object& operator*() { return *object_; }

  private:
    Object* object_;
};

/// `f(object)` for an object of these arguments, in place in constants, and allocated at run time if it is large.
template <class Object, class F, class... Arguments>
constexpr auto with_placed(F&& f, const Arguments&... arguments) {
    if constexpr (sizeof(Object) > largest_on_stack) {
        if (!__builtin_is_constant_evaluated()) {
            placed<Object, true> here{arguments...};
            return f(*here);
        }
    }
    Object here{arguments...};
    return f(here);
}

/// Whether data is a tensor, with a constant size.
template <class Source>
inline constexpr bool is_tensor = false;
template <class T, class Shape>
inline constexpr bool is_tensor<tensor<T, Shape>> = true;

/// Whether an object is allocated. In constants (`Constant`) objects for tensors are in place; those for views are
/// allocated, because views may have any size.
template <bool Constant, class Source, class Object>
inline constexpr bool is_allocated = Constant ? !is_tensor<Source> : (sizeof(Object) > largest_on_stack);

}  // namespace CTNN_NAMESPACE::detail
