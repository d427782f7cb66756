# SPDX-License-Identifier: Apache-2.0
# Builds for another processor with Debian's compiler for it; what was built runs under qemu. SPECTRA_TARGET names the
# processor ("aarch64-linux-gnu"), the environment's SPECTRA_SYSROOT the folder with its libraries
# (tests/portability/sysroot.sh).
set(CMAKE_TRY_COMPILE_PLATFORM_VARIABLES SPECTRA_TARGET)
string(REGEX MATCH "^[^-]+" CMAKE_SYSTEM_PROCESSOR ${SPECTRA_TARGET})
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_C_COMPILER ${SPECTRA_TARGET}-gcc)
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-${CMAKE_SYSTEM_PROCESSOR} -L /usr/${SPECTRA_TARGET})

set(sysroot $ENV{SPECTRA_SYSROOT})
set(ENV{PKG_CONFIG_LIBDIR} ${sysroot}/usr/lib/${SPECTRA_TARGET}/pkgconfig)
set(ENV{PKG_CONFIG_SYSROOT_DIR} ${sysroot})
set(CMAKE_FIND_ROOT_PATH ${sysroot})
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
