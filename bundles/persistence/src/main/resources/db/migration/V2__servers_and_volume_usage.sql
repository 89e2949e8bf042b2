-- SPDX-License-Identifier: Apache-2.0
-- Gaps know the server that explains them: several servers may share a database.
alter table gap add column server_id varchar(36) default '' not null;
update gap set server_id = coalesce((select min(server_id) from server), '');
drop index gap_to;
create index gap_server_to on gap (server_id, to_us);

-- What lies on a volume, kept in the transactions that add and remove its chunks: adding up millions of
-- rows each time retention asks would take seconds.
create table volume_usage (
  volume_id varchar(36) primary key,
  size_bytes bigint not null,
  chunks bigint not null
);
insert into volume_usage (volume_id, size_bytes, chunks)
  select volume_id, cast(sum(size_bytes) as bigint), count(*) from chunk group by volume_id;
drop index chunk_volume_size;
