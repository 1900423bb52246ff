// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Activations written with Eigen.

#include <ctnn.hpp>

#include <Eigen/Core>

/// y = activation(x), where x is an expression; columns are samples.
template <class Matrix, class Expression>
void assign(ctnn::identity, Matrix& y, const Expression& x) {
    y = x;
}
template <class Matrix, class Expression>
void assign(ctnn::relu, Matrix& y, const Expression& x) {
    y = x.cwiseMax(typename Matrix::Scalar{0});
}
template <class Matrix, class Expression>
void assign(ctnn::sigmoid, Matrix& y, const Expression& x) {
    y = x.array().logistic().matrix();
}
template <class Matrix, class Expression>
void assign(ctnn::tanh, Matrix& y, const Expression& x) {
    y = x.array().tanh().matrix();
}
template <class Matrix, class Expression>
void assign(ctnn::softmax, Matrix& y, const Expression& x) {
    for (Eigen::Index i = 0; i < y.cols(); ++i) {
        auto column = y.col(i);
        column = (x.col(i).array() - x.col(i).maxCoeff()).exp().matrix();
        column *= 1 / column.sum();
    }
}
