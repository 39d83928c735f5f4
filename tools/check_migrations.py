"""The models and the migrations say the same: `python tools/check_migrations.py`. Needs no database. Leaves with 1 and the difference."""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """1 when a model has changed without a migration."""
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "khaneh.config.settings")
    import django

    django.setup()
    from django.apps import apps
    from django.db.migrations.autodetector import MigrationAutodetector
    from django.db.migrations.loader import MigrationLoader
    from django.db.migrations.questioner import NonInteractiveMigrationQuestioner
    from django.db.migrations.state import ProjectState

    loader = MigrationLoader(None)
    conflicts = loader.detect_conflicts()
    for label, names in conflicts.items():
        print(f"{label}: two last migrations: {', '.join(sorted(names))}")
    ours = {config.label for config in apps.get_app_configs() if config.name.startswith("khaneh.")}
    detector = MigrationAutodetector(
        loader.project_state(), ProjectState.from_apps(apps), NonInteractiveMigrationQuestioner(specified_apps=ours)
    )
    changes = detector.changes(graph=loader.graph, trim_to_apps=ours, convert_apps=ours)
    for label, migrations in changes.items():
        for migration in migrations:
            for operation in migration.operations:
                print(f"{label}: no migration for: {operation.describe()}")
    if not conflicts and not changes:
        print(f"migrations: {len(ours)} apps, nothing to add")
    return 1 if conflicts or changes else 0


if __name__ == "__main__":
    sys.exit(main())
