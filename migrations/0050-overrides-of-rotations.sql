-- An override may take the place of some rotations' people alone; null: of the whole schedule's.
alter table schedule_overrides add column rotation_ids text[];
