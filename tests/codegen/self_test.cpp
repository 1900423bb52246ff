// SPDX-License-Identifier: BSL-1.0
// STRAIGHT-LINE: adds
// NO-CALL: loops
// FAILS: loops
// FAILS: calls
// FAILS: leaves

extern "C" void elsewhere(int);

extern "C" int adds(int a, int b) {
    return a + b;
}

extern "C" float loops(const float* values, long count) {
    float product = 1;
    for (long i = 0; i < count; ++i) product *= values[i];
    return product;
}

extern "C" int calls(int a) {
    elsewhere(a);
    return a;
}

extern "C" void leaves(int a) {
    elsewhere(a + 1);
}
