// SPDX-License-Identifier: BSL-1.0
#include "graph/einsum.hpp"

#include "graph/operator_call.hpp"

#include <ctnn/io/error.hpp>

#include <algorithm>
#include <cctype>

namespace ctnn_import {

einsum einsum_of(const node& of, const std::vector<extents>& operands) {
    std::string equation = of.get<std::string>("equation", "");
    std::erase(equation, ' ');
    const std::string shown = "its equation " + ctnn::io::detail::in_quotes(equation) + " ";
    const std::size_t arrow = equation.find("->");
    einsum found;
    found.operands.emplace_back();
    for (const char letter : equation.substr(0, arrow)) {
        if (letter == ',')
            found.operands.emplace_back();
        else if (std::isalpha(static_cast<unsigned char>(letter)) != 0)
            found.operands.back() += letter;
        else
            of.refuse(shown + (letter == '.' ? "has an ellipsis" : "is not one of letters and commas"));
    }
    if (found.operands.size() != operands.size()) of.refuse(shown + "has another number of operands than the node");
    std::map<char, int> times;
    for (std::size_t i = 0; i < operands.size(); ++i) {
        if (found.operands[i].size() != operands[i].size())
            of.refuse(shown + "does not fit an operand of " + text_of(operands[i]));
        for (std::size_t axis = 0; axis < operands[i].size(); ++axis) {
            const char letter = found.operands[i][axis];
            ++times[letter];
            const auto [known, is_new] = found.extent_of.emplace(letter, operands[i][axis]);
            if (!is_new && known->second != operands[i][axis])
                of.refuse(shown + "gives axes of different extents the same letter");
        }
    }
    if (arrow != equation.npos) {
        found.result = equation.substr(arrow + 2);
    } else {
        for (const auto& [letter, count] : times)
            if (count == 1) found.result += letter;
    }
    for (std::size_t i = 0; i < found.result.size(); ++i)
        if (!found.extent_of.contains(found.result[i]) ||
            found.result.find(found.result[i], i + 1) != std::string::npos)
            of.refuse(shown + "has a result with a letter of no operand, or twice the same");
    return found;
}

}  // namespace ctnn_import
