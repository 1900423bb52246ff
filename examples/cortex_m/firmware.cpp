// SPDX-License-Identifier: BSL-1.0
// What goes on a device: nothing but the start-up, a loop and the model.

#include "model.hpp"

std::uint8_t image[64];         // a camera's driver writes it
volatile std::uint8_t classed;  // and a display's reads this

int main() {
    for (;;) {
        __asm__ volatile("" : : "r"(image) : "memory");
        classed = static_cast<std::uint8_t>(classify(image));
    }
}
