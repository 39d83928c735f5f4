"""The one thing that pyproject.toml cannot say: translations are compiled before the package is built."""

import sys
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT / "tools"))

from compile_translations import compile_translations  # noqa: E402  (found through the line above)


class BuildWithTranslations(build_py):
    """Compiles the `.po` files, then builds as usual."""

    def run(self) -> None:
        """The build step."""
        compile_translations(ROOT / "khaneh")
        super().run()


setup(cmdclass={"build_py": BuildWithTranslations})
