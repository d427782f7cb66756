# SPDX-License-Identifier: Apache-2.0
"""What pyproject.toml cannot say: the wheel carries a library of this platform, and serves any Python 3."""

from setuptools import Distribution, setup
from wheel.bdist_wheel import bdist_wheel


class OfThisPlatform(Distribution):
    def has_ext_modules(self):
        return True


class AnyPython(bdist_wheel):
    def get_tag(self):
        return "py3", "none", super().get_tag()[2]


setup(distclass=OfThisPlatform, cmdclass={"bdist_wheel": AnyPython})
