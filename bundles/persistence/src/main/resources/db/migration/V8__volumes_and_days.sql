-- SPDX-License-Identifier: Apache-2.0
-- On which volumes a camera's footage belongs, by preference, and for how many days it is kept rather than other footage
-- when room is needed.
alter table camera add column recording_volumes varchar(700) default '' not null;
alter table camera add column retention_days_min integer default 0 not null;

-- Until when a chunk is kept rather than others: its end and the days above. Chunks of before have no such privilege.
alter table chunk add column retention_days_min integer default 0 not null;
alter table chunk add column keep_until_us bigint default 0 not null;
