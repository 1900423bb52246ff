# SPDX-License-Identifier: BSL-1.0
# Boost's headers are the workstation's, in /usr/include beside those of its C library, which a compiler for another
# processor must not see. So it is given a folder with nothing but boost/.
find_path(WORKSTATION_BOOST boost/hana.hpp PATHS /usr/include /usr/local/include NO_CMAKE_FIND_ROOT_PATH REQUIRED)
file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/only_boost)
file(CREATE_LINK ${WORKSTATION_BOOST}/boost ${CMAKE_BINARY_DIR}/only_boost/boost SYMBOLIC)
set(Boost_NO_BOOST_CMAKE ON)
set(Boost_INCLUDE_DIR ${CMAKE_BINARY_DIR}/only_boost CACHE PATH "The folder that has boost/")
