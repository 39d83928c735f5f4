"""What pyproject.toml cannot say: translations are compiled before the package is built, and the demonstration goes with it."""

import shutil
import sys
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).resolve().parent
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]

from compile_translations import compile_translations  # noqa: E402  (found through the line above)


class BuildEverything(build_py):
    """Compiles the `.po` files, builds as usual, and puts the demonstration's tables and catalogues beside the code."""

    def run(self) -> None:
        """The build step. A checkout (an editable installation) has its demonstration in `demo/` already."""
        compile_translations(ROOT / "khaneh")
        super().run()
        if not self.editable_mode:
            self._add_demonstration(Path(self.build_lib) / "khaneh/demonstration")

    def _add_demonstration(self, folder: Path) -> None:
        from demo import build

        (folder / "network").mkdir(parents=True, exist_ok=True)
        for path in [*(ROOT / "demo/network").glob("*.csv"), *(ROOT / "demo/network").glob("*.geojson")]:
            shutil.copy(path, folder / "network")
        shutil.copy(ROOT / "demo/accounts.csv", folder)
        # `works` become the catalogues below; of the network, what made its boundaries stays behind.
        for path in sorted((ROOT / "demo").iterdir()):
            if path.is_dir() and path.name not in ("network", "works", "__pycache__"):
                shutil.copytree(path, folder / path.name, dirs_exist_ok=True)
        build.write(folder / "catalogues")


setup(cmdclass={"build_py": BuildEverything})
