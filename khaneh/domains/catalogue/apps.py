"""The catalogue domain's Django app."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    """Registers the domain's tables, and records and works as kinds that can be found."""

    name = "khaneh.domains.catalogue"
    label = "catalogue"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell discovery where the documents of records and works come from, and hear of houses that move."""
        from khaneh.domains.catalogue.queries import documents
        from khaneh.domains.catalogue.services import moved_houses
        from khaneh.domains.discovery import registry
        from khaneh.domains.discovery.types import Kind
        from khaneh.infrastructure import journal
        from khaneh.kernel.labels import Label

        registry.register(
            Kind(
                "record",
                Label(en="Books and other items", fa="کتاب‌ها و منابع دیگر", vi="Sách và tài liệu khác"),
                documents.record_documents,
                documents.record_keys,
                documents.works_around,
            )
        )
        registry.register(
            Kind("work", Label(en="Works", fa="آثار", vi="Tác phẩm"), documents.work_documents, documents.work_keys)
        )
        journal.follow("network.", moved_houses.follow)
