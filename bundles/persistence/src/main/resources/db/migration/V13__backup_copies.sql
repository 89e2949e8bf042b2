-- SPDX-License-Identifier: Apache-2.0
-- Second files of chunks, on backup volumes: at most one of each, never without the chunk's own row, so that footage counts
-- once. The start is the chunk's, so that the oldest on a volume are found by one index.
create table chunk_copy (
  id varchar(36) primary key references chunk (id),
  volume_id varchar(36) not null,
  start_us bigint not null,
  size_bytes bigint not null
);
create index chunk_copy_volume_start on chunk_copy (volume_id, start_us);

-- On which backup volumes a camera's footage is copied, by preference.
alter table camera add column recording_backup varchar(700) default '' not null;
