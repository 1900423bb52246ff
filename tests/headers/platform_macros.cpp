// SPDX-License-Identifier: BSL-1.0
// Macros of platform headers before the library: it compiles, and computes the same as without them.

// The standard library's own headers do not tolerate these macros, and Boost.Hana's need not.
#include <array>
#include <boost/hana/accessors.hpp>
#include <boost/hana/at.hpp>
#include <boost/hana/concept/struct.hpp>
#include <boost/hana/core/to.hpp>
#include <boost/hana/define_struct.hpp>
#include <boost/hana/integral_constant.hpp>
#include <boost/hana/pair.hpp>
#include <boost/hana/string.hpp>
#include <boost/hana/tuple.hpp>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <memory>
#include <numeric>
#include <random>
#include <ratio>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

// NOLINTBEGIN: these are as platforms define them.
// Arduino.h, binary.h and pgmspace.h.
#define abs(x) ((x) > 0 ? (x) : -(x))
#define min(a, b) ((a) < (b) ? (a) : (b))
#define max(a, b) ((a) > (b) ? (a) : (b))
#define round(x) ((x) >= 0 ? (long)((x) + 0.5) : (long)((x)-0.5))
#define constrain(x, low, high) ((x) < (low) ? (low) : ((x) > (high) ? (high) : (x)))
#define radians(degrees) ((degrees)*0.017453292519943295)
#define degrees(radians) ((radians)*57.29577951308232)
#define sq(x) ((x) * (x))
#define bit(b) (1UL << (b))
#define bitRead(value, bit) (((value) >> (bit)) & 1)
#define bitSet(value, bit) ((value) |= (1UL << (bit)))
#define lowByte(w) ((unsigned char)((w)&0xff))
#define highByte(w) ((unsigned char)((w) >> 8))
#define word(...) makeWord(__VA_ARGS__)
#define F(text) (text)
#define interrupts() sei()
#define noInterrupts() cli()
#define PI 3.1415926535897932384626433832795
#define HALF_PI 1.5707963267948966
#define TWO_PI 6.283185307179586
#define EULER 2.718281828459045
#define HIGH 0x1
#define LOW 0x0
#define INPUT 0x0
#define OUTPUT 0x1
#define CHANGE 1
#define RISING 3
#define DEFAULT 1
#define EXTERNAL 0
#define INTERNAL 3
#define SERIAL 0x0
#define DISPLAY 0x1
#define B0 0
#define B1 1
#define B01 1
#define B00000001 1
// <windows.h> and what it includes, without NOMINMAX.
#define near
#define far
#define small char
#define hyper __int64
#define interface struct
#define IN
#define OUT
#define OPTIONAL
#define CONST const
#define VOID void
#define TRUE 1
#define FALSE 0
#define ERROR 0
#define DELETE 0x00010000L
#define STRICT 1
#define ABSOLUTE 1
#define RELATIVE 2
#define TRANSPARENT 1
#define OPAQUE 2
#define DIFFERENCE 11
#define INFINITE 0xFFFFFFFF
#define GetObject GetObjectW
#define Yield()
// <complex.h>, <math.h>, <ctype.h> of newlib, <sys/sysmacros.h>, <termios.h> and compilers in GNU mode.
#define I _Complex_I
#define complex _Complex
#define DOMAIN 1
#define SING 2
#define OVERFLOW 3
#define UNDERFLOW 4
#define HUGE 3.40282347e+38F
#define _U 01
#define _L 02
#define _N 04
#define _S 010
#define _P 020
#define _C 040
#define _X 0100
#define _B 0200
#define major(dev) gnu_dev_major(dev)
#define minor(dev) gnu_dev_minor(dev)
#define B50 0000001
#define B9600 0000015
#define ECHO 0000010
#define TAB1 0004000
#define unix 1
#define linux 1
// <X11/X.h> and Qt.
#define None 0L
#define Bool int
#define Status int
#define Always 2
#define Success 0
#define Above 0
#define Below 1
#define Complex 0
#define Convex 2
#define Expose 12
#define emit
#define slots
#define signals public
#define foreach(variable, container) for (variable : container)
#define forever for (;;)
// NOLINTEND

#include <ctnn.hpp>
#include <ctnn/check/gradient.hpp>

#undef near

namespace {

using net = ctnn::network<double, ctnn::input<2>, ctnn::dense<2, ctnn::gelu>, ctnn::layer_norm<>,
                          ctnn::dense<1, ctnn::clip<std::ratio<-1>, std::ratio<1>>>>;

constexpr double loss() {
    ctnn::trainer<net, ctnn::mean_absolute_error, ctnn::adam> steps{ctnn::initialize<net>(ctnn::he_normal{}, 1)};
    double last = 0;
    for (int i = 0; i < 3; ++i)
        last = steps.step(ctnn::tensor<double, ctnn::shape<2>>{1, -2}, ctnn::tensor<double, ctnn::shape<1>>{0.5});
    return last;
}

static_assert(ctnn::near(ctnn::math::sigmoid(-1.0), 0.26894142136999512));
static_assert((ctnn::math::abs)(-2.5) == 2.5);
constexpr double wanted = 0.34637355033655981;  // without the macros
static_assert(ctnn::near(loss(), wanted));

}  // namespace

int main() {
    std::printf("%.17g\n", loss());
    return ctnn::near(loss(), wanted) ? 0 : 1;
}
