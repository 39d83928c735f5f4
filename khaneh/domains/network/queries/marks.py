"""What tells whether a house, or anything that says when it is open, has changed since it was read: by this process or another.

A row that was changed is another version of it, which lies elsewhere. The mark is of the house's row with its state, of its region's (another
parent is another path in it), of the house's week, and of the days that differ for it, the regions that it is in and its country.
"""

from __future__ import annotations

from khaneh.infrastructure import db

# Of a house called network_house in the statement around it.
MARK = """md5(concat_ws('|', network_house.xmin::text || network_house.ctid::text,
  (SELECT r.xmin::text || r.ctid::text FROM network_region r WHERE r.id = network_house.region_id),
  (SELECT 'hours' || string_agg(o.xmin::text || o.ctid::text, ',' ORDER BY o.id) FROM network_openinghours o
   WHERE o.house_id = network_house.id),
  (SELECT 'house' || string_agg(d.xmin::text || d.ctid::text, ',' ORDER BY d.id) FROM network_holiday d
   WHERE d.house_id = network_house.id),
  (SELECT 'region' || string_agg(d.xmin::text || d.ctid::text, ',' ORDER BY d.id) FROM network_region r
   JOIN network_holiday d ON d.region_id = ANY (r.path) WHERE r.id = network_house.region_id),
  (SELECT 'country' || string_agg(d.xmin::text || d.ctid::text, ',' ORDER BY d.id) FROM network_region r
   JOIN network_holiday d ON d.house_id IS NULL AND d.region_id IS NULL AND d.country = r.country
   WHERE r.id = network_house.region_id)))"""
_OF_HOUSE = f"SELECT {MARK} FROM network_house WHERE id = %(house)s::bigint"  # noqa: S608


def house_mark(house_id: int) -> db.Read:
    """That of a house at this moment, empty where there is none, as a part of `db.read`: another than `HouseFacts.mark` says that the facts
    are to be read again."""
    return db.Read(_OF_HOUSE, {"house": house_id}, 1, lambda row: str(row[0]) if row else "")
