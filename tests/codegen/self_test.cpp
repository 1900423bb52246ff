// SPDX-License-Identifier: BSL-1.0
// STRAIGHT-LINE: adds
// NO-CALL: loops
// NO-LOOP: adds
// NO-LOOP: chooses
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

extern "C" void chooses(float* values, int which) {
    if (which != 0) values[which] = 1 / values[1];
    values[0] = values[0] * 3;
}

extern "C" int calls(int a) {
    elsewhere(a);
    return a;
}

extern "C" void leaves(int a) {
    elsewhere(a + 1);
}
