-- SPDX-License-Identifier: Apache-2.0
-- When there is footage of a stream on a UTC day: what the timeline and coverage ask, without reading its
-- chunks. Kept in the transactions that add and remove chunks. spans: distances in microseconds, base 36,
-- alternately to the next beginning and to its end, from midnight on. Rows of before are rolled up by
-- nxvms:archive-rebuild.
create table footage_day (
  camera_id varchar(36) not null,
  stream varchar(20) not null,
  day_number bigint not null,
  first_us bigint not null,
  last_us bigint not null,
  spans varchar(1000000) not null,
  primary key (camera_id, stream, day_number)
);

-- The binary logarithm of a gap's length in seconds, 62 while it lasts: what is shorter than a pixel of the
-- timeline need not be read to be left out.
alter table gap add column magnitude integer default 0 not null;
update gap set magnitude = case when to_us is null then 62
  when to_us - from_us < 2000000 then 0
  else cast(floor(ln((to_us - from_us) / 1000000) / ln(2)) as integer) end;
create index gap_stream_magnitude on gap (camera_id, stream, magnitude);
