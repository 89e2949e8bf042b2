-- SPDX-License-Identifier: Apache-2.0
-- What happened. Written behind, in batches, by sequence: the number of an event's newest change on its server.
create table event (
  id varchar(36) primary key,
  server_id varchar(36) not null,
  sequence bigint not null,
  source_type varchar(40) not null,
  source_id varchar(100) not null,
  source_part varchar(100) not null,
  camera_id varchar(36),
  kind varchar(100) not null,
  severity integer not null,
  state boolean not null,
  start_us bigint not null,
  end_us bigint,
  end_reason varchar(40),
  lasting integer not null,
  detail varchar(1000) not null,
  attributes varchar(10000) not null,
  correlation_id varchar(36)
);
-- Pages go from the newest to the oldest. H2 walks an index in its own direction only.
create index event_start on event (start_us desc, id desc);
create index event_camera on event (camera_id, start_us desc, id desc);
create index event_kind on event (kind, start_us desc, id desc);
-- A state that lasts, or lasted long, reaches far into a range: few, found apart.
create index event_lasting on event (lasting, start_us desc);
-- Who follows goes on behind the last change it saw; retention goes from the oldest.
create index event_sequence on event (server_id, sequence);
create index event_oldest on event (server_id, start_us);
