# SPDX-License-Identifier: BSL-1.0
# Install rules. Everything except ctnn-import, if built, is architecture-independent text.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(config_dir ${CMAKE_INSTALL_DATADIR}/cmake/ctnn)

install(TARGETS ctnn EXPORT ctnnTargets FILE_SET HEADERS)
install(TARGETS ctnn_io_header_only EXPORT ctnnIoTargets FILE_SET HEADERS)
install(EXPORT ctnnTargets NAMESPACE ctnn:: DESTINATION ${config_dir})
install(EXPORT ctnnIoTargets NAMESPACE ctnn:: DESTINATION ${config_dir})

configure_package_config_file(
    ${CMAKE_CURRENT_LIST_DIR}/ctnnConfig.cmake.in ${PROJECT_BINARY_DIR}/package/ctnnConfig.cmake
    INSTALL_DESTINATION ${config_dir}
    NO_SET_AND_CHECK_MACRO
)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/package/ctnnConfigVersion.cmake
    COMPATIBILITY SameMinorVersion
    ARCH_INDEPENDENT
)
install(
    FILES
        ${PROJECT_BINARY_DIR}/package/ctnnConfig.cmake
        ${PROJECT_BINARY_DIR}/package/ctnnConfigVersion.cmake
        ${CMAKE_CURRENT_LIST_DIR}/ctnn_constexpr_limits.cmake
        ${CMAKE_CURRENT_LIST_DIR}/ctnn_import.cmake
        ${CMAKE_CURRENT_LIST_DIR}/ctnn_io.cmake
    DESTINATION ${config_dir}
)

# The .pc file locates the headers relative to itself, so the installation is relocatable.
set(pc_dir ${CMAKE_INSTALL_DATADIR}/pkgconfig)
file(RELATIVE_PATH pc_to_prefix /prefix/${pc_dir} /prefix)
configure_file(${CMAKE_CURRENT_LIST_DIR}/ctnn.pc.in ${PROJECT_BINARY_DIR}/package/ctnn.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/package/ctnn.pc DESTINATION ${pc_dir})
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DATADIR}/licenses/ctnn)
