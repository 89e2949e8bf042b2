-- SPDX-License-Identifier: Apache-2.0
-- Footage that is taken away in packages. The packages lie on the disk of the server that made them. Nothing refers to
-- users: a package outlives who ordered it until it expires.
create table export_job (
  id varchar(36) primary key,
  server_id varchar(36) not null,
  owner_id varchar(36) not null,
  owner_name varchar(100) not null,
  created_ms bigint not null,
  camera_ids varchar(4000) not null,
  heard_ids varchar(4000) not null,
  stream varchar(20) not null,
  from_us bigint not null,
  to_us bigint not null,
  form varchar(20) not null,
  reason varchar(500) not null,
  state varchar(20) not null,
  detail varchar(1000) not null,
  size_bytes bigint not null,
  finished_ms bigint,
  expires_ms bigint
);
create index export_job_server on export_job (server_id, created_ms);
